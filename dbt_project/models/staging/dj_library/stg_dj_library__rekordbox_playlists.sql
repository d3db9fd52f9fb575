{{ staging_config() }}
with source as (
    select * from {{ ref('base_dj_library__rekordbox') }}
    where
        item = 'playlist'
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

        source_entity_id as playlist_key,
        element ->> '$."@Name"' as title,
        []::varchar[] as dj_names,
        null::date as event_date,
        null::varchar as event_date_precision,
        null::varchar as venue,
        'dj_library' as set_type,
        []::varchar[] as genres,
        null::bigint as duration_ms,
        null::varchar as source_url_external
    from source
)

select * from renamed
