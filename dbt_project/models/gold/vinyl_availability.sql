with

releases as (select * from {{ source('silver', 'releases') }}),

vinyl_records as (select * from {{ source('silver', 'vinyl_records') }}),

discs as (
    select
        release_id,
        coalesce(list_sort(list(distinct format) filter (where format is not null)), []) as formats,
        coalesce(list_sort(list(distinct rpm) filter (where rpm is not null)), []) as speeds,
        sum(quantity)::integer as discs,
        bool_or(limited_edition) as limited_edition
    from vinyl_records
    group by release_id
),

offered as (
    select
        releases.release_id,
        releases.title,
        releases.artists,
        releases.label,
        releases.catalog_number,
        discs.formats,
        discs.speeds,
        discs.discs,
        discs.limited_edition,
        releases.country,
        releases.release_date,
        releases.release_date_precision,
        -- answers name no currency: a price asked for in none is in the marketplace's own
        if(
            releases.for_sale > 0 and releases.lowest_price is not null,
            '{{ gold_setting('release_price_currency') }}', null
        ) as currency,
        releases.for_sale as copies,
        if(releases.for_sale > 0, releases.lowest_price, null) as lowest_price,
        releases.fetched_at as seen_at,
        releases.source_url
    from releases
    inner join discs on releases.release_id = discs.release_id
)

select * from offered
