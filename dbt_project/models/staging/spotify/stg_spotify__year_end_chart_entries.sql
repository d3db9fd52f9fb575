{{ staging_config() }}
with source as (
    {{ bronze_answers('spotify', 'year_end_charts') }}
)

select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,
    'Billboard Year-End Hot 100' as chart_key,
    make_date(try_cast(payload ->> '$.year' as integer), 12, 31) as chart_date,
    try_cast(payload ->> '$.chart_position' as integer) as position,
    {{ unsaid(['previous_position', 'peak_position', 'weeks_on_chart'], 'integer') }},
    source_entity_id,
    nullif(regexp_replace(payload ->> '$.artist', '\s{2,}', ', ', 'g'), '') as artist_raw,
    nullif(payload ->> '$.title', '') as title_raw,
    {{ unsaid(['mix_name_raw', 'remixer_raw', 'label_raw', 'catalog_number']) }}
from source
