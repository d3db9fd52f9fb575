{{ config(materialized='ephemeral') }}

with

plays as (select * from {{ ref('int_plays') }}),

reference as (select * from {{ ref('int_trending_reference') }}),

dated as (
    select
        plays.track_id,
        {{ dated_play('plays', 'reference.day') }}
    from plays
    cross join reference
),

counts as (
    select
        track_id,
        count(distinct appearance_id) as playlist_appearances,
        {{ counted_plays() }}
    from dated
    group by track_id
),

supporters as (
    select distinct
        track_id,
        unnest(dj_keys) as dj_key
    from plays
    where is_dj_play
),

support as (
    select
        track_id,
        count(*) as distinct_djs
    from supporters
    group by track_id
),

described as (
    select
        counts.track_id,
        counts.playlist_appearances,
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
    left join support on counts.track_id = support.track_id
    cross join reference
)

select * from described
