{{ config(materialized='ephemeral') }}

with

sets as (select * from {{ source('silver', 'dj_sets') }}),

rows_of_sets as (select * from {{ source('silver', 'playlist_tracks') }}),

plays as (select * from {{ ref('int_plays') }}),

djs as (select * from {{ ref('int_graph_djs') }}),

contains_track as (
    select
        'CONTAINS_TRACK' as kind,
        {{ graph_id('set', 'sets.set_id') }} as from_id,
        {{ graph_id('track', 'rows_of_sets.track_id') }} as to_id,
        rows_of_sets.position,
        rows_of_sets.cue_raw as cue_time
    from sets
    inner join rows_of_sets on sets.playlist_id = rows_of_sets.playlist_id
    where rows_of_sets.track_id is not null and {{ is_track_row('rows_of_sets.kind') }}
),

set_djs as (
    select distinct
        sets.set_id,
        {{ dj_key('names.dj_name') }} as dj_key
    from sets
    cross join unnest(sets.dj_names) as names (dj_name)
),

performed_by as (
    select distinct
        'PERFORMED_BY' as kind,
        {{ graph_id('set', 'set_djs.set_id') }} as from_id,
        djs.node_id as to_id
    from set_djs
    inner join djs on set_djs.dj_key = djs.dj_key
),

at_event as (
    select
        'AT_EVENT' as kind,
        {{ graph_id('set', 'set_id') }} as from_id,
        {{ graph_id('festival', 'festival_id') }} as to_id,
        stage,
        event_date as date
    from sets
    where festival_id is not null
),

-- a DJ who is named twice played it once
plays_of_djs as (
    select distinct
        djs.node_id,
        plays.track_id,
        plays.playlist_id,
        plays.position,
        plays.event_date
    from plays
    cross join unnest(plays.dj_names) as names (dj_name)
    inner join djs on {{ dj_key('names.dj_name') }} = djs.dj_key
    where plays.is_dj_play
),

supports as (
    select
        'SUPPORTS' as kind,
        node_id as from_id,
        {{ graph_id('track', 'track_id') }} as to_id,
        count(*) as play_count,
        min(event_date) as date
    from plays_of_djs
    group by node_id, track_id
),

edges as (
    select * from contains_track
    union all by name
    select * from performed_by
    union all by name
    select * from at_event
    union all by name
    select * from supports
)

select * from edges
