"""``silver.dj_sets``, ``radio_shows``, ``festivals`` and ``performances``: sets as events, whoever listed
them.

A *set* is one performance or broadcast. Several answers can speak of it: its page, an export, a DJ's list, a
listener's log. 1001Tracklists' id joins them where they give it, a title of MixesDB's those of that wiki.
Every field is that of the most detailed answer that has it. What a title calls festival is learned from all
titles
together: places that a source calls one, that say so by name, or that have several stages.
"""

import duckdb

from enrichment.engine import Day, staging_relations
from enrichment.matching.artists.names import dj_key_sql
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
    "tracklist_1001_id": "if(provider = '1001tracklists' and regexp_full_match(playlist_key, '[0-9a-z]{4,12}'), "
    "playlist_key, null)",
    "stated_tracks": "null",
    "stated_identified": "null",
    "play_count": "null",
    "favorite_count": "null",
    "recording_urls": "if(source_url_external is null, []::varchar[], [source_url_external])",
    "sources": "'[]'",
}
"""What a tracklist says of its set, where the columns are not called alike."""
_NO_SETS = "('playlist', 'dj_library')"
_FESTIVAL = "Open Air / Festival"
_PLACES = "('Event Location', 'Club')"
_SHOWS = "('Radio Show', 'Podcast')"
_SOURCES = (
    """list_filter(from_json({},
    '[{{"id":"VARCHAR","name":"VARCHAR","type":"VARCHAR","country":"VARCHAR"}}]'),"""
    " lambda one: one.name is not null)"
)
_WEEKEND = r"(?i)[\s,]+(?:weekend|week|day)\s+(?:\d|one|two)$"
_PLAYLIST_ID = "stable_uuid(concat_ws(chr(31), 'playlist', provider, playlist_key))"
_BEST = "(detail, fetched_at, bronze_id)"


def build(connection: duckdb.DuckDBPyConnection, day: Day) -> dict[str, tables.Changes]:
    """Bring the sets the day's answers speak of up to date, and the shows, festivals and performances they
    are.

    Returns:
        Changes by table.
    """
    _views(connection, day)
    for statement in (_MERGED, _TITLES, _DAY_SETS, _ALL_SETS, _FESTIVAL_NAMES, _EVENTS, _FRESH_SETS, _BEFORE):
        connection.execute(statement)
    return tables.transaction(connection, lambda: _store(connection), message=f"sets of {day.date}")


