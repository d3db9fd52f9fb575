"""``silver.owned_files`` and ``owned_tracks``: what lies in people's DJ libraries, and in which format.

A library's entry is a record of a track like any other; here stands what it says of the file.
"""

import duckdb

from enrichment.engine import Day, staging_relations, union_of
from enrichment.records import RECORD_ID
from lake import tables

_COLUMNS = {
    "ingest_date": "date",
    "fetched_at": "timestamptz",
    "bitrate_kbps": "integer",
    **dict.fromkeys(
        ("bronze_id", "provider", "stream", "source_entity_id", "library", "program", "format"), "varchar"
    ),
}
_BEST = "['FLAC', 'WAV', 'AIFF', 'AIF', 'ALAC', 'M4A', 'MP4', 'OGG', 'MP3']"
"""Formats, the best first: without loss, then with less of it at the same rate."""


def build(connection: duckdb.DuckDBPyConnection, day: Day) -> tuple[tables.Changes, tables.Changes]:
    """Bring the day's files into silver, and say of the tracks that the day touched who owns them.

    Returns:
        Changes of ``silver.owned_files`` and of ``silver.owned_tracks``.
    """
    source = union_of(staging_relations(connection, "_owned_files", day), _COLUMNS, day)
    connection.execute(_FILES.format(source=source, record=RECORD_ID))
    return tables.transaction(connection, lambda: _store(connection), message=f"owned files of {day.date}")


# the words of RECORD_ID that only records without an id need are not there: every file has one
_FILES = """
    create or replace temp table fresh_files as
    with latest as (
        select *, {record} as record_id
        from (
            select *, null::varchar as artist_raw, null::varchar as title_raw, null::varchar as mix_name_raw,
                null::varchar as remixer_raw, null::varchar as label_raw, null::varchar as catalog_number
            from ({source})
        )
        qualify row_number() over (partition by record_id order by fetched_at desc, bronze_id desc) = 1
    )
    select record_id, library, program, format, bitrate_kbps, bronze_id, ingest_date, fetched_at
    from latest l
    anti join (select record_id, fetched_at from silver.owned_files) t
        on l.record_id = t.record_id and t.fetched_at > l.fetched_at
"""

_TRACKS = f"""
    create or replace temp table fresh_owned as
    with files as (
        select m.track_id, f.*,
            coalesce(array_position({_BEST}, f.format), 99) as place,
            f.format || case when f.format = 'MP3' and f.bitrate_kbps is not null
                then ' ' || f.bitrate_kbps else '' end as named
        from silver.owned_files f join silver.track_members m using (record_id)
    )
    select track_id,
        bool_or(program = 'rekordbox') as owned_in_rekordbox,
        bool_or(program = 'traktor') as owned_in_traktor,
        arg_min(named, (place, -coalesce(bitrate_kbps, 0), named)) as owned_format,
        list_sort(list(distinct named)) as formats,
        list_sort(list(distinct library)) as libraries,
        count(*)::integer as files
    from files
    group by track_id
"""


def _store(connection: duckdb.DuckDBPyConnection) -> tuple[tables.Changes, tables.Changes]:
    files = tables.merge_changed(
        connection, "silver.owned_files", "fresh_files", key=("record_id",), scope="false"
    )
    connection.execute(_TRACKS)
    owned = tables.merge_changed(
        connection, "silver.owned_tracks", "fresh_owned", key=("track_id",), scope="true"
    )
    return files, owned
