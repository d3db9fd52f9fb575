{{ config(materialized='ephemeral') }}

with

entries as (select * from {{ source('silver', 'chart_entries') }}),

places as (select * from {{ ref('int_chart_places') }}),

-- editions are numbered as the lake has them: one it does not have tells nothing about who was on it
editions as (
    select
        chart_id,
        chart_date,
        row_number() over (partition by chart_id order by chart_date) as edition_no,
        count(*) over (partition by chart_id) as edition_count
    from entries
    group by chart_id, chart_date
),

followed as (
    select
        places.chart_id,
        places.track_id,
        places.chart_date,
        places.position,
        places.stated_peak_position,
        places.stated_weeks,
        editions.edition_no,
        editions.edition_count,
        lag(places.position) over run as former_position,
        lag(editions.edition_no) over run as former_edition_no,
        row_number() over run as appearance_no
    from places
    inner join editions on places.chart_id = editions.chart_id and places.chart_date = editions.chart_date
    window run as (partition by places.chart_id, places.track_id order by places.chart_date)
),

-- editions in a row share what is left of their number without the appearances so far
runs as (
    select
        *,
        former_edition_no < edition_no - 1 as is_re_entry,
        edition_no - appearance_no as run_id
    from followed
)

select * from runs
