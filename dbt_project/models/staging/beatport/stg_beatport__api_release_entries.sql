{{ staging_config() }}
with source as (
    {{ http_answers('beatport', 'releases_api') }}
),

parsed as (
    select
        * exclude (payload),
        from_json(payload, '{
            "id": "VARCHAR", "name": "VARCHAR", "artists": [{"name": "VARCHAR"}], "label": {"name": "VARCHAR"},
            "catalog_number": "VARCHAR", "upc": "VARCHAR", "publish_date": "VARCHAR",
            "new_release_date": "VARCHAR", "track_count": "INTEGER", "type": {"name": "VARCHAR"},
            "price": {"value": "DOUBLE"}
        }') as release
    from source
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        release.id as provider_release_id,
        nullif(trim(release.name), '') as title,
        list_transform(release.artists, lambda a: a.name) as artists,
        case when release.label.name is not null then [release.label.name] end as labels,
        nullif(release.catalog_number, '') as catalog_number,
        nullif(release.upc, '') as barcode,
        ['File'] as formats,
        null::varchar as country,
        coalesce(release.new_release_date, release.publish_date) as released_raw,
        null::varchar[] as genres,
        null::varchar[] as styles,
        null::varchar as provider_master_id,
        release.track_count,
        lower(release.type.name) as release_type_raw,
        null::varchar as data_quality,
        null::integer as for_sale,
        release.price.value as lowest_price,

        null::json as format_details,
        null::varchar as matrix_runout,
        null::varchar as pressing_plant,
        null::varchar as notes
    from parsed
    where release.id is not null
)

select * from renamed
