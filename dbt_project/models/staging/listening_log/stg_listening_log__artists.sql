{{ staging_config() }}
{#- Artists the log links, with their page at RateYourMusic. -#}
with source as (
    {{ bronze_answers('listening_log', 'artists') }}
)

select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,
    regexp_replace(request_key, '^artists/', '') as artist_name,
    nullif(regexp_extract(payload, 'rym:\s*(\S+)', 1), '') as page_url
from source
