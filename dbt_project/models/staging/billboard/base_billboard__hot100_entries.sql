{{ staging_config() }}
{#- Entries of the weekly charts, one row each. -#}
with source as (
    {{ bronze_answers('billboard', 'hot100_weeks') }}
)

select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,
    try_cast(payload ->> '$.date' as date) as chart_date,
    unnest((payload -> '$.data')::json[]) as entry
from source
