{{ config(materialized='ephemeral') }}

with

records as (select * from {{ source('silver', 'track_records') }}),

members as (select * from {{ source('silver', 'track_members') }}),

artist_names as (select * from {{ source('silver', 'artist_names') }}),

credits as (select * from {{ source('silver', 'track_artists') }}),

same_as as (
    select
        'SAME_AS' as kind,
        {{ graph_id('entry', 'records.record_id') }} as from_id,
        {{ graph_id('track', 'members.track_id') }} as to_id,
        members.match_confidence as confidence,
        members.match_method as method
    from records
    inner join members on records.record_id = members.record_id
    where {{ is_platform_entry('records.provider', 'records.source_entity_id') }}
),

alias_of as (
    select
        'ALIAS_OF' as kind,
        {{ graph_id('alias', 'name_key') }} as from_id,
        {{ graph_id('artist', 'artist_id') }} as to_id,
        match_confidence as confidence,
        match_method as method
    from artist_names
    where name_key <> lead_key
),

credited_on as (
    select
        'CREDITED_ON' as kind,
        {{ graph_id('artist', 'artist_id') }} as from_id,
        {{ graph_id('track', 'track_id') }} as to_id,
        role,
        min(position) as position
    from credits
    group by artist_id, track_id, role
),

edges as (
    select * from same_as
    union all by name
    select * from alias_of
    union all by name
    select * from credited_on
)

select * from edges
