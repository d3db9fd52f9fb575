with

edges as (
    select * from {{ ref('int_graph_edges_played') }}
    union all by name
    select * from {{ ref('int_graph_edges_charted') }}
    union all by name
    select * from {{ ref('int_graph_edges_released') }}
    union all by name
    select * from {{ ref('int_graph_edges_same') }}
),

nodes as (select * from {{ ref('graph_nodes') }}),

-- what leads to or from something that is not in gold (a track without a name, an artist gone) is left out
tied as (
    select edges.*
    from edges
    semi join nodes as starts on edges.from_id = starts.node_id
    semi join nodes as ends on edges.to_id = ends.node_id
),

described as (
    select
        md5(concat_ws(
            chr(31), kind, from_id, to_id, discriminator, position, track_position, type, rpm, role
        ))::uuid as edge_id,
        kind,
        from_id,
        to_id,
        position::integer as position,
        cue_time,
        date,
        stage,
        play_count,
        role,
        type,
        rpm::integer as rpm,
        side,
        track_position,
        catalog_number,
        condition,
        rating::integer as rating,
        confidence,
        method
    from tied
)

select * from described
