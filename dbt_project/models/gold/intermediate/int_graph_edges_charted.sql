{{ config(materialized='ephemeral') }}

with

tracks as (select * from {{ ref('track_analytics') }}),

charts as (select * from {{ source('silver', 'charts') }}),

chart_entries as (select * from {{ source('silver', 'chart_entries') }}),

djs as (select * from {{ ref('int_graph_djs') }}),

peaks as (
    select
        chart_id,
        track_id,
        min(position) as position,
        min_by(chart_date, (position, chart_date)) as date
    from chart_entries
    where track_id is not null
    group by chart_id, track_id
),

peaked_at as (
    select
        'PEAKED_AT' as kind,
        {{ graph_id('track', 'track_id') }} as from_id,
        {{ graph_id('chart', 'chart_id') }} as to_id,
        position,
        date
    from peaks
),

charted_by as (
    select
        'CHARTED_BY' as kind,
        {{ graph_id('track', 'peaks.track_id') }} as from_id,
        djs.node_id as to_id,
        min(peaks.position) as position,
        min_by(peaks.date, (peaks.position, peaks.date)) as date
    from peaks
    inner join charts on peaks.chart_id = charts.chart_id
    inner join djs on {{ dj_key('charts.dj_name') }} = djs.dj_key
    group by peaks.track_id, djs.node_id
),

in_genre as (
    select
        'IN_GENRE' as kind,
        {{ graph_id('track', 'track_id') }} as from_id,
        {{ graph_id('genre', 'genre_primary') }} as to_id
    from tracks
    where genre_primary is not null
),

nested as (
    select
        genre_primary as genre,
        genre_root as root,
        count(*) as track_count
    from tracks
    where genre_primary <> genre_root
    group by genre_primary, genre_root
),

-- providers file tracks differently: a genre lies in the root that most of its tracks have, unless that root
-- lies in it on more of them
subgenre_of as (
    select
        'SUBGENRE_OF' as kind,
        {{ graph_id('genre', 'nested.genre') }} as from_id,
        {{ graph_id('genre', 'nested.root') }} as to_id
    from nested
    left join nested as turned on nested.genre = turned.root and nested.root = turned.genre
    where
        turned.track_count is null
        or (nested.track_count, turned.genre) > (turned.track_count, nested.genre)
    qualify
        row_number() over (
            partition by nested.genre order by nested.track_count desc, nested.root asc
        ) = 1
),

edges as (
    select * from peaked_at
    union all by name
    select * from charted_by
    union all by name
    select * from in_genre
    union all by name
    select * from subgenre_of
)

select * from edges
