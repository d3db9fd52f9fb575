{{ config(materialized='ephemeral') }}

with

rows_played as (select * from {{ ref('int_playlist_rows') }}),

wheel as (select * from {{ ref('camelot_wheel') }}),

transitions as (
    select
        playlist_id,
        key,
        lag(key) over in_order as previous_key
    from rows_played
    window in_order as (partition by playlist_id order by position)
    qualify row_number() over in_order > 1
),

judged as (
    select
        transitions.playlist_id,
        case
            when transitions.key is null or transitions.previous_key is null then null
            when transitions.key = transitions.previous_key then {{ gold_setting('flow_same_key') }}
            when transitions.key in (wheel.relative, wheel.minus_one, wheel.plus_one)
                then {{ gold_setting('flow_compatible_key') }}
            else 0.0
        end as flow
    from transitions
    left join wheel on transitions.previous_key = wheel.camelot
),

flows as (
    select
        playlist_id,
        round_even(avg(flow), 4)::decimal(5, 4) as harmonic_flow_score,
        {{ share('count(flow)', 'count(*)') }} as harmonic_flow_coverage
    from judged
    group by playlist_id
)

select * from flows