def _select(relation: str, names: dict[str, str], where: str) -> str:
    listed = ", ".join(f"({names.get(name, name)})::{kind} as {name}" for name, kind in _COLUMNS.items())
    key = names.get("set_key", "set_key")
    playlist = _PLAYLIST_ID if "set_key" in names else "null::uuid"
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
    """Temporary table ``set_views``: all that answers of any day say of the sets this day's answers speak
    of."""
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
        arg_max(stated_tracks, fetched_at) filter (stated_tracks is not null) as stated_tracks,
        arg_max(stated_identified, fetched_at) filter (stated_identified is not null) as stated_identified,
        arg_max(play_count, (fetched_at, play_count)) filter (play_count is not null) as play_count,
        arg_max(favorite_count, (fetched_at, favorite_count)) filter (favorite_count is not null)
            as favorite_count,
        list_sort(list_distinct(flatten(list(recording_urls)))) as recording_urls,
        coalesce(arg_max(recording_urls[1], {_BEST}) filter (len(recording_urls) > 0), null) as recording_url,
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
            {_SOURCES.format("m.sources")} as named
        from merged_sets m left join set_titles t using (title)
    ),
    shown as (
        select *,
            coalesce(list_filter(named, lambda one: one.type in {_SHOWS})[1].name, said ->> '$.show') as
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
        null::varchar as event_name, null::uuid as festival_id, null::varchar as stage, null::varchar as
        venue, coalesce(k.said ->> '$.country', list_filter(k.named, lambda one: one.country is not
        null)[1].country) as country, coalesce(json_extract_string(k.said, '$.places[*]'), []) as places,
        k.said ->> '$.stage' as named_stage, k.show_name, case when k.show_key <> '' then stable_uuid('show:'
        || k.show_key) end as show_id, (k.said ->> '$.episode')::integer as episode_number, k.said ->>
        '$.station' as station, k.event_date, k.event_date_precision, k.set_type, k.genres, k.duration_ms,
        k.recording_url, k.recording_urls, k.tracklist_1001_id, k.play_count, k.favorite_count,
        coalesce(l.track_count, k.stated_tracks) as track_count, coalesce(l.identified_count,
        k.stated_identified) as identified_count, l.playlist_id, k.playlist_ids, k.sources, k.named,
        k.providers, k.bronze_id, k.bronze_ids, k.first_seen
    from keyed k left join listed l using (set_id)
"""

_ALL_SETS = """
    create or replace temp table all_sets as
    select set_id, places, named_stage, dj_names, country, event_date, event_date_precision, genres,
        bronze_id, sources from day_sets union all select set_id, places, named_stage, dj_names, country,
        event_date, event_date_precision, genres, bronze_id, sources from silver.dj_sets where set_id not in
        (select set_id from day_sets)
"""

# names of festivals, from all sets there are: what a source calls one, what says so, what has several stages
_FESTIVAL_NAMES = rf"""
    create or replace temp table festival_names as
    with parts as (
        select set_id, named_stage, unnest(places) as place, generate_subscripts(places, 1) as place_no,
        places from all_sets
    ),
    sourced as (
        select set_id, one.id as source_id, one.name as place, one.type as sort
        from (
            select set_id, unnest({_SOURCES.format("sources")}) as one
            from all_sets where json_array_length(sources) > 0
        )
    ),
    spelt as (
        select distinct place, regexp_replace(place, '{_WEEKEND}', '') as name
        from (select place from parts union all select place from sourced)
    ),
    named as (
        select place, name, fold_key(name) as name_key from spelt
    ),
    sorts as (
        select n.name_key, bool_or(s.sort = '{_FESTIVAL}') as is_festival,
            min(s.source_id) filter (s.sort = '{_FESTIVAL}') as source_id
        from sourced s join named n using (place) where s.sort is not null group by n.name_key
    ),
    staged as (
        select n.name_key, count(distinct p.named_stage) as stages
        from parts p join named n on p.place = n.place
        where regexp_matches(p.named_stage, '(?i)stage') and p.places[p.place_no - 1] = p.named_stage
        group by n.name_key
    )
    select n.place, n.name, n.name_key,
        case
            when s.is_festival then 'source'
            when regexp_matches(n.name, '(?i)\bfest(?:ival)?\b') then 'name'
            else 'stages'
        end as evidence,
        s.source_id
    from named n
    left join sorts s using (name_key)
    left join staged g using (name_key)
    where n.name_key <> '' and (
        s.is_festival or (s.is_festival is null and (
            regexp_matches(n.name, '(?i)\bfest(?:ival)?\b') or g.stages >= 2)))
"""

_EVENTS = f"""
    create or replace temp table set_events as
    with marked as (
        select a.set_id, min(p.place_no) as place_no, arg_min(f.name, p.place_no) as name,
            arg_min(f.name_key, p.place_no) as name_key
        from all_sets a
        join (
            select set_id, unnest(places) as place, generate_subscripts(places, 1) as place_no from all_sets
        ) p on a.set_id = p.set_id
        join festival_names f on p.place = f.place
        group by a.set_id
    ),
    read as (
        select a.*, m.place_no, m.name as festival, m.name_key as festival_key,
            {_SOURCES.format("a.sources")} as named
        from all_sets a left join marked m using (set_id)
    ),
    told as (
        select *,
            list_filter(places, lambda place: place is distinct from named_stage) as scenes,
            list_filter(named, lambda one: one.type in {_PLACES})[1].name as location_name,
            coalesce(festival, list_filter(named, lambda one:
                one.type not in {_PLACES} and one.type not in {_SHOWS} and one.type <> 'Event
                Promoter')[1].name) as event
        from read
    )
    select set_id,
        coalesce(event, if(len(scenes) > 1, scenes[1], null)) as event_name,
        case when festival_key is not null and event_date is not null
            then stable_uuid('festival:' || festival_key || ':' || year(event_date)) end as festival_id,
        festival, festival_key,
        coalesce(named_stage, if(place_no > 1, array_to_string(places[:place_no - 1], ', '), null)) as stage,
        coalesce(location_name, case
            when place_no is not null then nullif(array_to_string(places[place_no + 1:], ', '), '')
            when event is not null then list_filter(scenes, lambda place: not contains(place, event))[1]
            else scenes[-1]
        end) as venue
    from told
"""

_FRESH_SETS = """
    create or replace temp table fresh_sets as
    select d.* exclude (named) replace (
        e.event_name as event_name, e.festival_id as festival_id, e.stage as stage, e.venue as venue)
    from day_sets d join set_events e using (set_id)
    union all by name
    select t.* replace (
        e.event_name as event_name, e.festival_id as festival_id, e.stage as stage, e.venue as venue)
    from silver.dj_sets t join set_events e using (set_id)
    where t.set_id not in (select set_id from day_sets)
        and (t.event_name, t.festival_id, t.stage, t.venue)
            is distinct from (e.event_name, e.festival_id, e.stage, e.venue)
"""

# shows that gain or lose a set; festivals are few and depend on all sets
_BEFORE = """
    create or replace temp table touched_shows as
    select show_id from fresh_sets
    union select show_id from silver.dj_sets where set_id in (select set_id from fresh_sets)
"""

_SHOWS_NOW = f"""
    create or replace temp table fresh_shows as
    with episodes as (
        select * from silver.dj_sets
        where show_id in (select show_id from touched_shows)
            and (set_type in ('radio', 'podcast') or episode_number is not null)
    ),
    hosts as (
        select show_id, dj, count(*) as sets
        from (select show_id, unnest(dj_names) as dj from episodes) group by all
    ),
    styles as (
        select show_id, genre, count(*) as sets
        from (select show_id, unnest(genres) as genre from episodes) group by all
    ),
    hosted as (
        select show_id, arg_max(dj, (sets, dj)) as host_dj from hosts group by show_id
    ),
    styled as (
        select show_id, list(genre order by sets desc, genre)[:3] as genre_focus from styles group by show_id
    )
    select
        e.show_id, arg_max(e.show_name, (e.event_date is not null, e.event_date, e.set_id)) as show_name,
        any_value(h.host_dj) as host_dj,
        mode(e.station) as station, mode(e.set_type) as set_type,
        count(*)::integer as episode_count, max(e.episode_number) as latest_episode,
        min(e.event_date) as first_air_date, max(e.event_date) as last_air_date,
        coalesce(any_value(s.genre_focus), []) as genre_focus, count(*) > 1 as recurring,
        min(x.source_id) as show_1001_id, arg_min(e.bronze_id, (e.first_seen, e.set_id)) as bronze_id
    from episodes e
    left join hosted h using (show_id)
    left join styled s using (show_id)
    left join (
        select set_id, one.id as source_id from (
            select set_id, unnest({_SOURCES.format("sources")}) as one
            from episodes where json_array_length(sources) > 0
        ) where one.type in {_SHOWS}
    ) x on e.set_id = x.set_id
    group by e.show_id
"""

_FESTIVALS_NOW = """
    create or replace temp table fresh_festivals as
    with sets as (
        select d.*, e.festival, e.festival_key
        from silver.dj_sets d join set_events e using (set_id)
        where d.festival_id is not null
    ),
    styles as (
        select festival_id, genre, count(*) as sets
        from (select festival_id, unnest(genres) as genre from sets) group by all
    ),
    styled as (
        select festival_id, list(genre order by sets desc, genre)[:3] as genre_focus from styles group by
        festival_id
    ),
    known as (
        select name_key, min(evidence) filter (evidence = 'source') as by_source, min(evidence) as evidence,
            min(source_id) as source_id
        from festival_names group by name_key
    )
    select
        s.festival_id, mode(s.festival) as name, any_value(year(s.event_date))::integer as edition,
        concat_ws(', ', mode(s.venue), mode(s.country)) as location, mode(s.venue) as venue,
        mode(s.country) as country,
        min(s.event_date) filter (s.event_date_precision = 'day') as start_date,
        max(s.event_date) filter (s.event_date_precision = 'day') as end_date,
        coalesce(list_sort(list(distinct s.stage) filter (s.stage is not null)), []) as stages,
        null::integer as capacity, coalesce(any_value(t.genre_focus), []) as genre_focus,
        count(*)::integer as set_count, any_value(k.source_id) as festival_1001_id,
        any_value(coalesce(k.by_source, k.evidence)) as evidence,
        arg_min(s.bronze_id, (s.first_seen, s.set_id)) as bronze_id
    from sets s
    left join styled t using (festival_id)
    left join known k on s.festival_key = k.name_key
    group by s.festival_id
"""

_PERFORMANCES_NOW = f"""
    create or replace temp table fresh_performances as
    with named as (
        select set_id, unnest(dj_names) as dj_name, generate_subscripts(dj_names, 1)::integer as position,
            event_name, festival_id, venue, stage, country, event_date, bronze_id
        from fresh_sets where set_type = 'live'
    ),
    keyed as (
        select *, {dj_key_sql("dj_name")} as name_key from named
    )
    select k.set_id, k.position, k.dj_name, n.artist_id, k.event_name, k.festival_id, k.venue, k.stage,
        k.country, k.event_date, null::varchar as time_slot, null::varchar as headline_status, k.bronze_id
        from keyed k left join silver.artist_names n using (name_key)
"""


def _store(connection: duckdb.DuckDBPyConnection) -> dict[str, tables.Changes]:
    sets = tables.merge_changed(connection, "silver.dj_sets", "fresh_sets", key=("set_id",), scope="false")
    for statement in (_SHOWS_NOW, _FESTIVALS_NOW, _PERFORMANCES_NOW):
        connection.execute(statement)
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
