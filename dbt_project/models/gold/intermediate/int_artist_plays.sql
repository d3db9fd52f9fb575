{{ config(materialized='ephemeral') }}

with

credits as (select * from {{ source('silver', 'track_artists') }}),

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
),

credited as (
    select distinct
        artist_id,
        track_id
    from credits
),

-- a play dated only to the month or year belongs to no window
artist_plays as (
    select
        credited.artist_id,
        plays.playlist_id,
        plays.is_dj_play,
        plays.event_date,
        case
            when plays.is_dj_play and plays.is_exact_date
                then reference.day - plays.event_date
        end as days_ago
    from plays
    inner join credited on plays.track_id = credited.track_id
    cross join reference
),

supporters as (
    select distinct
        plays.track_id,
        lower(trim(djs.dj_name)) as dj
    from plays
    cross join unnest(plays.dj_names) as djs (dj_name)
    where plays.is_dj_play and trim(djs.dj_name) <> ''
),

support as (
    select
        credited.artist_id,
        count(distinct supporters.dj) as distinct_djs
    from supporters
    inner join credited on supporters.track_id = credited.track_id
    group by credited.artist_id
),
{% set recent_days = gold_setting('trending_recent_days') -%}
{% set all_days = recent_days ~ ' + ' ~ gold_setting('trending_prior_days') %}
counts as (
    select
        artist_id,
        count(distinct playlist_id) as total_playlists,
        count(*) filter (where is_dj_play) as dj_play_count,
        min(event_date) filter (where is_dj_play) as first_played,
        max(event_date) filter (where is_dj_play) as last_played,
        count(*) filter (where days_ago >= 0 and days_ago < {{ recent_days }}) as recent_plays,
        count(*) filter (where days_ago >= {{ recent_days }} and days_ago < {{ all_days }}) as prior_plays,
        count(days_ago) as dated_plays
    from artist_plays
    group by artist_id
),

described as (
    select
        counts.artist_id,
        counts.total_playlists,
        counts.dj_play_count,
        coalesce(support.distinct_djs, 0) as distinct_djs,
        counts.first_played,
        counts.last_played,
        counts.recent_plays,
        counts.prior_plays,
        case
            when counts.dated_plays > 0 then {{ trending_score('counts.recent_plays', 'counts.prior_plays') }}
        end as trending_score,
        reference.day as trending_reference_date
    from counts
    left join support on counts.artist_id = support.artist_id
    cross join reference
)

select * from described
