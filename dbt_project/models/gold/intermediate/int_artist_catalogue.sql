{{ config(materialized='ephemeral') }}

with

credits as (select * from {{ source('silver', 'track_artists') }}),

tracks as (select * from {{ ref('track_analytics') }}),

wheel as (select * from {{ ref('camelot_wheel') }}),

-- an artist credited twice on a track (as main artist and as remixer) has one track
catalogue as (
    select distinct
        credits.artist_id,
        tracks.track_id,
        tracks.bpm,
        tracks.energy::decimal(5, 4) as energy,
        tracks.key,
        wheel.wheel_order,
        tracks.genre_primary as genre,
        tracks.chart_weeks,
        tracks.listen_count
    from credits
    inner join tracks on credits.track_id = tracks.track_id
    left join wheel on tracks.key = wheel.camelot
),

totals as (
    select
        artist_id,
        count(*) as total_tracks,
        round_even(avg(bpm), 2)::decimal(6, 2) as avg_bpm,
        round_even(avg(energy), 4)::decimal(5, 4) as avg_energy,
        coalesce(list_sort(list(distinct genre) filter (where genre is not null)), []) as genres,
        sum(chart_weeks)::bigint as chart_weeks,
        sum(listen_count)::bigint as listen_count
    from catalogue
    group by artist_id
),

keys as (
    select
        artist_id,
        key,
        wheel_order,
        count(*) as track_count
    from catalogue
    where wheel_order is not null
    group by artist_id, key, wheel_order
),

commonest_keys as (
    select
        artist_id,
        min_by(key, (-track_count, wheel_order)) as most_common_key
    from keys
    group by artist_id
),

genre_counts as (
    select
        artist_id,
        genre,
        count(*) as track_count
    from catalogue
    where genre is not null
    group by artist_id, genre
),

commonest_genres as (
    select
        artist_id,
        min_by(genre, (-track_count, genre)) as most_common_genre
    from genre_counts
    group by artist_id
),

described as (
    select
        totals.artist_id,
        totals.total_tracks,
        totals.avg_bpm,
        totals.avg_energy,
        totals.genres,
        totals.chart_weeks,
        totals.listen_count,
        commonest_keys.most_common_key,
        commonest_genres.most_common_genre
    from totals
    left join commonest_keys on totals.artist_id = commonest_keys.artist_id
    left join commonest_genres on totals.artist_id = commonest_genres.artist_id
)

select * from described
