{{ config(materialized='ephemeral') }}

with

releases as (select * from {{ source('silver', 'releases') }}),

labels as (select * from {{ source('silver', 'labels') }}),

vinyl_records as (select * from {{ source('silver', 'vinyl_records') }}),

collection_items as (select * from {{ source('silver', 'collection_items') }}),

records as (select * from {{ source('silver', 'track_records') }}),

members as (select * from {{ source('silver', 'track_members') }}),

version_of as (
    select
        'VERSION_OF' as kind,
        {{ graph_id('release', 'release_id') }} as from_id,
        {{ graph_id('master', 'master_id') }} as to_id
    from releases
    where master_id is not null
),

released_on as (
    select
        'RELEASED_ON' as kind,
        {{ graph_id('release', 'release_id') }} as from_id,
        {{ graph_id('label', work_name('label')) }} as to_id,
        catalog_number,
        release_date as date
    from releases
    where label is not null
),

pressed_at as (
    select distinct
        'PRESSED_AT' as kind,
        {{ graph_id('release', 'release_id') }} as from_id,
        {{ graph_id('plant', work_name('pressing_plant')) }} as to_id
    from vinyl_records
    where pressing_plant is not null
),

-- what is said of each sort of vinyl; of other formats only that there are some
has_format as (
    select distinct
        'HAS_FORMAT' as kind,
        {{ graph_id('release', 'release_id') }} as from_id,
        {{ graph_id('format', "'Vinyl'") }} as to_id,
        format as type,
        rpm
    from vinyl_records
    union all by name
    select distinct
        'HAS_FORMAT' as kind,
        {{ graph_id('release', 'releases.release_id') }} as from_id,
        {{ graph_id('format', 'names.format') }} as to_id
    from releases
    cross join unnest(releases.formats) as names (format)
    where names.format <> 'Vinyl'
),

-- "A1" is the first track of side A; "3" and "1-03" are places without a side
appears_on as (
    select distinct
        'APPEARS_ON' as kind,
        {{ graph_id('track', 'members.track_id') }} as from_id,
        {{ graph_id('release', 'releases.release_id') }} as to_id,
        nullif(regexp_extract(upper(trim(records.track_position)), '^([A-Z]{1,2})\d*$', 1), '') as side,
        nullif(trim(records.track_position), '') as track_position
    from records
    inner join members on records.record_id = members.record_id
    inner join releases
        on records.provider = releases.provider and records.discogs_release_id = releases.provider_release_id
),

owns as (
    select
        'OWNS' as kind,
        {{ graph_id('collector', pseudonym('user_name')) }} as from_id,
        {{ graph_id('release', 'release_id') }} as to_id,
        item_id::varchar as discriminator,
        media_condition as condition,
        rating,
        added_at::date as date
    from collection_items
    where release_id is not null
),

sublabel_of as (
    select distinct
        'SUBLABEL_OF' as kind,
        {{ graph_id('label', work_name('name')) }} as from_id,
        {{ graph_id('label', work_name('parent_label')) }} as to_id
    from labels
    where name is not null and {{ work_name('name') }} <> {{ work_name('parent_label') }}
),

edges as (
    select * from version_of
    union all by name
    select * from released_on
    union all by name
    select * from pressed_at
    union all by name
    select * from has_format
    union all by name
    select * from appears_on
    union all by name
    select * from owns
    union all by name
    select * from sublabel_of
)

select * from edges
