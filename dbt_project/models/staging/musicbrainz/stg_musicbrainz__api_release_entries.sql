{{ staging_config() }}
with source as (
    {{ http_answers('musicbrainz', 'releases_api') }}
),

parsed as (
    select
        * exclude (payload),
        from_json(payload, '{
            "id": "VARCHAR", "title": "VARCHAR", "barcode": "VARCHAR", "country": "VARCHAR", "date": "VARCHAR",
            "artist-credit": [{"name": "VARCHAR"}],
            "label-info": [{"catalog-number": "VARCHAR", "label": {"name": "VARCHAR"}}],
            "media": [{"format": "VARCHAR", "track-count": "INTEGER"}],
            "release-group": {"id": "VARCHAR", "primary-type": "VARCHAR", "secondary-types": ["VARCHAR"]},
            "genres": [{"name": "VARCHAR", "count": "INTEGER"}]
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
        nullif(trim(release.title), '') as title,
        list_transform(release."artist-credit", lambda a: a.name) as artists,
        list_filter(
            list_transform(release."label-info", lambda l: l.label.name), lambda name: name is not null
        ) as labels,
        nullif(release."label-info"[1]."catalog-number", '') as catalog_number,
        nullif(release.barcode, '') as barcode,
        list_transform(release.media, lambda m: m.format) as formats,
        nullif(release.country, '') as country,
        nullif(release.date, '') as released_raw,
        list_transform(release.genres, lambda g: g.name) as genres,
        null::varchar[] as styles,
        release."release-group".id as provider_master_id,
        list_sum(list_transform(release.media, lambda m: m."track-count"))::integer as track_count,
        case
            when list_contains(release."release-group"."secondary-types", 'Compilation') then 'compilation'
            else lower(release."release-group"."primary-type")
        end as release_type_raw,
        null::varchar as data_quality,
        null::integer as for_sale,
        null::double as lowest_price,

        null::json as format_details,
        null::varchar as matrix_runout,
        null::varchar as pressing_plant,
        null::varchar as notes
    from parsed
    where release.id is not null
)

select * from renamed
