{{ config(materialized='ephemeral') }}

-- A DJ is the artist of that name where silver found one, else a node of its own.

with

sets as (select * from {{ source('silver', 'dj_sets') }}),

performances as (select * from {{ source('silver', 'performances') }}),

playlists as (select * from {{ source('silver', 'enriched_playlists') }}),

charts as (select * from {{ source('silver', 'charts') }}),

mentions as (
    select
        djs.dj_name,
        null::uuid as artist_id
    from sets
    cross join unnest(sets.dj_names) as djs (dj_name)
    union all
    select
        djs.dj_name,
        null::uuid as artist_id
    from playlists
    cross join unnest(playlists.dj_names) as djs (dj_name)
    where {{ is_dj_set('playlists.set_type') }}
    union all
    select
        dj_names[1] as dj_name,
        artist_id
    from playlists
    where {{ is_dj_set('set_type') }}
    union all
    select
        dj_name,
        artist_id
    from performances
    union all
    select
        dj_name,
        null::uuid as artist_id
    from charts
),

named as (
    select
        {{ dj_key('dj_name') }} as dj_key,
        min(trim(dj_name)) as name,
        min(artist_id) as artist_id
    from mentions
    where {{ dj_key('dj_name') }} is not null
    group by {{ dj_key('dj_name') }}
),

djs as (
    select
        dj_key,
        name,
        artist_id,
        coalesce({{ graph_id('artist', 'artist_id') }}, {{ graph_id('dj', 'dj_key') }}) as node_id
    from named
)

select * from djs
