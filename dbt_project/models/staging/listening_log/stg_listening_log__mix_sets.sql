{{ staging_config() }}
{#- Mixes somebody listened to; where the entry links 1001Tracklists, the set is that one. -#}
with mixes as (
    select
        *,
        mix ->> '$.title' as title
    from {{ ref('base_listening_log__mixes') }}
    {% if is_incremental() %}where ingest_date = getvariable('day'){% endif %}
)

select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,
    coalesce(mix ->> '$.tracklist_1001_id', entry_key) as set_key,
    mix ->> '$.tracklist_1001_id' as tracklist_1001_id,
    title,
    json_extract_string(mix, '$.artists[*]') as dj_names,
    {{ partial_date("(mix ->> '$.date')") }}['value']::date as event_date,
    {{ partial_date("(mix ->> '$.date')") }}['precision']::varchar as event_date_precision,
    {{ set_type_of('title', "regexp_extract(title, ' - (.*)$', 1)") }} as set_type,
    []::varchar[] as genres,
    (mix ->> '$.duration_ms')::bigint as duration_ms,
    (mix ->> '$.stated_tracks')::integer as stated_tracks,
    {{ unsaid(['stated_identified', 'play_count', 'favorite_count'], 'integer') }},
    list_filter(json_extract_string(mix, '$.links[*]'), lambda link: not contains(link, '1001.tl'))
        as recording_urls,
    '[]'::json as sources
from mixes
