"""``silver.listen_events``: what users listened to, tied to tracks where the lake has them.

The services tell the same listen more than once: on two pages, in an export and over HTTP, and each for
itself. Told twice by one service it is one row; told by two services it keeps both rows and counts once
(`counted`). Matching is never asked: a listen is no record of a track, it only looks for one.
"""

import duckdb

from enrichment.engine import Day, staging_relations, union_of
from enrichment.matching.nodes import NODE_ID
from enrichment.records import parse_spellings
from lake import tables

SAME_LISTEN_SECONDS = 120
"""How far two services' times of one listen lie apart: some are of the beginning, some of minutes."""
_COLUMNS = {
    "ingest_date": "date",
    "fetched_at": "timestamptz",
    "listened_at": "timestamptz",
    "duration_ms": "bigint",
    "ms_played": "bigint",
    "occurrence": "integer",
    **dict.fromkeys(
        (
            "bronze_id", "provider", "source_url", "user_name", "artist_raw", "title_raw", "album_raw",
            "isrc_raw", "musicbrainz_id", "spotify_id",
        ),
        "varchar",
    ),
}  # fmt: skip
_TOLD = (
    "listen_id, user_name, provider, listened_at, artist_raw, title_raw, album_raw, ms_played, isrc, "
    "spotify_id, musicbrainz_id, node_id, bronze_id, source_url, ingest_date"
)


def build(connection: duckdb.DuckDBPyConnection, day: Day) -> tables.Changes:
    """Bring one day's listens into silver, and tie older ones again whose tracks changed that day."""
    source = union_of(staging_relations(connection, "_listens", day), _COLUMNS, day)
    connection.execute(_DAY.format(source=source))
    parse_spellings(connection, "day_listens")
    connection.execute(_FRESH)
    connection.execute(_AFFECTED.format(day=day.sql))
    for statement in (_TIED, _COUNTED):
        connection.execute(statement)
    return tables.transaction(
        connection,
        lambda: tables.merge_changed(
            connection, "silver.listen_events", "counted_listens", key=("listen_id",), scope="false"
        ),
        message=f"listens of {day.date}",
    )


_DAY = """
    create or replace temp table day_listens as
    select *, null::varchar as mix_name_raw, null::varchar as remixer_raw,
        stable_uuid(concat_ws(chr(31), 'listen', provider, user_name, epoch_ms(listened_at)::varchar,
            lower(artist_raw), lower(title_raw), occurrence::varchar)) as listen_id
    from ({source})
    where listened_at is not null and title_raw is not null
    qualify row_number() over (partition by listen_id order by fetched_at desc, bronze_id desc) = 1
"""

_FRESH = f"""
    create or replace temp table fresh_listens as
    with worded as (
        select d.*, clean_isrc(d.isrc_raw) as isrc, p.artist_key, p.title_key, p.version_key,
            coalesce(p.usable, false) as usable
        from day_listens d
        left join parsed p on d.title_raw = p.title_raw and d.artist_raw is not distinct from p.artist_raw
    )
    select * exclude (artist_key, title_key, version_key, usable), {NODE_ID} as node_id from worded
"""

# the day's listens, and those that it can have changed: of tracks whose members changed, and of the same
# user and words, which may have been one listen told twice
_AFFECTED = f"""
    create or replace temp table affected_listens as
    with changed_nodes as (select distinct node_id from silver.track_members where changed_on = {{day}}),
    changed_tracks as (
        select track_id from silver.track_members where changed_on = {{day}}
        union
        select from_track_id from silver.track_redirects where changed_on = {{day}}
    ),
    changed_ids as (
        select r.spotify_id, r.musicbrainz_id, r.isrc
        from silver.track_members m join silver.track_records r using (record_id)
        where m.changed_on = {{day}}
    ),
    known as (
        select t.* from silver.listen_events t
        where t.node_id in (select node_id from changed_nodes)
            or t.track_id in (select track_id from changed_tracks)
            or t.track_id is null and (
                t.spotify_id in (select spotify_id from changed_ids where spotify_id is not null)
                or t.musicbrainz_id in (
                    select musicbrainz_id from changed_ids where musicbrainz_id is not null)
                or t.isrc in (select isrc from changed_ids where isrc is not null)
            )
            or (t.user_name || chr(31) || t.node_id) in (
                select user_name || chr(31) || node_id from fresh_listens)
    )
    select {_TOLD} from fresh_listens
    union all
    select {_TOLD} from known where listen_id not in (select listen_id from fresh_listens)
"""

# a service's own id of the track first, then words; what a service mapped a listen to may be wrong, so last
_TIED = """
    create or replace temp table tied_listens as
    with members as (
        select m.track_id, m.node_id, r.spotify_id, r.musicbrainz_id, r.isrc
        from silver.track_members m join silver.track_records r using (record_id)
    ),
    by_spotify as (select spotify_id, min(track_id) as track_id from members group by spotify_id),
    by_words as (select node_id, min(track_id) as track_id from members group by node_id),
    by_isrc as (select isrc, min(track_id) as track_id from members group by isrc),
    by_mbid as (select musicbrainz_id, min(track_id) as track_id from members group by musicbrainz_id)
    select a.*,
        coalesce(s.track_id, w.track_id, i.track_id, b.track_id) as track_id,
        case
            when s.track_id is not null then 'spotify_id'
            when w.track_id is not null then 'words'
            when i.track_id is not null then 'isrc'
            when b.track_id is not null then 'musicbrainz_id'
        end as matched_by
    from affected_listens a
    left join by_spotify s on a.spotify_id = s.spotify_id
    left join by_words w on a.node_id = w.node_id
    left join by_isrc i on a.isrc = i.isrc
    left join by_mbid b on a.musicbrainz_id = b.musicbrainz_id
"""

# of one listen told by several services that counts which knows most: how much was played, then to the second
_COUNTED = f"""
    create or replace temp table counted_listens as
    with ranked as (
        select *, array_position(['spotify', 'listenbrainz', 'lastfm'], provider) as rank from tied_listens
    ),
    doubled as (
        select distinct a.listen_id
        from ranked a join ranked b on a.user_name = b.user_name and a.node_id = b.node_id
        where b.rank < a.rank
            and abs(epoch_ms(a.listened_at) - epoch_ms(b.listened_at)) <= {SAME_LISTEN_SECONDS * 1000}
    )
    select * exclude (rank), listen_id not in (select listen_id from doubled) as counted from ranked
"""
