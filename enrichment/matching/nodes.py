"""Nodes: records whose normalised artists, title and version agree are one node; matching compares nodes.

A record without words (a bare answer about an id, such as audio features) is a node of its own that only its
id can tie to others.
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


FREE_TEXT = "('mixesdb', '1001tracklists', 'soulection', 'dj_library')"
"""Providers whose titles are typed by people from memory or from a screen."""
WITHOUT_EXTENDED = "regexp_replace({key}, '(^|[|])extended', '')"
"""SQL of a version key as somebody writes it who leaves "Extended" out."""
WORDS = f"""
    array_to_string(artist_names, ' ') as artist_text,
    title_key as title_text,
    -- the kind and the qualifiers without the names: what must agree before anything is compared
    regexp_replace({WITHOUT_EXTENDED.format(key="version_key")}, ':[^|]*', '', 'g') as version_kind"""
"""SQL of what a node says in words, from a parsed record."""


def touch(connection: duckdb.DuckDBPyConnection, day: Day, also: str) -> tables.Changes:
    """Refresh ``silver.track_nodes`` for the day's records; leaves temporary table ``delta_nodes`` (node_id).

    A node is touched when one of its records was answered that day, or when a record left it (the record's
    words changed); `also` is SQL of further nodes (column ``node_id``).
    """
    connection.execute(
        f"""
        create or replace temp table delta_nodes as
        with touched as (select distinct record_id from silver.record_answers where ingest_date = {day.sql})
        select distinct node_id from (
            select {NODE_ID} as node_id
            from silver.track_records semi join touched using (record_id)
            union all
            select node_id from silver.track_members semi join touched using (record_id)
            union all
            {also}
        ) where node_id is not null
        """
    )
    connection.execute(
        f"""
        create or replace temp table fresh_nodes as
        with records as (
            select record_id, provider, first_seen, artist_names, version_key, {NODE_ID} as node_id, {WORDS},
                fold(array_to_string(list_concat(artists, featured), ' ')) as artist_words,
                fold(concat_ws(' ', title, version, array_to_string(list_concat(artists, featured), ' ')))
                    as all_words
            from silver.track_records
            where ({NODE_ID}) in (select node_id from delta_nodes)
        )
        select
            node_id,
            first(artist_names order by record_id) as artist_names,
            first(artist_text order by record_id) as artist_text,
            first(title_text order by record_id) as title_text,
            first(version_key order by record_id) as version_key,
            first(version_kind order by record_id) as version_kind,
            first(artist_words order by record_id) as artist_words,
            first(all_words order by record_id) as all_words,
            -- a line of a tracklist that names no version may mean the one there is; a catalogue means it
            bool_or(provider not in {FREE_TEXT}) as version_stated,
            min(first_seen) as first_seen,
            arg_min(record_id, (first_seen, record_id)) as first_record
        from records
        group by node_id
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
