"""``silver.enriched_playlists`` and ``silver.playlist_tracks``: tracklists with their rows tied to tracks."""

import duckdb

from enrichment import schema
from enrichment.artists import artist_id_of
from enrichment.engine import Day, staging_relations, union_of
from enrichment.matching.artists.names import dj_key_sql
from enrichment.records import RECORD_ID, TRACK_KINDS
from lake import tables

_PLAYLIST_COLUMNS = {
    "ingest_date": "date",
    "fetched_at": "timestamptz",
    **dict.fromkeys(("bronze_id", "provider", "stream", "source_url", "playlist_key", "title"), "varchar"),
    "dj_names": "varchar[]",
    "event_date": "date",
    **dict.fromkeys(("event_date_precision", "venue", "set_type"), "varchar"),
    "genres": "varchar[]",
    "duration_ms": "bigint",
}
_PLAY_COLUMNS = {
    "ingest_date": "date",
    "fetched_at": "timestamptz",
    "position": "integer",
    "with_previous": "boolean",
    "cue_ms": "bigint",
    **dict.fromkeys(
        (
            "bronze_id", "provider", "stream", "playlist_key", "kind", "cue_raw", "raw_text", "artist_raw",
            "title_raw", "mix_name_raw", "remixer_raw", "label_raw", "catalog_number", "source_entity_id",
        ),
        "varchar",
    ),
}  # fmt: skip
PLAYLIST_ID = "stable_uuid(concat_ws(chr(31), 'playlist', provider, playlist_key))"
"""SQL of a playlist's id."""


def build(connection: duckdb.DuckDBPyConnection, day: Day) -> tuple[tables.Changes, tables.Changes]:
    """Bring the day's tracklists into silver, and re-tie older rows whose track changed that day.

    A tracklist answered again replaces the former one as a whole; the later answer holds.

    Returns:
        Changes of ``silver.enriched_playlists`` and of ``silver.playlist_tracks``.
    """
    connection.execute(
        _PLAYLISTS.format(
            source=union_of(staging_relations(connection, "_playlists", day), _PLAYLIST_COLUMNS, day)
        )
    )
    connection.execute(
        _PLAYS.format(source=union_of(staging_relations(connection, "_plays", day), _PLAY_COLUMNS, day))
    )
    connection.execute(_FRESH_ROWS)
    connection.execute(_FRESH_PLAYLISTS)
    return tables.transaction(connection, lambda: _store(connection), message=f"playlists of {day.date}")


# the day's playlists, each by its latest answer, unless silver holds a later one already
_PLAYLISTS = f"""
    create or replace temp table day_playlists as
    with latest as (
        select {PLAYLIST_ID} as playlist_id, * from ({{source}})
        qualify row_number() over (
            partition by provider, playlist_key order by fetched_at desc, bronze_id desc) = 1
    )
    select l.* from latest l
    left join silver.enriched_playlists t using (playlist_id)
    where t.playlist_id is null or t.ingest_date <= l.ingest_date
"""

# Where one answer holds a whole tracklist only the latest answer counts; exports with a row per answer are
# taken row by row, the latest for each position.
_PLAYS = f"""
    create or replace temp table day_plays as
    with plays as (
        select {PLAYLIST_ID} as playlist_id, *,
            case when kind in {TRACK_KINDS} then {RECORD_ID} end as record_id
        from ({{source}})
    ),
    answers as (
        select playlist_id, bronze_id, max(fetched_at) as fetched_at, count(*) as rows
        from plays group by playlist_id, bronze_id
    ),
    holding as (
        select playlist_id, max(rows) > 1 as whole, arg_max(bronze_id, (fetched_at, bronze_id)) as bronze_id
        from answers group by playlist_id
    )
    select p.*
    from plays p
    join holding h using (playlist_id)
    semi join day_playlists d on p.playlist_id = d.playlist_id
    where not h.whole or p.bronze_id = h.bronze_id
    qualify row_number() over (
        partition by p.playlist_id, p.position order by p.fetched_at desc, p.bronze_id desc) = 1
"""

# rows of the day's playlists, and rows of other playlists whose track id changed with the day's matching
_FRESH_ROWS = """
    create or replace temp table fresh_rows as
    with moved as (
        select t.* from silver.playlist_tracks t
        join silver.track_members m using (record_id)
        where t.track_id is distinct from m.track_id
            and t.playlist_id not in (select playlist_id from day_playlists)
    ),
    rows as (
        select playlist_id, position, kind, with_previous, cue_raw, cue_ms as cue_time_ms, raw_text,
            record_id, provider, bronze_id, event_date,
            -- what is played together with the row before belongs to that row's group
            greatest(1, sum(if(with_previous, 0, 1)) over (
                partition by playlist_id order by position rows unbounded preceding))::integer as group_no
        from day_plays join (select playlist_id, event_date from day_playlists) using (playlist_id)
        union all
        select playlist_id, position, kind, with_previous, cue_raw, cue_time_ms, raw_text, record_id,
            provider, bronze_id, event_date, group_no
        from moved
    )
    select r.playlist_id, r.position, r.kind, r.with_previous, r.cue_raw, r.cue_time_ms, r.raw_text,
        r.record_id, m.track_id, r.provider, r.bronze_id, r.event_date, r.group_no
    from rows r
    left join silver.track_members m using (record_id)
"""

_FRESH_PLAYLISTS = f"""
    create or replace temp table fresh_playlists as
    with counts as (
        select playlist_id, count(*)::integer as track_count, count(track_id)::integer as identified_count
        from fresh_rows group by playlist_id
    )
    select
        d.playlist_id, d.provider, d.stream, d.playlist_key, d.title, d.dj_names,
        {artist_id_of("d.dj_names[1]")} as artist_id,
        d.event_date, d.event_date_precision, d.venue, d.set_type, d.genres, d.duration_ms,
        coalesce(c.track_count, 0) as track_count, coalesce(c.identified_count, 0) as identified_count,
        d.bronze_id, d.ingest_date,
        case
            when coalesce(c.track_count, 0) = 0 then 'invalid'
            when d.title is null or c.identified_count = 0 then 'warning'
            else 'valid'
        end as validation_status,
        d.source_url, now() as enriched_at
    from day_playlists d
    left join counts c using (playlist_id)
    left join silver.artist_names n on {dj_key_sql("d.dj_names[1]")} = n.name_key
"""


def _store(connection: duckdb.DuckDBPyConnection) -> tuple[tables.Changes, tables.Changes]:
    playlists = tables.merge_changed(
        connection,
        "silver.enriched_playlists",
        "fresh_playlists",
        key=("playlist_id",),
        scope="false",
        volatile=schema.VOLATILE,
    )
    rows = tables.merge_changed(
        connection,
        "silver.playlist_tracks",
        "fresh_rows",
        key=("playlist_id", "position"),
        scope="t.playlist_id in (select playlist_id from day_playlists)",
    )
    return playlists, rows
