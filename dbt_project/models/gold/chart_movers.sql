with

runs as (select * from {{ ref('int_chart_runs') }}),

charts as (select * from {{ source('silver', 'charts') }}),

tracks as (select * from {{ ref('track_analytics') }}),

newest as (
    select * from runs
    where edition_no = edition_count
),

-- on the edition before, and not on the newest
gone as (
    select former.*
    from runs as former
    left join newest on former.chart_id = newest.chart_id and former.track_id = newest.track_id
    where former.edition_no = former.edition_count - 1 and newest.track_id is null
),

newest_dates as (
    select
        chart_id,
        max(chart_date) as chart_date
    from newest
    group by chart_id
),

moved as (
    select
        chart_id,
        track_id,
        chart_date,
        position,
        if(is_re_entry, null, former_position) as previous_position,
        case
            when edition_count = 1 then 'first edition'
            when former_position is null then 'new'
            when is_re_entry then 're-entry'
            when position < former_position then 'up'
            when position > former_position then 'down'
            else 'same'
        end as movement
    from newest
    union all
    select
        gone.chart_id,
        gone.track_id,
        newest_dates.chart_date,
        null as position,
        gone.position as previous_position,
        'out' as movement
    from gone
    inner join newest_dates on gone.chart_id = newest_dates.chart_id
),

described as (
    select
        moved.chart_id,
        charts.name as chart_name,
        charts.provider,
        charts.chart_type,
        charts.genre as chart_genre,
        moved.chart_date,
        moved.movement,
        moved.position,
        moved.previous_position,
        moved.previous_position - moved.position as places_gained,
        moved.track_id,
        tracks.full_track_name,
        tracks.artist
    from moved
    inner join tracks on moved.track_id = tracks.track_id
    left join charts on moved.chart_id = charts.chart_id
)

select * from described
