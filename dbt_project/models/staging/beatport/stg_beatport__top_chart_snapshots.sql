{{ staging_config() }}
{#- When a chart was looked at, and whether that worked. -#}
with source as (
    {{ bronze_answers('beatport', 'chart_snapshots') }}
)

select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    coalesce(nullif(payload ->> '$.source_url', ''), source_url) as source_url,
    payload ->> '$.chart_id' as chart_key,
    try_cast(payload ->> '$.snapshot_date' as date) as chart_date,
    try_cast(payload ->> '$.fetched_at' as timestamp) at time zone 'UTC' as looked_at,
    payload ->> '$.status' as status,
    nullif(payload ->> '$.error', '') as error
from source
