{{ staging_config() }}
{#- How many tracks a label had in a genre's Top 100 of a month. -#}
with source as (
    {{ bronze_answers('beatport', 'chart_genre_labels') }}
)

select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,
    try_cast(payload ->> '$.date' as date) as chart_month,
    payload ->> '$.genre' as genre_raw,
    payload ->> '$.label' as label_raw,
    try_cast(payload ->> '$.value' as integer) as tracks_count
from source
