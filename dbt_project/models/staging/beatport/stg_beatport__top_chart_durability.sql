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
    try_cast(payload ->> '$.first_seen_week' as date) as first_seen_week,
    try_cast(payload ->> '$.last_seen_week' as date) as last_seen_week,
    try_cast(payload ->> '$.age_weeks' as integer) as age_weeks,
    try_cast(payload ->> '$.presence_ratio' as decimal(18, 6)) as presence_ratio,
    try_cast(payload ->> '$.current_streak_weeks' as integer) as current_streak_weeks,
    try_cast(payload ->> '$.max_streak_weeks' as integer) as max_streak_weeks,
    try_cast(payload ->> '$.reentry_count' as integer) as reentry_count,
    try_cast(payload ->> '$.segments_count' as integer) as segments_count,
    try_cast(payload ->> '$.best_rank' as integer) as best_rank,
    try_cast(payload ->> '$.best_rank_week' as date) as best_rank_week,
    try_cast(payload ->> '$.avg_rank' as decimal(18, 6)) as avg_rank,
    try_cast(payload ->> '$.rank_stddev' as decimal(18, 6)) as rank_stddev,
    try_cast(payload ->> '$.top10_weeks' as integer) as top10_weeks,
    try_cast(payload ->> '$.top25_weeks' as integer) as top25_weeks,
    try_cast(payload ->> '$.last_rank' as integer) as last_rank,
    try_cast(payload ->> '$.prev_rank' as integer) as prev_rank,
    try_cast(payload ->> '$.wow_delta' as integer) as wow_delta,
    try_cast(payload ->> '$.momentum_4w' as decimal(18, 6)) as momentum_4w,
    try_cast(payload ->> '$.volatility_4w' as decimal(18, 6)) as volatility_4w,
    try_cast(payload ->> '$.durability_score' as decimal(18, 6)) as durability_score
from source
