"""The checks: each a query that lists the rows breaking a rule. No rows, no breach.

A *blocking* check stands where wrong data would reach gold. The same checks run as Dagster asset checks and,
once more, as the audit before publishing: the list is one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from lake.tables import one
from quality.scores import score_sql

SAMPLE = 10
TOUCHED = "{touched}"
"""Stands in a check's SQL for a condition on ``track_id``: of the tracks looked at."""


@dataclass(frozen=True, slots=True)
class Check:
    """One rule.

    Attributes:
        name: snake_case name, a statement of what holds.
        asset: (layer, table) of the asset it guards.
        description: the rule in words.
        breaches: SQL that selects one row per breach, its columns telling where; with `TOUCHED` where it can
            keep to some tracks.
        blocking: whether a breach stops what lies downstream.
    """

    name: str
    asset: tuple[str, str]
    description: str
    breaches: str
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of one check: how many breaches, and some of them as (column -> text)."""

    check: Check
    breaches: int
    sample: list[dict[str, str]]

    @property
    def passed(self) -> bool:
        """Whether the rule holds."""
        return self.breaches == 0


def run(connection: duckdb.DuckDBPyConnection, check: Check, touched: str = "true") -> Outcome:
    """Run one check on a connection with the lake attached.

    Args:
        connection: prepared lake connection.
        check: the rule.
        touched: SQL condition on ``track_id``, where not all tracks are to be looked at.
    """
    query = check.breaches.replace(TOUCHED, touched)
    connection.execute(f"create or replace temp table breaches as {query}")
    (breaches,) = one(connection, "select count(*) from breaches")
    sample = connection.execute(f"from breaches limit {SAMPLE}")
    names = [column[0] for column in sample.description or ()]
    rows = [dict(zip(names, (str(value) for value in values), strict=True)) for values in sample.fetchall()]
    connection.execute("drop table breaches")
    return Outcome(check, int(breaches), rows)


def lake_checks(
    critical: Sequence[str], bronze: str, stored: Mapping[str, Mapping[str, str]]
) -> tuple[Check, ...]:
    """All checks over silver, ops and gold.

    Args:
        critical: fields of the quality score.
        bronze: table expression over all bronze rows.
        stored: field -> column of ``silver.enriched_tracks`` -> its SQL over the field's value ``{v}``.
    """
    return (
        *_thresholds(),
        *_lineage(bronze),
        *_values(stored),
        *_scores(critical),
        *_ranges(),
        *_artists(),
    )


def _thresholds() -> tuple[Check, ...]:
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
            "In each resolution at most one attempt is accepted, and it is the last.",
            """
            select resolution_id, count(*) filter (success) as accepted
            from ops.enrichment_transformations
            where {touched}
            group by resolution_id
            having count(*) filter (success) > 1
                or (count(*) filter (success) = 1
                    and max(priority) <> max(priority) filter (success))
            """,
        ),
    )


def _lineage(bronze: str) -> tuple[Check, ...]:
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


def _values(stored: Mapping[str, Mapping[str, str]]) -> tuple[Check, ...]:
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


def _scores(critical: Sequence[str]) -> tuple[Check, ...]:
    return (
        Check(
            "completeness_recomputes",
            ("silver", "enriched_tracks"),
            "The stored completeness is the share of its stored terms that hold.",
            """
            select track_id, completeness, completeness_terms from silver.enriched_tracks
            where {touched} and coalesce(completeness, 0) <> share(
                len(list_filter(json_keys(completeness_terms),
                    lambda name: (completeness_terms ->> name) = 'true')),
                len(json_keys(completeness_terms)))
            """,
        ),
        Check(
            "quality_score_recomputes",
            ("silver", "enriched_tracks"),
            "The stored quality score is what its provenance gives.",
            f"""
            with recomputed as (
                select track_id, {score_sql(critical)} as score from silver.field_provenance
                where {TOUCHED} group by track_id
            )
            select t.track_id, t.quality_score, r.score
            from (from silver.enriched_tracks where {TOUCHED}) t left join recomputed r using (track_id)
            where coalesce(t.quality_score, 0) <> coalesce(r.score, 0)
            """,
        ),
    )


def _ranges() -> tuple[Check, ...]:
    return (
        Check(
            "track_ids_are_unique",
            ("silver", "enriched_tracks"),
            "One row per track.",
            "select track_id, count(*) as rows from silver.enriched_tracks group by 1 having count(*) > 1",
        ),
        Check(
            "values_lie_in_their_ranges",
            ("silver", "enriched_tracks"),
            "BPM 40..260, key on the Camelot wheel, ISRC of twelve, duration 10 s..12 h, scores 0..1.",
            r"""
            select track_id, bpm, key_camelot, isrc, duration_ms, energy, quality_score, completeness
            from silver.enriched_tracks
            where {touched} and (bpm not between 40 and 260
                or not regexp_full_match(key_camelot, '(1[0-2]|[1-9])[AB]')
                or not regexp_full_match(isrc, '[A-Z]{2}[A-Z0-9]{3}\d{7}')
                or duration_ms not between 1 and 43200000
                or energy not between 0 and 1
                or quality_score not between 0 and 1
                or completeness not between 0 and 1)
            """,
        ),
        Check(
            "tempi_fit_their_genre",
            ("silver", "enriched_tracks"),
            "No tempo that its genre does not have, nor at half or double time (a warning).",
            """
            select track_id, bpm, genre from silver.enriched_tracks
            where {touched} and bpm_plausibility = 'implausible'
            """,
            blocking=False,
        ),
        Check(
            "positions_count_from_one",
            ("silver", "playlist_tracks"),
            "Positions of a tracklist are unique and start at one.",
            """
            select playlist_id, min(position) as first, max(position) as last, count(*) as rows
            from silver.playlist_tracks group by playlist_id
            having min(position) <> 1 or count(distinct position) <> count(*)
            """,
        ),
        Check(
            "cues_do_not_run_backwards",
            ("silver", "playlist_tracks"),
            "Cue times of a tracklist do not decrease (real lists sometimes do: a warning).",
            """
            select playlist_id, position, cue_time_ms
            from silver.playlist_tracks where cue_time_ms is not null
            qualify cue_time_ms < lag(cue_time_ms) over (partition by playlist_id order by position)
            """,
            blocking=False,
        ),
        Check(
            "one_track_per_record",
            ("silver", "track_members"),
            "A record belongs to one track.",
            "select record_id, count(*) as rows from silver.track_members group by 1 having count(*) > 1",
        ),
        Check(
            "only_tracks_are_ranked",
            ("gold", "top_tracks_by_genre"),
            "Nothing but plays of identified tracks ranks: no ID rows, jingles, notes or mashup elements.",
            """
            select g.track_id from gold.top_tracks_by_genre g
            anti join (
                select distinct track_id from silver.playlist_tracks where kind in ('track', 'mashup')
            ) p using (track_id)
            """,
        ),
    )


def _artists() -> tuple[Check, ...]:
    return (
        Check(
            "every_credit_has_its_artist",
            ("silver", "track_artists"),
            "Whoever is credited on a track or plays a set is an artist of silver.",
            """
            select track_id as credited_on, artist_id from silver.track_artists
            anti join silver.enriched_artists using (artist_id)
            union all
            select playlist_id, artist_id from silver.enriched_playlists
            anti join silver.enriched_artists using (artist_id)
            where artist_id is not null
            """,
        ),
        Check(
            "artists_are_unique_by_name_and_disambiguator",
            ("silver", "enriched_artists"),
            "No two artists have the same canonical name and disambiguator.",
            """
            select canonical_name, disambiguator, count(*) as rows from silver.enriched_artists
            group by all having count(*) > 1
            """,
        ),
        Check(
            "namesakes_are_kept_apart",
            ("silver", "artist_names"),
            "No artist has names with two disambiguators.",
            """
            select artist_id, list_sort(list(name_key)) as names from silver.artist_names
            where disambiguator <> ''
            group by artist_id having count(distinct disambiguator) > 1
            """,
        ),
        Check(
            "aliases_reached_the_threshold",
            ("silver", "artist_matches"),
            "Names joined only above the threshold, and never against a veto.",
            """
            select name_key_a, name_key_b, confidence, evidence from silver.artist_matches
            where accepted and (confidence < 0.9 or (evidence ->> 'veto') is not null)
            """,
        ),
    )
