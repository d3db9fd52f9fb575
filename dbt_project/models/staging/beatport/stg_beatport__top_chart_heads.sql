{{ staging_config() }}
{#- Charts by name. The collector calls a genre's Top 100 by its slug. -#}
with source as (
    {{ bronze_answers('beatport', 'chart_heads') }}
)

select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,
    payload ->> '$.id' as chart_key,
    payload ->> '$.name' as chart_name,
    if(payload ->> '$.genre_slug' = 'overall', 'global', 'genre') as chart_type,
    nullif(nullif(payload ->> '$.genre_slug', ''), 'overall') as genre_raw,
    null::varchar as dj_name
from source
