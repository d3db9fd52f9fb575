{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='snapshot_date',
    on_schema_change='append_new_columns',
    full_refresh=false
) }}

with

tracks as (select * from {{ ref('track_analytics') }}),

-- the day being run; gold built by itself is of the day silver was last built
today as (
    select
        coalesce(
            nullif(getvariable('day')::date, date '1970-01-01'),
            max((last_analyzed at time zone 'UTC')::date)
        ) as day
    from tracks
),

-- what nobody played, charted or heard has no popularity to follow
known as (
    select
        today.day as snapshot_date,
        tracks.track_id,
        tracks.popularity_score,
        rank() over (order by tracks.popularity_score desc) as popularity_rank,
        tracks.popularity_parts as known_parts,
        tracks.distinct_djs as dj_support_count,
        tracks.dj_play_count,
        tracks.playlist_appearances,
        tracks.chart_weeks as weeks_on_chart,
        tracks.chart_peak as peak_position,
        tracks.listen_count,
        if(tracks.listen_count > 0, rank() over (order by tracks.listen_count desc), null) as most_heard_rank,
        tracks.first_played as first_played_date,
        tracks.trending_score,
        tracks.recent_plays,
        tracks.prior_plays,
        tracks.trending_reference_date
    from tracks
    cross join today
    where tracks.popularity_score > 0
),

kept as (
    select max(snapshot_date) as day
    from {% if is_incremental() %}{{ this }}{% else %}known{% endif %}
),

-- a day that is run again after later ones keeps the picture of its own time
fresh as (
    select known.*
    from known
    cross join kept
    where known.snapshot_date >= coalesce(kept.day, known.snapshot_date)
)

select * from fresh
