with

releases as (select * from {{ source('silver', 'releases') }}),

masters as (select * from {{ source('silver', 'masters') }}),

vinyl_records as (select * from {{ source('silver', 'vinyl_records') }}),

on_vinyl as (select distinct release_id from vinyl_records),

ordered as (
    select
        releases.master_id,
        row_number() over in_order as version_number,
        releases.release_id,
        coalesce(masters.title, releases.title) as master_title,
        releases.title,
        releases.artists,
        releases.label,
        releases.catalog_number,
        releases.country,
        releases.formats,
        on_vinyl.release_id is not null as is_on_vinyl,
        releases.release_date,
        releases.release_date_precision,
        year(releases.release_date) - year(min(releases.release_date) over of_master) as years_after_first,
        coalesce(masters.main_release_id = releases.release_id, false) as is_main_release,
        count(*) over of_master as versions_known,
        masters.versions_count as versions_stated,
        releases.source_url
    from releases
    left join masters on releases.master_id = masters.master_id
    left join on_vinyl on releases.release_id = on_vinyl.release_id
    where releases.master_id is not null
    window
        of_master as (partition by releases.master_id),
        in_order as (
            partition by releases.master_id
            order by
                releases.release_date nulls last,
                try_cast(releases.provider_release_id as bigint),
                releases.release_id
        )
)

select * from ordered
