"""What sets were part of: ``silver.radio_shows``, ``festivals`` and ``performances``.

A title does not say which of its places is a festival. That is learned from all sets together: places that
some source calls one, that say so by name, or that have several stages. So one answer can tell what older
sets were part of; the outcome depends on the sets there are, not on the order in which they came.
"""

import duckdb

from enrichment.matching.artists.names import dj_key_sql

SOURCES = (
    """list_filter(from_json({}, '[{{"id":"VARCHAR","name":"VARCHAR","type":"VARCHAR","""
    """"country":"VARCHAR"}}]'), lambda one: one.name is not null)"""
)
"""SQL of what a JSON column lists as events, venues and shows of a set."""
SHOWS = "('Radio Show', 'Podcast')"
_PLACES = "('Event Location', 'Club')"
_FESTIVAL = "Open Air / Festival"
_WEEKEND = r"(?i)[\s,]+(?:weekend|week|day)\s+(?:\d|one|two)$"
_FESTIVE = r"(?i)\bfest(?:ival)?\b"


def find(connection: duckdb.DuckDBPyConnection) -> None:
    """Temporary tables from ``day_sets`` (sets of the day) and ``silver.dj_sets`` (all others).

    ``set_events`` has one row per set of all days; ``fresh_sets`` the sets to write: those of the day, and
    others that turn out to be part of something else; ``touched_shows`` the shows that gain or lose one.
    """
    for statement in (_ALL_SETS, _FESTIVAL_NAMES, _EVENTS, _FRESH_SETS, _TOUCHED_SHOWS):
        connection.execute(statement)


def gather(connection: duckdb.DuckDBPyConnection) -> None:
    """Temporary tables ``fresh_shows``, ``fresh_festivals`` and ``fresh_performances``, of stored sets."""
    for statement in (_SHOWS_NOW, _FESTIVALS_NOW, _PERFORMANCES_NOW):
        connection.execute(statement)


_ALL_SETS = """
    create or replace temp table all_sets as
    select set_id, places, named_stage, event_date, sources from day_sets
    union all
    select set_id, places, named_stage, event_date, sources
    from silver.dj_sets where set_id not in (select set_id from day_sets)
"""

_FESTIVAL_NAMES = f"""
    create or replace temp table festival_names as
    with parts as (
        select set_id, named_stage, places, unnest(places) as place,
            generate_subscripts(places, 1) as place_no
        from all_sets
    ),
    sourced as (
        select one.id as source_id, one.name as place, one.type as sort
        from (
            select unnest({SOURCES.format("sources")}) as one
            from all_sets where json_array_length(sources) > 0
        )
        where one.type is not null
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
        from sourced s join named n using (place)
        group by n.name_key
    ),
    staged as (
        select n.name_key, count(distinct fold_key(p.named_stage)) as stages
        from parts p join named n on p.place = n.place
        where regexp_matches(p.named_stage, '(?i)stage') and p.places[p.place_no - 1] = p.named_stage
        group by n.name_key
    )
    select n.place, n.name, n.name_key, s.source_id,
        case
            when s.is_festival then 'source'
            when regexp_matches(n.name, '{_FESTIVE}') then 'name'
            else 'stages'
        end as evidence
    from named n
    left join sorts s using (name_key)
    left join staged g using (name_key)
    where n.name_key <> ''
        and coalesce(s.is_festival, regexp_matches(n.name, '{_FESTIVE}') or coalesce(g.stages, 0) >= 2)
"""

