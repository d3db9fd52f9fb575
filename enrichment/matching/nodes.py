"""Nodes: records whose normalised artists, title and version agree are one node; matching compares nodes.

A record without words (a bare answer about an id, such as audio features) is a node of its own that only its
id can tie to others. A node's row says all that blocking and clustering need to know of its records, and
depends on the records alone, not on when they came.
"""

import duckdb

from enrichment.engine import Day
from lake import tables

NODE_ID = """
    case
        when usable then md5(concat_ws(chr(31), artist_key, title_key, version_key))
        when title_raw is null and spotify_id is not null
            then md5(concat_ws(chr(31), 'id', 'spotify', spotify_id))
    end"""
"""SQL of a record's node; NULL where a record names no track."""


FREE_TEXT = "('mixesdb', '1001tracklists', 'soulection', 'dj_library', 'tracklist_file')"
"""Providers whose titles are typed by people from memory or from a screen."""
REPEATING = (
    "('beatport', 'spotify', 'discogs', 'deezer', 'soundcharts', 'lastfm', 'dj_library', 'soulection')"
)
"""Providers that rightly list one recording under several ids: one a release, a spelling, a file, or a video.
Others (MusicBrainz, 1001Tracklists) have one id for a recording."""
ID_COLUMNS = ("isrc", "spotify_id", "beatport_id", "musicbrainz_id", "track_1001_id", "deezer_id", "apple_id")
"""Identifiers of a recording. YouTube ids are search results and Discogs ids name releases: neither links."""
WITHOUT_EXTENDED = "regexp_replace({key}, '(^|[|])extended', '')"
"""SQL of a version key as somebody writes it who leaves "Extended" out."""
WORDS = f"""
    array_to_string(artist_names, ' ') as artist_text,
    title_key as title_text,
    -- the kind and the qualifiers without the names: what must agree before anything is compared
    regexp_replace({WITHOUT_EXTENDED.format(key="version_key")}, ':[^|]*', '', 'g') as version_kind"""
"""SQL of what a node says in words, from a parsed record."""
_IDS = ", ".join(f"'{column}:' || {column}" for column in ID_COLUMNS)


def touch(connection: duckdb.DuckDBPyConnection, day: Day, also: str) -> tables.Changes:
    """Refresh ``silver.track_nodes`` for the day's records.

    A node is touched when one of its records was answered that day, or when a record left it (the record's
    words changed); `also` is SQL of further nodes (column ``node_id``).

    Leaves temporary tables ``node_records`` (node_id, record_id) of the whole lake, ``delta_nodes`` (node_id)
    of the touched nodes, and ``former_nodes``: their rows as they were.
    """
    connection.execute(
        f"create or replace temp table node_records as select {NODE_ID} as node_id, record_id "
        f"from silver.track_records where ({NODE_ID}) is not null"
    )
    connection.execute(
        f"""
        create or replace temp table delta_nodes as
        with touched as (select distinct record_id from silver.record_answers where ingest_date = {day.sql})
        select distinct node_id from (
            select node_id from node_records semi join touched using (record_id)
            union all
            select node_id from silver.track_members semi join touched using (record_id)
            union all
            {also}
        ) where node_id is not null
        """
    )
    connection.execute(
        "create or replace temp table former_nodes as "
        "select * from silver.track_nodes semi join delta_nodes using (node_id)"
    )
    connection.execute(
        f"""
        create or replace temp table fresh_nodes as
        with records as (
            select node_id, record_id, provider, first_seen, artist_names, version_key, {WORDS},
                title, version, list_concat(artists, featured) as credited,
                list_filter([{_IDS}], lambda id: id is not null) as ids,
                case when source_entity_id is not null and provider not in {REPEATING} then provider end
                    as catalogue
            from silver.track_records
            join (from node_records semi join delta_nodes using (node_id)) using (record_id)
        ),
        nodes as (
            select
                node_id,
                arg_min(artist_names, record_id) as artist_names,
                arg_min(artist_text, record_id) as artist_text,
                arg_min(title_text, record_id) as title_text,
                arg_min(version_key, record_id) as version_key,
                arg_min(version_kind, record_id) as version_kind,
                arg_min(struct_pack(title, version, credited), record_id) as said,
                -- a line of a tracklist that names no version may mean the one there is; a catalogue means it
                bool_or(provider not in {FREE_TEXT}) as version_stated,
                list_sort(list_distinct(flatten(list(ids)))) as ids,
                coalesce(list_sort(list(distinct catalogue) filter (catalogue is not null)), [])
                    as catalogues,
                min(first_seen) as first_seen,
                arg_min(record_id, (first_seen, record_id)) as first_record
            from records
            group by node_id
        )
        -- folding costs more than all else here: once a node, not once a record
        select
            * exclude (said),
            fold(said.title) as title_words,
            fold(array_to_string(said.credited, ' ')) as artist_words,
            fold(concat_ws(' ', said.title, said.version, array_to_string(said.credited, ' '))) as all_words
        from nodes
        """
    )
    return tables.transaction(
        connection,
        lambda: tables.merge_changed(
            connection,
            "silver.track_nodes",
            "fresh_nodes",
            key=("node_id",),
            scope="t.node_id in (select node_id from delta_nodes)",
        ),
        message=f"track nodes of {day.date}",
    )
