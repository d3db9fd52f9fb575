{{ config(materialized='ephemeral') }}

with

releases as (select * from {{ source('silver', 'releases') }}),

masters as (select * from {{ source('silver', 'masters') }}),

labels as (select * from {{ source('silver', 'labels') }}),

vinyl_records as (select * from {{ source('silver', 'vinyl_records') }}),

collection_items as (select * from {{ source('silver', 'collection_items') }}),

-- a master that only its versions name is called after the one that came out first
master_names as (
    select
        releases.master_id,
        coalesce(
            any_value(masters.title), min_by(releases.title, (releases.release_date, releases.release_id))
        ) as name,
        any_value(releases.provider) as provider,
        any_value(releases.provider_master_id) as provider_id
    from releases
    left join masters on releases.master_id = masters.master_id
    where releases.master_id is not null
    group by releases.master_id
),

label_names as (
    select name from labels
    union all
    select parent_label as name from labels
    union all
    select label as name from releases
),

format_names as (
    select 'Vinyl' as format
    from vinyl_records
    union
    select names.format
    from releases
    cross join unnest(releases.formats) as names (format)
),

nodes as (
    select
        'Release' as kind,
        {{ graph_id('release', 'release_id') }} as node_id,
        title as name,
        provider,
        provider_release_id as provider_id,
        array_to_string(artists, ', ') as artist,
        title,
        release_date as date,
        country,
        release_type as type
    from releases
    union all by name
    select
        'MasterRelease' as kind,
        {{ graph_id('master', 'master_id') }} as node_id,
        name,
        provider,
        provider_id
    from master_names
    union all by name
    select
        'Label' as kind,
        {{ graph_id('label', work_name('name')) }} as node_id,
        min(name) as name
    from label_names
    where name is not null
    group by {{ work_name('name') }}
    union all by name
    select
        'PressingPlant' as kind,
        {{ graph_id('plant', work_name('pressing_plant')) }} as node_id,
        min(pressing_plant) as name
    from vinyl_records
    where pressing_plant is not null
    group by {{ work_name('pressing_plant') }}
    union all by name
    select
        'Format' as kind,
        {{ graph_id('format', 'format') }} as node_id,
        format as name
    from format_names
    where format is not null
    union all by name
    select distinct
        'Collector' as kind,
        {{ graph_id('collector', pseudonym('user_name')) }} as node_id,
        'collector ' || {{ pseudonym('user_name') }} as name
    from collection_items
    where user_name is not null
)

select * from nodes
