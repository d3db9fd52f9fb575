"""``silver.enriched_artists`` and ``silver.track_artists``: who is credited on tracks and plays sets.

Which names are one artist is decided in `enrichment.matching.artists`; here artists are assembled from their
names and put where they are referred to.
"""

import duckdb

from enrichment import schema
from enrichment.engine import Day
from enrichment.matching.artists import Identified, identify
from enrichment.matching.artists.names import dj_key_sql
from lake import tables
from quality.scores import STORED


def artist_id_of(name: str) -> str:
    """SQL of the id of a DJ's artist; ``silver.artist_names``, alias ``n``, is joined on the name's key.

    A name met for the first time gets the id it has alone, until artists are next built.
    """
    return f"coalesce(n.artist_id, stable_uuid('artist:' || nullif({dj_key_sql(name)}, '')))"


def build(
    connection: duckdb.DuckDBPyConnection, day: Day
) -> tuple[Identified, tables.Changes, tables.Changes]:
    """Bring the artists of the names the day touched up to date, with all that refers to them.

    Needs temporary table ``day_tracks``.

    Returns:
        What became of the names, and changes of ``silver.enriched_artists`` and ``silver.track_artists``.
    """
    identified = identify(connection, day)
    connection.execute(_TOUCHED_TRACKS)
    connection.execute(_TRACK_ARTISTS)
    connection.execute(_TOUCHED_ARTISTS)
    connection.execute(_ARTISTS)
    artists, credited = tables.transaction(
        connection, lambda: _store(connection), message=f"artists of {day.date}"
    )
    return identified, artists, credited


_TOUCHED_TRACKS = """
    create or replace temp table artist_tracks as
    select track_id from day_tracks
    union
    select track_id from silver.track_artists
    where artist_id in (select from_artist_id from moved_names where from_artist_id is not null)
"""

# names as the anchor of each touched track credits them; two names of one artist are one credit
_TRACK_ARTISTS = """
    create or replace temp table fresh_credits as
    with anchors as (
        select track_id, record_id from silver.track_members
        where is_anchor and track_id in (select track_id from artist_tracks)
            and track_id in (select track_id from silver.enriched_tracks)
    ),
    anchored as (
        select a.track_id, r.record_id
        from anchors a join silver.track_records r using (record_id)
        where r.usable
        qualify row_number() over (partition by a.track_id order by r.fetched_at desc, r.record_id desc) = 1
    )
    select a.track_id, n.artist_id, c.role, min(c.position)::integer as position,
        c.role = 'main' and min(c.position) = 1 as is_primary
    from anchored a
    join artist_credits c using (record_id)
    join silver.artist_names n using (name_key)
    group by a.track_id, n.artist_id, c.role
"""

_TOUCHED_ARTISTS = """
    create or replace temp table touched_artists as
    select artist_id from silver.artist_names where name_key in (from delta_names)
    union
    select to_artist_id from moved_names where to_artist_id is not null
    union
    select artist_id from silver.artist_names
    where artist_id in (select from_artist_id from moved_names where from_artist_id is not null)
    union
    select artist_id from silver.track_artists where track_id in (select track_id from artist_tracks)
    union
    select artist_id from fresh_credits
"""

# the touched artists over all their credits; the leading name's commonest spelling names them
_ARTISTS = f"""
    create or replace temp table fresh_artists as
    with named as (
        select * from silver.artist_names where artist_id in (from touched_artists)
    ),
    counted as (
        select n.artist_id, c.name, count(*) as uses, min(c.bronze_id) as bronze_id
        from artist_credits c join named n using (name_key)
        group by n.artist_id, c.name
    ),
    spelt as (
        select artist_id, list_sort(list(name)) as aliases, sum(uses)::bigint as uses,
            max_by(uses, (uses, name)) as most, list_sort(list(distinct bronze_id)) as bronze_ids
        from counted group by artist_id
    ),
    methods as (
        select artist_id, list_sort(list(distinct match_method)) as methods
        from named where name_key <> lead_key group by artist_id
    )
    select
        n.artist_id, n.name as canonical_name, n.disambiguator, n.name_key, s.aliases, s.bronze_ids,
        0 as track_count,
        array_to_string(list_concat(['normalized_name'], coalesce(m.methods, [])), '+')
            as deduplication_strategy,
        -- how far the spellings agree: the share of credits that use the commonest one
        (divide_half_even((s.most * 10000)::bigint, s.uses) * {STORED})::decimal(5,4) as quality_score,
        now() as enriched_at
    from named n
    join spelt s using (artist_id)
    left join methods m using (artist_id)
    where n.name_key = n.lead_key
"""


def _store(connection: duckdb.DuckDBPyConnection) -> tuple[tables.Changes, tables.Changes]:
    credited = tables.merge_changed(
        connection,
        "silver.track_artists",
        "fresh_credits",
        key=("track_id", "artist_id", "role"),
        scope="t.track_id in (select track_id from artist_tracks)",
    )
    connection.execute(
        """
        create or replace temp table counted_artists as
        select f.* replace (coalesce(c.tracks, 0)::integer as track_count)
        from fresh_artists f
        left join (
            select artist_id, count(distinct track_id) as tracks from silver.track_artists
            where artist_id in (from touched_artists) group by 1
        ) c using (artist_id)
        """
    )
    artists = tables.merge_changed(
        connection,
        "silver.enriched_artists",
        "counted_artists",
        key=("artist_id",),
        scope="t.artist_id not in (select artist_id from silver.artist_names)",
        volatile=schema.VOLATILE,
    )
    _point_playlists(connection)
    return artists, credited


def _point_playlists(connection: duckdb.DuckDBPyConnection) -> None:
    """Make playlists name the artist their first DJ is now; they are built before artists are."""
    connection.execute(
        f"""
        create or replace temp table repointed as
        select p.* replace (n.artist_id as artist_id, now() as enriched_at)
        from silver.enriched_playlists p
        join silver.artist_names n on {dj_key_sql("p.dj_names[1]")} = n.name_key
        where p.artist_id is distinct from n.artist_id
        """
    )
    tables.merge_changed(
        connection,
        "silver.enriched_playlists",
        "repointed",
        key=("playlist_id",),
        scope="false",
        volatile=schema.VOLATILE,
    )
