{{ config(materialized='ephemeral') }}

with

tracks as (select * from {{ ref('track_analytics') }}),

artists as (select * from {{ source('silver', 'enriched_artists') }}),

artist_names as (select * from {{ source('silver', 'artist_names') }}),

records as (select * from {{ source('silver', 'track_records') }}),

genres as (
    select genre_primary as genre from tracks
    union
    select genre_root as genre from tracks
),

nodes as (
    select
        'Track' as kind,
        {{ graph_id('track', 'track_id') }} as node_id,
        full_track_name as name,
        artist,
        title,
        version,
        bpm,
        key,
        isrc,
        spotify_id,
        play_count,
        release_date as date
    from tracks
    union all by name
    select
        'PlatformTrack' as kind,
        {{ graph_id('entry', 'record_id') }} as node_id,
        concat_ws(' - ', artist_raw, title_raw) as name,
        artist_raw as artist,
        title_raw as title,
        mix_name_raw as version,
        provider,
        source_entity_id as provider_id,
        isrc,
        spotify_id
    from records
    where {{ is_platform_entry('provider', 'source_entity_id') }}
    union all by name
    select
        'Artist' as kind,
        {{ graph_id('artist', 'artist_id') }} as node_id,
        concat(canonical_name, ' (' || nullif(disambiguator, '') || ')') as name
    from artists
    union all by name
    select
        'Alias' as kind,
        {{ graph_id('alias', 'name_key') }} as node_id,
        name
    from artist_names
    where name_key <> lead_key
    union all by name
    select
        'Genre' as kind,
        {{ graph_id('genre', 'genre') }} as node_id,
        genre as name
    from genres
    where genre is not null
)

select * from nodes
