{{ staging_config() }}
{#- Every text export parsed once. -#}
with source as (
    {{ bronze_answers('1001tracklists', 'text_exports') }}
),

parsed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,
        coalesce(source_entity_id, request_key) as playlist_key,
        parse_text_export(payload) as page
    from source
)

select
    * exclude (page),
    page ->> '$.status' as status,
    page ->> '$.reason' as status_reason,
    page
from parsed
