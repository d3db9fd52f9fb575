{{ staging_config() }}
with source as (
    select * from {{ ref('base_dj_library__rekordbox') }}
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
        'rekordbox' as program,
        upper(nullif(regexp_extract(element ->> '$."@Kind"', '^(\w+)', 1), '')) as format,
        nullif(try_cast(element ->> '$."@BitRate"' as integer), 0) as bitrate_kbps
    from source
)

select * from renamed
