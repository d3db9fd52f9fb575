{{ staging_config() }}
{#- Archived playlists. One row per playlist and day of ingestion. -#}
with source as (
    {{ bronze_answers('spotify', 'playlist_archive') }}
)

select
    ingest_date,
    arg_min(bronze_id, (source_row, bronze_id)) as bronze_id,
    any_value(provider) as provider,
    any_value(stream) as stream,
    max(fetched_at) as fetched_at,
    min(source_url) as source_url,
    payload ->> '$.playlist_id' as playlist_key,
    arg_max(payload ->> '$.playlist_name', (fetched_at, source_row, bronze_id)) as title,
    []::varchar[] as dj_names,
    null::date as event_date,
    {{ unsaid(['event_date_precision', 'venue']) }},
    'playlist' as set_type,
    []::varchar[] as genres,
    null::bigint as duration_ms,
    'https://open.spotify.com/playlist/' || playlist_key as source_url_external
from source
group by ingest_date, payload ->> '$.playlist_id'
