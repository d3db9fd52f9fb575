"""``silver.dj_sets``: performances and broadcasts, whoever listed them, and what they were part of.

Several answers can speak of one set: its page, an export, a DJ's list, a listener's log. 1001Tracklists' id
joins them where they give it, its title those of MixesDB. Every field is that of the most detailed answer
that has it. What the sets were part of is found in `enrichment.occasions`.
"""

import duckdb

from enrichment import occasions
from enrichment.engine import Day, staging_relations
from enrichment.occasions import SHOWS, SOURCES
from enrichment.playlists import PLAYLIST_ID
from lake import tables

_COLUMNS = {
    **dict.fromkeys(("set_key", "tracklist_1001_id", "title"), "varchar"),
    "dj_names": "varchar[]",
    "event_date": "date",
    **dict.fromkeys(("event_date_precision", "set_type"), "varchar"),
    "genres": "varchar[]",
    "duration_ms": "bigint",
    **dict.fromkeys(("stated_tracks", "stated_identified", "play_count", "favorite_count"), "integer"),
    "recording_urls": "varchar[]",
    "sources": "json",
}
_OF_A_PLAYLIST = {
    "set_key": "playlist_key",
    "tracklist_1001_id": "case when provider = '1001tracklists' "
    "and regexp_full_match(playlist_key, '[0-9a-z]{4,12}') then playlist_key end",
    "stated_tracks": "null",
    "stated_identified": "null",
    "play_count": "null",
    "favorite_count": "null",
    "recording_urls": "if(source_url_external is null, []::varchar[], [source_url_external])",
    "sources": "'[]'",
}
"""What a tracklist says of its set, where the columns are not called alike."""
_NO_SETS = "('playlist', 'dj_library')"
_BEST = "(detail, fetched_at, bronze_id)"


def build(connection: duckdb.DuckDBPyConnection, day: Day) -> dict[str, tables.Changes]:
    """Bring the sets that the day's answers speak of up to date, and what they are part of.

    Returns:
        Changes by table.
    """
    _views(connection, day)
    for statement in (_MERGED, _TITLES, _DAY_SETS):
        connection.execute(statement)
    occasions.find(connection)
    return tables.transaction(connection, lambda: _store(connection), message=f"sets of {day.date}")


def _select(relation: str, names: dict[str, str], where: str) -> str:
    listed = ", ".join(f"({names.get(name, name)})::{kind} as {name}" for name, kind in _COLUMNS.items())
    key = names.get("set_key", "set_key")
    playlist = PLAYLIST_ID if "set_key" in names else "null::uuid"
    return f"""
        select ingest_date, fetched_at, bronze_id, provider, {playlist} as playlist_id,
            case provider when 'listening_log' then 0 else {2 if "set_key" in names else 1} end as detail,
            {listed},
            case
                when {names.get("tracklist_1001_id", "tracklist_1001_id")} is not null
                    then '1001tracklists/' || {names.get("tracklist_1001_id", "tracklist_1001_id")}
                when provider = 'mixesdb' then 'mixesdb/' || coalesce(title, {key})
                else provider || '/' || {key}
            end as identity
        from {relation} where {where}
    """


def _views(connection: duckdb.DuckDBPyConnection, day: Day) -> None:
    """Temporary table ``set_views``: all that answers of any day say of the sets of this day's answers."""
    playlists, sets = (staging_relations(connection, suffix) for suffix in ("_playlists", "_sets"))
    selects = [
        *(_select(one, _OF_A_PLAYLIST, f"coalesce(set_type not in {_NO_SETS}, true)") for one in playlists),
        *(_select(one, {}, "true") for one in sets),
    ]
    if not selects:
        nothing = ", ".join(f"null::{kind} as {name}" for name, kind in _VIEW.items())
        selects.append(f"select {nothing} where false")
    connection.execute(
        f"""
        create or replace temp table set_views as
        with views as ({" union all ".join(selects)})
        select * from views
        where identity in (select identity from views where ingest_date = {day.sql})
        """
    )


_VIEW = {
    "ingest_date": "date",
    "fetched_at": "timestamptz",
    **dict.fromkeys(("bronze_id", "provider"), "varchar"),
    "playlist_id": "uuid",
    "detail": "integer",
    **_COLUMNS,
    "identity": "varchar",
}

