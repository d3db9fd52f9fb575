{{ staging_config() }}
select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,
    'Hot 100' as chart_key,
    chart_date,
    (entry ->> '$.this_week')::integer as position,
    try_cast(entry ->> '$.last_week' as integer) as previous_position,
    try_cast(entry ->> '$.peak_position' as integer) as peak_position,
    try_cast(entry ->> '$.weeks_on_chart' as integer) as weeks_on_chart,
    null::varchar as source_entity_id,
    nullif(trim(entry ->> '$.artist'), '') as artist_raw,
    nullif(trim(entry ->> '$.song'), '') as title_raw,
    {{ unsaid(['mix_name_raw', 'remixer_raw', 'label_raw', 'catalog_number']) }}
from {{ ref('base_billboard__hot100_entries') }}
{% if is_incremental() %}where ingest_date = getvariable('day'){% endif %}
