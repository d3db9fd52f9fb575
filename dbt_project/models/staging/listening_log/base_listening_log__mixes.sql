{{ staging_config() }}
{#- Every entry of the log parsed once. -#}
with source as (
    {{ bronze_answers('listening_log', 'mixes') }}
)

select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,
    regexp_replace(request_key, '^mixes/', '') as entry_key,
    parse_logged_mix(payload)::json as mix
from source