# each field by the most detailed answer that has it, numbers that grow by the latest
_MERGED = f"""
    create or replace temp table merged_sets as
    select
        stable_uuid('set:' || identity) as set_id, identity as set_key,
        max(tracklist_1001_id) as tracklist_1001_id,
        arg_max(title, {_BEST}) filter (title is not null) as title,
        arg_max(dj_names, {_BEST}) filter (len(dj_names) > 0) as dj_names,
        arg_max(event_date, {_BEST}) filter (event_date is not null) as event_date,
        arg_max(event_date_precision, {_BEST}) filter (event_date is not null) as event_date_precision,
        arg_max(set_type, {_BEST}) filter (set_type is not null) as set_type,
        coalesce(arg_max(genres, {_BEST}) filter (len(genres) > 0), []) as genres,
        arg_max(duration_ms, {_BEST}) filter (duration_ms is not null) as duration_ms,
        arg_max({{'tracks': stated_tracks, 'identified': stated_identified}},
            (stated_identified is not null, fetched_at, {_BEST}))
            filter (stated_tracks is not null) as stated,
        arg_max(play_count, (fetched_at, play_count)) filter (play_count is not null) as play_count,
        arg_max(favorite_count, (fetched_at, favorite_count)) filter (favorite_count is not null)
            as favorite_count,
        list_sort(list_distinct(flatten(list(recording_urls)))) as recording_urls,
        arg_max(recording_urls[1], {_BEST}) filter (len(recording_urls) > 0) as recording_url,
        coalesce(
            arg_max(sources, (json_array_length(sources), detail, fetched_at, bronze_id))
                filter (json_array_length(sources) > 0), '[]') as sources,
        list_sort(list_distinct(list(playlist_id) filter (playlist_id is not null))) as playlist_ids,
        list_sort(list_distinct(list(provider))) as providers,
        list_sort(list_distinct(list(bronze_id))) as bronze_ids,
        arg_max(bronze_id, {_BEST}) as bronze_id,
        min(ingest_date) as first_seen
    from set_views
    group by identity
"""

_TITLES = """
    create or replace temp table set_titles as
    select title, parse_set_title(title)::json as said
    from (select distinct title from merged_sets where title is not null)
"""

_DAY_SETS = f"""
    create or replace temp table day_sets as
    with read as (
        select m.*, t.said,
            {SOURCES.format("m.sources")} as named
        from merged_sets m left join set_titles t using (title)
    ),
    shown as (
        select *,
            coalesce(list_filter(named, lambda one: one.type in {SHOWS})[1].name, said ->> '$.show') as
            show_name
        from read
    ),
    keyed as (
        select *, fold_key(show_name) as show_key from shown
    ),
    listed as (
        select k.set_id, arg_max(p.playlist_id, (p.track_count, p.playlist_id)) as playlist_id,
            arg_max(p.track_count, (p.track_count, p.playlist_id)) as track_count,
            arg_max(p.identified_count, (p.track_count, p.playlist_id)) as identified_count
        from (select set_id, unnest(playlist_ids) as playlist_id from keyed) k
        join silver.enriched_playlists p using (playlist_id)
        group by k.set_id
    )
    select
        k.set_id, k.set_key, k.providers[1] as provider, k.title,
        coalesce(k.dj_names, json_extract_string(k.said, '$.dj_names[*]'), []) as dj_names,
        null::varchar as event_name, null::uuid as festival_id, null::varchar as stage,
        null::varchar as venue,
        coalesce(k.said ->> '$.country', list_filter(k.named, lambda one: one.country is not null)[1].country)
            as country,
        coalesce(json_extract_string(k.said, '$.places[*]'), []) as places,
        k.said ->> '$.stage' as named_stage,
        k.show_name,
        case when k.show_key <> '' then stable_uuid('show:' || k.show_key) end as show_id,
        (k.said ->> '$.episode')::integer as episode_number, k.said ->> '$.station' as station,
        k.event_date, k.event_date_precision, k.set_type, k.genres, k.duration_ms,
        k.recording_url, k.recording_urls, k.tracklist_1001_id, k.play_count, k.favorite_count,
        coalesce(l.track_count, k.stated.tracks) as track_count,
        if(l.playlist_id is null, k.stated.identified, l.identified_count) as identified_count,
        l.playlist_id, k.playlist_ids, k.sources, k.named, k.providers, k.bronze_id, k.bronze_ids,
        k.first_seen
    from keyed k left join listed l using (set_id)
"""


def _store(connection: duckdb.DuckDBPyConnection) -> dict[str, tables.Changes]:
    sets = tables.merge_changed(connection, "silver.dj_sets", "fresh_sets", key=("set_id",), scope="false")
    occasions.gather(connection)
    return {
        "dj_sets": sets,
        "radio_shows": tables.merge_changed(
            connection,
            "silver.radio_shows",
            "fresh_shows",
            key=("show_id",),
            scope="t.show_id in (select show_id from touched_shows)",
        ),
        "festivals": tables.merge_changed(
            connection,
            "silver.festivals",
            "fresh_festivals",
            key=("festival_id",),
            scope="true",
        ),
        "performances": tables.merge_changed(
            connection,
            "silver.performances",
            "fresh_performances",
            key=("set_id", "position"),
            scope="t.set_id in (select set_id from fresh_sets)",
        ),
    }
