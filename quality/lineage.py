"""Rules of lineage: what was accepted, by which attempt, from which answer, and that a track says the same.

Belongs here: checks over the log of attempts and the provenance of fields.
"""

from collections.abc import Mapping

from quality.check import TOUCHED, Check


def thresholds() -> tuple[Check, ...]:
    """What was accepted reached its threshold, and ended its resolution."""
    return (
        Check(
            "no_value_accepted_below_its_threshold",
            ("ops", "enrichment_transformations"),
            "Every accepted attempt that stands reached its threshold, recomputed from the log's own terms.",
            # what was accepted by mistake and corrected since stays on record, as history
            """
            select attempt_id, field, provider, confidence, threshold
            from ops.enrichment_transformations
            where {touched} and success
                and attempt_id in (select attempt_id from silver.field_provenance where {touched}) and (
                confidence is null or confidence < threshold
                or ten_thousandths(confidence) <> combined_confidence(
                    divide_half_even(
                        ten_thousandths(provider_confidence) * ten_thousandths(match_confidence), 10000),
                    coalesce(from_json(corroboration -> '$[*].sure', '["BIGINT"]'), [])))
            """,
        ),
        Check(
            "one_accepted_attempt_ends_a_resolution",
            ("ops", "enrichment_transformations"),
            "In each resolution at most one attempt is accepted; behind it only what was passed over for it.",
            """
            select resolution_id, count(*) filter (success) as accepted
            from ops.enrichment_transformations
            where {touched}
            group by resolution_id
            having count(*) filter (success) > 1
                or (count(*) filter (success) = 1 and max(priority) <>
                    max(priority) filter (success or outcome = 'passed_over'))
            """,
        ),
    )


