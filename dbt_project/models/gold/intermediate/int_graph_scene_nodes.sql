{{ config(materialized='ephemeral') }}

with

sets as (select * from {{ source('silver', 'dj_sets') }}),

festivals as (select * from {{ source('silver', 'festivals') }}),

charts as (select * from {{ source('silver', 'charts') }}),

djs as (select * from {{ ref('int_graph_djs') }}),

nodes as (
    select
        'DJSet' as kind,
        {{ graph_id('set', 'set_id') }} as node_id,
        title as name,
        provider,
        set_key as provider_id,
        event_date as date,
        country,
        set_type as type
    from sets
    union all by name
    select
        'DJ' as kind,
        node_id,
        name
    from djs
    where artist_id is null
    union all by name
    select
        'Festival' as kind,
        {{ graph_id('festival', 'festival_id') }} as node_id,
        concat_ws(' ', name, edition) as name,
        start_date as date,
        country
    from festivals
    union all by name
    select
        'Chart' as kind,
        {{ graph_id('chart', 'chart_id') }} as node_id,
        name,
        provider,
        chart_key as provider_id,
        last_date as date,
        chart_type as type
    from charts
)

select * from nodes
