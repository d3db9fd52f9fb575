{{ staging_config() }}
with titled as (
    select
        *,
        bronze_id || '/' || title as mix_id,
        list_transform(
            json_extract_string(page, '$.categories[*]'),
            lambda tag: trim(regexp_replace(tag, '\s*\([^)]*\)$', ''))
        ) as tags
    from {{ ref('base_mixesdb__pages') }}
    where
        status = 'tracklist'
        {% if is_incremental() %}and ingest_date = getvariable('day'){% endif %}
),

{{ mixesdb_mixes() }},

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        title as playlist_key,
        title,
        dj_names,
        {{ partial_date('date_raw') }}['value']::date as event_date,
        {{ partial_date('date_raw') }}['precision']::varchar as event_date_precision,
        venue,
        set_type,
        genres,
        (page ->> '$.duration_ms')::bigint as duration_ms,
        json_extract_string(page, '$.players[0]') as source_url_external
    from mixes
)

select * from renamed