def lineage(bronze: str) -> tuple[Check, ...]:
    """Everything points at what it came from; `bronze` is a table expression over all bronze rows."""
    return (
        Check(
            "every_gold_track_is_a_silver_track",
            ("gold", "track_analytics"),
            "No gold track without its silver track.",
            "select track_id from gold.track_analytics anti join silver.enriched_tracks using (track_id)",
        ),
        Check(
            "every_silver_track_is_in_gold",
            ("gold", "track_analytics"),
            "No silver track is lost on the way to gold.",
            """
            select track_id from silver.enriched_tracks anti join gold.track_analytics using (track_id)
            where validation_status in ('valid', 'warning')
            """,
        ),
        Check(
            "every_provenance_is_an_attempt",
            ("silver", "field_provenance"),
            "The winner of every field stands in the log, accepted, with the value it gave.",
            """
            select p.track_id, p.field, p.attempt_id
            from (from silver.field_provenance where {touched}) p
            left join (from ops.enrichment_transformations where {touched}) t using (attempt_id)
            where t.attempt_id is null or not t.success or t.output_value is distinct from p.value
            """,
        ),
        Check(
            "every_provenance_has_its_bronze_answer",
            ("silver", "field_provenance"),
            "What a value came from is an answer in bronze.",
            f"""
            select track_id, field, bronze_id from silver.field_provenance
            anti join (select bronze_id from {bronze}) using (bronze_id)
            where {TOUCHED}
            """,
        ),
        Check(
            "every_pin_is_the_value",
            ("silver", "field_provenance"),
            "Where a person pinned a field of a track in silver, the value is the person's.",
            """
            with pinned as (
                select m.track_id, p.field, arg_max(p.value, (p.occurred_at, p.event_id)) as value
                from silver.field_pins p
                join silver.track_members m using (record_id)
                semi join silver.enriched_tracks t on t.track_id = m.track_id
                where p.active and {touched} group by all
            )
            select track_id, field, p.value as pinned, v.value, v.provider
            from pinned p left join silver.field_provenance v using (track_id, field)
            where p.value is not null and (v.value is distinct from p.value or v.provider <> 'person')
            """,
        ),
        Check(
            "every_conflict_has_its_track_and_two_answers",
            ("silver", "field_conflicts"),
            "No disagreement about a track that is not in silver, and none of one voice.",
            """
            select c.track_id, c.field from silver.field_conflicts c
            left join silver.enriched_tracks t using (track_id)
            where (t.track_id is null or json_array_length(c.answers) < 2) and {touched}
            """,
        ),
        Check(
            "every_provenance_has_its_track",
            ("silver", "field_provenance"),
            "No provenance of a track that is not in silver.",
            """
            select track_id, field from silver.field_provenance
            anti join silver.enriched_tracks using (track_id)
            where {touched}
            """,
        ),
        Check(
            "every_silver_value_has_provenance",
            ("silver", "enriched_tracks"),
            "As many fields carry a confidence on the track as have a provenance.",
            """
            select t.track_id, len(json_keys(t.field_confidence)) as fields, p.fields as provenances
            from (from silver.enriched_tracks where {touched}) t
            left join (
                select track_id, count(*) as fields from silver.field_provenance where {touched} group by 1
            ) p using (track_id)
            where coalesce(len(json_keys(t.field_confidence)), 0) <> coalesce(p.fields, 0)
            """,
        ),
        Check(
            "every_record_has_its_bronze_answer",
            ("silver", "track_records"),
            "Every record, and with it every attempt, leads to an answer in bronze.",
            f"""
            select record_id, bronze_id from silver.track_records
            anti join (select bronze_id from {bronze}) using (bronze_id)
            where record_id in (select record_id from silver.track_members where {TOUCHED})
            """,
        ),
        Check(
            "every_attempt_has_its_record",
            ("ops", "enrichment_transformations"),
            "Every attempt that saw an answer names a record and a bronze answer that exist.",
            f"""
            select attempt_id, bronze_id from ops.enrichment_transformations
            anti join (select bronze_id from {bronze}) using (bronze_id)
            where input_value is not null and {TOUCHED}
            """,
        ),
        Check(
            "every_play_has_its_playlist_and_track",
            ("silver", "playlist_tracks"),
            "No row of a tracklist without its tracklist, and no track id that is not in silver.",
            """
            select p.playlist_id, p.position, p.track_id
            from silver.playlist_tracks p
            left join silver.enriched_playlists l using (playlist_id)
            left join silver.enriched_tracks t on p.track_id = t.track_id
            where l.playlist_id is null or (p.track_id is not null and t.track_id is null)
            """,
        ),
        Check(
            "gold_is_not_older_than_its_input",
            ("gold", "track_analytics"),
            "A gold track was analysed when or after the last answer it rests on was fetched.",
            """
            select g.track_id, g.last_analyzed, max(r.fetched_at) as fetched_at
            from gold.track_analytics g
            join silver.track_members m using (track_id)
            join silver.track_records r using (record_id)
            group by g.track_id, g.last_analyzed
            having g.last_analyzed < max(r.fetched_at)
            """,
            blocking=False,
        ),
    )


def values(stored: Mapping[str, Mapping[str, str]]) -> tuple[Check, ...]:
    """A track's columns against the provenance of its fields, all in one pass."""
    picked = ", ".join(f"any_value(value) filter (field = '{field}') as {field}_text" for field in stored)
    differing = ", ".join(
        f"case when t.{column} is distinct from ({expression.format(v=f'p.{field}_text')}) "
        # who and what a track is stand by its anchor where no provider is sure enough
        + (f"and p.{field}_text is not null " if field in ("artist", "title") else "")
        + f"then '{column}' end"
        for field, columns in stored.items()
        for column, expression in columns.items()
    )
    return (
        Check(
            "every_silver_value_is_its_one_provenance",
            ("silver", "enriched_tracks"),
            "Each field of a track has one provenance and its value, or neither a provenance nor a value.",
            f"""
            with provenances as (
                select track_id, count(*) - count(distinct field) as twice, {picked}
                from silver.field_provenance where {TOUCHED} group by track_id
            )
            select t.track_id, concat_ws(', ', {differing}) as differing, p.twice
            from (from silver.enriched_tracks where {TOUCHED}) t left join provenances p using (track_id)
            where differing <> '' or p.twice > 0
            """,
        ),
    )
