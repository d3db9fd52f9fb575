{{ staging_config() }}
{#- What the listener thought of each mix, from 0 to 10. -#}
select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,
    entry_key,
    mix ->> '$.tracklist_1001_id' as tracklist_1001_id,
    mix ->> '$.title' as title,
    (mix ->> '$.score')::decimal(3, 1) as score,
    json_array_length(mix, '$.liked')::integer as liked_count
from {{ ref('base_listening_log__mixes') }}
{% if is_incremental() %}where ingest_date = getvariable('day'){% endif %}
