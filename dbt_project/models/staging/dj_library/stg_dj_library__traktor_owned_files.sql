{{ staging_config() }}
with source as (
    select * from {{ ref('base_dj_library__traktor') }}
    where
        item = 'track'
        {% if is_incremental() %}and ingest_date = getvariable('day'){% endif %}
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        source_entity_id,
        library,
        'traktor' as program,
        upper(nullif(regexp_extract(element ->> '$.LOCATION[0]."@FILE"', '\.(\w{2,5})$', 1), '')) as format,
        nullif(
            round(try_cast(element ->> '$.INFO[0]."@BITRATE"' as integer) / 1000)::integer, 0
        ) as bitrate_kbps
    from source
)

select * from renamed
