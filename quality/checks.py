"""The checks of the lake: the rules about scores, ranges and artists, and the one list of all.

A *blocking* check stands where wrong data would reach gold. The same checks run as Dagster asset checks and,
once more, as the audit before publishing: the list is one.
"""

from collections.abc import Mapping, Sequence

from quality.check import TOUCHED, Check
from quality.lineage import lineage, thresholds, values
from quality.scores import score_sql


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
        *thresholds(),
        *lineage(bronze),
        *values(stored),
        *_scores(critical),
        *_ranges(),
        *_artists(),
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
            "places_on_a_chart_are_unique",
            ("silver", "chart_entries"),
            "No two entries of a chart's edition share a place, and places count from one.",
            """
            select chart_id, chart_date, position, count(*) as rows from silver.chart_entries
            group by all having count(*) > 1 or position < 1
            """,
        ),
        Check(
            "sets_are_of_a_known_kind",
            ("silver", "dj_sets"),
            "A set is live, radio, podcast or stream, or its source does not tell; counts are not negative.",
            """
            select set_id, set_key, set_type from silver.dj_sets
            where set_type not in ('live', 'radio', 'podcast', 'stream')
                or least(play_count, favorite_count, track_count, identified_count) < 0
                or identified_count > track_count
            """,
        ),
        Check(
            "festivals_end_after_they_begin",
            ("silver", "festivals"),
            "A festival's last day is not before its first, and both are in its year.",
            """
            select festival_id, name, edition, start_date, end_date from silver.festivals
            where end_date < start_date or year(start_date) <> edition or year(end_date) <> edition
            """,
        ),
        Check(
            "every_performance_is_of_a_set",
            ("silver", "performances"),
            "Performances belong to live sets, festivals of theirs exist, and so do the artists they name.",
            """
            select p.set_id, p.position, p.dj_name from silver.performances p
            left join silver.dj_sets s using (set_id)
            left join silver.festivals f on p.festival_id = f.festival_id
            left join silver.enriched_artists a on p.artist_id = a.artist_id
            where s.set_id is null or s.set_type <> 'live'
                or (p.festival_id is not null and f.festival_id is null)
                or (p.artist_id is not null and a.artist_id is null)
            """,
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
