{{ config(materialized='ephemeral') }}

with

credits as (select * from {{ source('silver', 'track_artists') }}),

plays as (select * from {{ ref('int_plays') }}),

reference as (select * from {{ ref('int_trending_reference') }}),

credited as (
    select distinct
        artist_id,
        track_id
    from credits
),

artist_plays as (
    select
        credited.artist_id,
        {{ dated_play('plays', 'reference.day') }}
    from plays
    inner join credited on plays.track_id = credited.track_id
    cross join reference
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
        credited.artist_id,
        count(distinct supporters.dj_key) as distinct_djs
    from supporters
    inner join credited on supporters.track_id = credited.track_id
    group by credited.artist_id
),

counts as (
    select
        artist_id,
        count(distinct appearance_id) as total_playlists,
        {{ counted_plays() }}
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
