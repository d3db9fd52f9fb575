{{ config(materialized='ephemeral') }}

with

plays as (
    select * from {{ ref('int_plays') }}
    where is_dj_play and event_date is not null
),

chart_places as (select * from {{ ref('int_chart_places') }}),

listens as (
    select * from {{ source('silver', 'listen_events') }}
    where counted and track_id is not null
),

-- a play dated to its month or year is sure to have been only once that is over
played as (
    select
        track_id,
        case event_date_precision
            when 'year' then last_day(date_trunc('year', event_date)::date + interval 11 month)
            when 'month' then last_day(event_date)
            else event_date
        end as event_date,
        is_exact_date,
        dj_keys
    from plays
),

djs as (
    select
        played.track_id,
        keyed.dj_key,
        min(played.event_date) as event_date
    from played
    cross join unnest(played.dj_keys) as keyed (dj_key)
    group by played.track_id, keyed.dj_key
),

events as (
    select
        track_id,
        event_date,
        1 as plays,
        is_exact_date::integer as exact_plays,
        0 as new_djs,
        0 as chart_places,
        null::integer as chart_position,
        0 as listens
    from played
    union all
    select
        track_id,
        event_date,
        0 as plays,
        0 as exact_plays,
        1 as new_djs,
        0 as chart_places,
        null::integer as chart_position,
        0 as listens
    from djs
    union all
    select
        track_id,
        chart_date as event_date,
        0 as plays,
        0 as exact_plays,
        0 as new_djs,
        1 as chart_places,
        position as chart_position,
        0 as listens
    from chart_places
    union all
    select
        track_id,
        (listened_at at time zone 'UTC')::date as event_date,
        0 as plays,
        0 as exact_plays,
        0 as new_djs,
        0 as chart_places,
        null::integer as chart_position,
        1 as listens
    from listens
),

daily as (
    select
        track_id,
        event_date,
        sum(plays)::integer as plays,
        sum(exact_plays)::integer as exact_plays,
        sum(new_djs)::integer as new_djs,
        sum(chart_places)::integer as chart_places,
        min(chart_position) as best_position,
        sum(listens)::integer as listens
    from events
    group by track_id, event_date
)

select * from daily
