{{ config(materialized='ephemeral') }}

with

sets as (select * from {{ source('silver', 'dj_sets') }}),

-- of the lists of one set the fullest comes first
lists as (
    select
        listed.playlist_id,
        sets.set_id,
        row_number() over (
            partition by sets.set_id
            order by sets.playlist_id is distinct from listed.playlist_id, listed.playlist_id
        ) as list_no,
        len(sets.playlist_ids) as list_count
    from sets
    cross join unnest(sets.playlist_ids) as listed (playlist_id)
    qualify row_number() over (partition by listed.playlist_id order by sets.set_id) = 1
)

select * from lists
