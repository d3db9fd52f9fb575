{{ staging_config() }}
{#- What each page turned out to be. -#}
select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,
    null::smallint as http_status,
    title as playlist_key,
    status,
    status_reason,
    json_array_length(page, '$.rows')::integer as row_count
from {{ ref('base_mixesdb__pages') }}
{% if is_incremental() %}where ingest_date = getvariable('day'){% endif %}