_EVENTS = f"""
    create or replace temp table set_events as
    with parts as (
        select set_id, unnest(places) as place, generate_subscripts(places, 1) as place_no from all_sets
    ),
    marked as (
        select p.set_id, min(p.place_no) as place_no, arg_min(f.name, p.place_no) as festival,
            arg_min(f.name_key, p.place_no) as festival_key
        from parts p join festival_names f using (place)
        group by p.set_id
    ),
    told as (
        select a.*, m.place_no, m.festival, m.festival_key, {SOURCES.format("a.sources")} as named,
            list_filter(a.places, lambda place: place is distinct from a.named_stage) as scenes
        from all_sets a left join marked m using (set_id)
    ),
    known as (
        select *,
            list_filter(named, lambda one: one.type in {_PLACES})[1].name as location_name,
            coalesce(festival, list_filter(named, lambda one: one.type not in {_PLACES}
                and one.type not in {SHOWS} and one.type <> 'Event Promoter')[1].name,
                case when named_stage is not null then scenes[1] end) as event
        from told
    ),
    placed as (
        select *,
            coalesce(event, if(len(scenes) > 1, scenes[1], null)) as event_name,
            coalesce(named_stage, if(place_no > 1, array_to_string(places[:place_no - 1], ', '), null))
                as stage_raw,
            coalesce(festival_key, event_name) as event_key
        from known
    ),
    stage_names as (  -- "Mainstage" and "Main Stage" of one event are one, called as most sets call it
        select event_key, stage_raw, fold_key(stage_raw) as stage_key, count(*) as sets
        from placed where stage_raw is not null group by all
    ),
    stages as (
        select event_key, stage_raw, first_value(stage_raw) over (
            partition by event_key, stage_key order by sets desc, stage_raw) as stage
        from stage_names
    )
    select p.set_id, p.festival, p.festival_key,
        case when p.festival_key is not null and event_date is not null
            then stable_uuid('festival:' || p.festival_key || ':' || year(event_date)) end as festival_id,
        p.event_name, s.stage,
        coalesce(location_name, case
            when place_no is not null then nullif(array_to_string(places[place_no + 1:], ', '), '')
            when event is not null then list_filter(scenes, lambda place: not contains(place, event))[1]
            else scenes[-1]
        end) as venue
    from placed p
    left join stages s on s.stage_raw = p.stage_raw and s.event_key is not distinct from p.event_key
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

_TOUCHED_SHOWS = """
    create or replace temp table touched_shows as
    select show_id from fresh_sets
    union
    select show_id from silver.dj_sets where set_id in (select set_id from fresh_sets)
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
    hosted as (
        select show_id, arg_max(dj, (sets, dj)) as host_dj from hosts group by show_id
    ),
    styles as (
        select show_id, genre, count(*) as sets
        from (select show_id, unnest(genres) as genre from episodes) group by all
    ),
    styled as (
        select show_id, list(genre order by sets desc, genre)[:3] as genre_focus from styles group by show_id
    ),
    numbered as (
        select show_id, min(one.id) filter (one.type in {SHOWS}) as show_1001_id
        from (
            select show_id, unnest({SOURCES.format("sources")}) as one
            from episodes where json_array_length(sources) > 0
        )
        group by show_id
    )
    select
        e.show_id,
        arg_max(e.show_name, (e.event_date is not null, e.event_date, e.set_id)) as show_name,
        any_value(h.host_dj) as host_dj,
        arg_max(e.station, (e.event_date, e.set_id)) filter (e.station is not null) as station,
        arg_max(e.set_type, (e.event_date, e.set_id)) filter (e.set_type is not null) as set_type,
        count(*)::integer as episode_count, max(e.episode_number) as latest_episode,
        min(e.event_date) as first_air_date, max(e.event_date) as last_air_date,
        coalesce(any_value(s.genre_focus), []) as genre_focus, count(*) > 1 as recurring,
        any_value(n.show_1001_id) as show_1001_id, arg_min(e.bronze_id, (e.first_seen, e.set_id)) as bronze_id
    from episodes e
    left join hosted h using (show_id)
    left join styled s using (show_id)
    left join numbered n using (show_id)
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
        select festival_id, list(genre order by sets desc, genre)[:3] as genre_focus
        from styles group by festival_id
    ),
    known as (
        select name_key, coalesce(min(evidence) filter (evidence = 'source'), min(evidence)) as evidence,
            min(source_id) as source_id
        from festival_names group by name_key
    ),
    places as (
        select festival_id, column_name, value
        from (
            select festival_id, 'venue' as column_name, venue as value, count(*) as sets
            from sets group by all
            union all
            select festival_id, 'country', country, count(*) from sets group by all
            union all
            select festival_id, 'name', festival, count(*) from sets group by all
        )
        where value is not null
        qualify row_number() over (partition by festival_id, column_name order by sets desc, value) = 1
    ),
    placed as (
        select festival_id, any_value(value) filter (column_name = 'venue') as venue,
            any_value(value) filter (column_name = 'country') as country,
            any_value(value) filter (column_name = 'name') as name
        from places group by festival_id
    )
    select
        s.festival_id, any_value(p.name) as name, any_value(year(s.event_date))::integer as edition,
        nullif(concat_ws(', ', any_value(p.venue), any_value(p.country)), '') as location,
        any_value(p.venue) as venue, any_value(p.country) as country,
        min(s.event_date) filter (s.event_date_precision = 'day') as start_date,
        max(s.event_date) filter (s.event_date_precision = 'day') as end_date,
        coalesce(list_sort(list(distinct s.stage) filter (s.stage is not null)), []) as stages,
        null::integer as capacity, coalesce(any_value(t.genre_focus), []) as genre_focus,
        count(*)::integer as set_count, any_value(k.source_id) as festival_1001_id,
        any_value(k.evidence) as evidence, arg_min(s.bronze_id, (s.first_seen, s.set_id)) as bronze_id
    from sets s
    left join placed p using (festival_id)
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
