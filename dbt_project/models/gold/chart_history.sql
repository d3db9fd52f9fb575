with

runs as (select * from {{ ref('int_chart_runs') }}),

charts as (select * from {{ source('silver', 'charts') }}),

tracks as (select * from {{ ref('track_analytics') }}),

lengths as (
    select
        chart_id,
        track_id,
        run_id,
        count(*) as editions
    from runs
    group by chart_id, track_id, run_id
),

longest as (
    select
        chart_id,
        track_id,
        max(editions) as longest_run
    from lengths
    group by chart_id, track_id
),

careers as (
    select
        chart_id,
        track_id,
        min(chart_date) as debut_date,
        min_by(position, chart_date) as debut_position,
        max(chart_date) as last_date,
        max_by(position, chart_date) as last_position,
        min(position) as peak_position,
        min_by(chart_date, (position, chart_date)) as peak_date,
        count(distinct date_trunc('week', chart_date)) as weeks_on_chart,
        count(*) as editions_on_chart,
        count(*) filter (where position <= 10) as editions_in_top_10,
        count(*) filter (where position = 1) as editions_at_top,
        count(*) filter (where is_re_entry) as re_entries,
        max(edition_no) = any_value(edition_count) as is_current,
        min(edition_no) = 1 as was_there_first,
        min(stated_peak_position) as stated_peak_position,
        max(stated_weeks) as stated_weeks,
        -- by its first field; sorted after gathering, which takes far less memory than an ordered aggregate
        list_sort(list({
            'chart_date': chart_date,
            'position': position,
            'move': if(is_re_entry, null, former_position - position)
        })) as positions
    from runs
    group by chart_id, track_id
),

described as (
    select
        careers.chart_id,
        charts.name as chart_name,
        charts.provider,
        charts.chart_type,
        charts.genre as chart_genre,
        careers.track_id,
        tracks.full_track_name,
        tracks.artist,
        careers.debut_date,
        careers.debut_position,
        careers.peak_position,
        careers.peak_date,
        careers.last_date,
        careers.last_position,
        careers.weeks_on_chart,
        careers.editions_on_chart,
        careers.editions_in_top_10,
        careers.editions_at_top,
        longest.longest_run,
        careers.re_entries,
        careers.is_current,
        careers.was_there_first,
        careers.stated_peak_position,
        careers.stated_weeks,
        careers.positions
    from careers
    inner join tracks on careers.track_id = tracks.track_id
    inner join longest on careers.chart_id = longest.chart_id and careers.track_id = longest.track_id
    left join charts on careers.chart_id = charts.chart_id
)

select * from described
