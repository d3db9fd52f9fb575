{{ staging_config() }}
with source as (
    {{ bronze_answers('mixesdb', 'djmix_mixes') }}
),

titled as (
    select
        *,
        bronze_id as mix_id,
        payload ->> '$.title' as title,
        list_transform(
            json_extract_string(payload, '$.tags[*].key'),
            lambda tag: trim(regexp_replace(tag, '^Category:|\s*\([^)]*\)$', '', 'g'))
        ) as tags
    from source
),

{{ mixesdb_mixes() }},

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        coalesce(payload ->> '$.url', source_url) as source_url,

        source_entity_id as playlist_key,
        title,
        dj_names,
        {{ partial_date('date_raw') }}['value']::date as event_date,
        {{ partial_date('date_raw') }}['precision']::varchar as event_date_precision,
        venue,
        set_type,
        genres,
        null::bigint as duration_ms,
        nullif(payload ->> '$.audio_url', '') as source_url_external
    from mixes
)

select * from renamed
