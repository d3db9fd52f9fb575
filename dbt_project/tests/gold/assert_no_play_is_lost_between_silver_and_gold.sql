-- The plays of all tracks together are the rows of DJ sets that are a valid track; fewer means one fell out.
with

plays as (select * from {{ ref('int_plays') }}),

silver_tracks as (select * from {{ source('silver', 'enriched_tracks') }}),

tracks as (select * from {{ ref('track_analytics') }}),

totals as (
    select
        (
            select count(*)
            from plays
            inner join silver_tracks on plays.track_id = silver_tracks.track_id
            where plays.is_dj_play and {{ is_valid('silver_tracks.validation_status') }}
        ) as plays_in_silver,
        (select coalesce(sum(play_count), 0) from tracks) as plays_in_gold
),

lost as (
    select
        plays_in_silver,
        plays_in_gold
    from totals
    where plays_in_silver <> plays_in_gold
)

select * from lost
