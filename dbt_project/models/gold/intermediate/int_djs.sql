{{ config(materialized='ephemeral') }}

with

playlists as (
    select * from {{ source('silver', 'enriched_playlists') }}
    where {{ is_dj_set('set_type') }}
),

sets as (select * from {{ source('silver', 'dj_sets') }}),

charts as (select * from {{ source('silver', 'charts') }}),

artists as (select * from {{ source('silver', 'enriched_artists') }}),

named as (
    select unnest(dj_names) as dj_name from playlists
    union all
    select unnest(dj_names) as dj_name from sets
    union all
    select dj_name from charts
),

spelt as (
    select
        {{ dj_key('dj_name') }} as dj_key,
        trim(dj_name) as dj_name,
        count(*) as uses
    from named
    where {{ dj_key('dj_name') }} is not null
    group by dj_key, trim(dj_name)
),

djs as (
    select
        dj_key,
        min_by(dj_name, (-uses, dj_name)) as dj_name
    from spelt
    group by dj_key
),

artist_spellings as (
    select
        artist_id,
        unnest(list_append(coalesce(aliases, []), canonical_name)) as spelling
    from artists
),

-- a name that two artists bear says nothing about which of them played
artist_names as (
    select
        {{ dj_key('spelling') }} as dj_key,
        min(artist_id) as artist_id
    from artist_spellings
    group by {{ dj_key('spelling') }}
    having count(distinct artist_id) = 1
),

described as (
    select
        djs.dj_key,
        djs.dj_name,
        artist_names.artist_id
    from djs
    left join artist_names on djs.dj_key = artist_names.dj_key
)

select * from described
