{{ config(materialized='ephemeral') }}

with

entries as (
    select * from {{ source('silver', 'chart_entries') }}
    where track_id is not null
),

-- a track that an edition lists twice (in two versions that are one recording) stands where it stands best
places as (
    select
        chart_id,
        chart_date,
        track_id,
        min(position) as position,
        min(peak_position) as stated_peak_position,
        max(weeks_on_chart) as stated_weeks
    from entries
    group by chart_id, chart_date, track_id
)

select * from places
