{{ config(materialized='ephemeral') }}

with

plays as (select * from {{ ref('int_plays') }}),

-- "now" is the latest day the data tells of, so that a rebuild gives the same scores on any day; a set dated
-- after the day we learnt of it (a typing error, an announcement) cannot move it
reference as (
    select
        coalesce(
            {%- set fixed_date = gold_setting('trending_reference_date') %}
            {{ "date '" ~ fixed_date ~ "'" if fixed_date else 'null::date' }},
            max(event_date) filter (where event_date <= known_on),
            max(event_date)
        ) as day
    from plays
    where is_dj_play and is_exact_date
)

select * from reference
