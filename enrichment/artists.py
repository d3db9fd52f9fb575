"""``silver.enriched_artists`` and ``silver.track_artists``: who is credited on the tracks.

First version: spellings with the same normalised name are one artist; the spelling used most is its name.
Aliases across names and same-name artists kept apart by a disambiguator come with the matching engine.
"""

import duckdb

from enrichment import schema
from enrichment.engine import Day
from lake import tables
from quality.scores import STORED

ARTIST_ID = "stable_uuid('artist:' || fold_key({name}))"
"""SQL of an artist's id from a name."""


def build(connection: duckdb.DuckDBPyConnection, day: Day) -> tuple[tables.Changes, tables.Changes]:
    """Bring the artists of the tracks in ``day_tracks`` up to date.

    Returns:
        Changes of ``silver.enriched_artists`` and of ``silver.track_artists``.
    """
    connection.execute(_CREDITS)
    connection.execute(_ARTISTS)
    return tables.transaction(connection, lambda: _store(connection), message=f"artists of {day.date}")


# names as the anchor of each touched track credits them
_CREDITS = f"""
    create or replace temp table credits as
    with anchored as (
        select t.track_id, t.artists, t.featured, r.remixers, r.bronze_id
        from silver.enriched_tracks t
        join silver.track_members m on m.track_id = t.track_id and m.is_anchor
        join silver.track_records r on r.record_id = m.record_id and r.usable
        where t.track_id in (select track_id from day_tracks)
        qualify row_number() over (partition by t.track_id order by r.fetched_at desc, r.record_id desc) = 1
    ),
    named as (
        select track_id, bronze_id, 'main' as role, unnest(artists) as name,
            generate_subscripts(artists, 1) as position from anchored
        union all
        select track_id, bronze_id, 'featured', unnest(featured), generate_subscripts(featured, 1)
        from anchored
        union all
        select track_id, bronze_id, 'remixer', unnest(remixers), generate_subscripts(remixers, 1)
        from anchored
    )
    select track_id, bronze_id, role, position::integer as position, name, fold_key(name) as name_key,
        {ARTIST_ID.format(name="name")} as artist_id
    from named
    where fold_key(name) <> ''
    qualify row_number() over (partition by track_id, fold_key(name), role order by position) = 1
"""

# the touched artists over all their records, and who plays sets; the spelling used most names them
_ARTISTS = f"""
    create or replace temp table fresh_artists as
    with touched as (
        select name_key from credits
        union
        select fold_key(name) from (select unnest(dj_names) as name from silver.enriched_playlists)
        union
        select name_key from silver.enriched_artists
        where artist_id in (
            select artist_id from silver.track_artists where track_id in (select track_id from day_tracks))
    ),
    spelt as (
        select unnest(list_concat(list_concat(artists, featured), remixers)) as name, bronze_id
        from silver.track_records where usable
        union all
        select unnest(dj_names), bronze_id from silver.enriched_playlists
    ),
    keys as (
        select name, fold_key(name) as name_key from (select distinct name from spelt)
    ),
    counted as (
        select k.name_key, s.name, count(*) as uses, min(s.bronze_id) as bronze_id
        from spelt s join keys k using (name) semi join touched using (name_key)
        group by k.name_key, s.name
    )
    select
        stable_uuid('artist:' || name_key) as artist_id,
        arg_max(name, (uses, name)) as canonical_name, '' as disambiguator, name_key,
        list_sort(list(name)) as aliases, list_sort(list(distinct bronze_id)) as bronze_ids,
        0 as track_count, 'normalized_name' as deduplication_strategy,
        -- how far the spellings agree: the share of credits that use the canonical one
        (divide_half_even((max(uses) * 10000)::bigint, sum(uses)::bigint) * {STORED})::decimal(5,4)
            as quality_score,
        now() as enriched_at
    from counted
    group by name_key
"""


def _store(connection: duckdb.DuckDBPyConnection) -> tuple[tables.Changes, tables.Changes]:
    connection.execute(
        """
        create or replace temp table fresh_credits as
        select track_id, artist_id, role, position, role = 'main' and position = 1 as is_primary from credits
        """
    )
    credited = tables.merge_changed(
        connection,
        "silver.track_artists",
        "fresh_credits",
        key=("track_id", "artist_id", "role"),
        scope="t.track_id in (select track_id from day_tracks)",
    )
    connection.execute(
        """
        create or replace temp table counted_artists as
        select f.* replace (coalesce(c.tracks, 0)::integer as track_count)
        from fresh_artists f
        left join (
            select artist_id, count(distinct track_id) as tracks from silver.track_artists group by 1
        ) c using (artist_id)
        """
    )
    artists = tables.merge_changed(
        connection,
        "silver.enriched_artists",
        "counted_artists",
        key=("artist_id",),
        scope="false",
        volatile=schema.VOLATILE,
    )
    return artists, credited
