{{ config(materialized='ephemeral') }}

-- A DJ is the artist of that name where silver knows one, else a node of its own.

with

djs as (select * from {{ ref('int_djs') }}),

nodes as (
    select
        dj_key,
        dj_name as name,
        artist_id,
        coalesce({{ graph_id('artist', 'artist_id') }}, {{ graph_id('dj', 'dj_key') }}) as node_id
    from djs
)

select * from nodes
