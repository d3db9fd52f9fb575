{{ staging_config() }}
{#- What the charts' collector computed per chart and track: an outside opinion to compare our own with. -#}
with source as (
    {{ bronze_answers('beatport', 'chart_durability') }}
)

select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,
    payload ->> '$.chart_id' as chart_key,
    payload ->> '$.track_id' as source_entity_id,
    try_cast(payload ->> '$.as_of_week' as date) as as_of_week,
    try_cast(payload ->> '$.weeks_on_chart' as integer) as weeks_on_chart,
    try_cast(payload ->> '$.best_rank' as integer) as best_rank,
    try_cast(payload ->> '$.last_rank' as integer) as last_rank,
    try_cast(payload ->> '$.reentry_count' as integer) as reentry_count,
    try_cast(payload ->> '$.durability_score' as decimal(18, 6)) as durability_score
from source
