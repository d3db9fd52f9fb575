with

nodes as (
    select * from {{ ref('int_graph_music_nodes') }}
    union all by name
    select * from {{ ref('int_graph_catalogue_nodes') }}
    union all by name
    select * from {{ ref('int_graph_scene_nodes') }}
),

described as (
    select
        node_id,
        kind,
        name,
        provider,
        provider_id,
        artist,
        title,
        version,
        bpm,
        key,
        isrc,
        spotify_id,
        play_count,
        date,
        country,
        type
    from nodes
)

select * from described
