{{ staging_config() }}
with source as (
    {{ bronze_answers('1001tracklists', 'set_documents') }}
),

named as (
    select
        *,
        payload ->> '$.event' as title,
        regexp_extract(payload ->> '$.event', '(\d{4}-\d{2}-\d{2})\s*$', 1) as date_raw,
        regexp_replace(payload ->> '$.event', '\s*\d{4}-\d{2}-\d{2}\s*$', '') as named
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

        coalesce(source_entity_id, source_url) as playlist_key,
        title,
        {{ djs_named('named') }} as dj_names,
        {{ partial_date('date_raw') }}['value']::date as event_date,
        {{ partial_date('date_raw') }}['precision']::varchar as event_date_precision,
        nullif(regexp_extract(named, '^.*?(?: @ | - )(.*)$', 1), '') as venue,
        {{ set_type_of('named', "regexp_extract(named, ' - (.*)$', 1)") }} as set_type,
        []::varchar[] as genres,
        null::bigint as duration_ms,
        null::varchar as source_url_external
    from named
)

select * from renamed
