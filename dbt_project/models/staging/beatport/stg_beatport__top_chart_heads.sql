{{ staging_config() }}
{#- Charts by name: "<genre> Top 100" or "<genre> Hype 100", which lists what newcomers sell. -#}
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
    if(
        payload ->> '$.genre_slug' in ('', 'overall'), null,
        regexp_replace(payload ->> '$.name', ' (Top|Hype) 100$', '')
    ) as genre_raw,
    null::varchar as dj_name
from source
