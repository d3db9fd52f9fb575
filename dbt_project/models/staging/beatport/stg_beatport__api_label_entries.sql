{{ staging_config() }}
with source as (
    {{ http_answers('beatport', 'labels_api') }}
),

parsed as (
    select
        * exclude (payload),
        from_json(payload, '{
            "id": "VARCHAR", "name": "VARCHAR", "slug": "VARCHAR", "bio": "VARCHAR"
        }') as label
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

        label.id as provider_label_id,
        nullif(trim(label.name), '') as name,
        label.slug,
        nullif(trim(label.bio), '') as profile,
        null::varchar as parent_label,
        null::varchar as parent_label_id,
        null::varchar[] as sublabels,
        null::varchar as contact_info,
        null::varchar[] as urls,
        null::integer as established_year,
        null::varchar as data_quality
    from parsed
    where label.id is not null
)

select * from renamed
