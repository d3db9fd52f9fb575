{{ staging_config() }}
{#- When a track was in a playlist. The archive began on 2019-05-25: that day means "on or before". -#}
with source as (
    {{ bronze_answers('spotify', 'playlist_archive') }}
)

select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,
    payload ->> '$.playlist_id' as playlist_key,
    source_entity_id,
    try_cast(payload ->> '$.added' as date) as added_on,
    try_cast(nullif(payload ->> '$.removed', '') as date) as removed_on,
    (payload ->> '$.added') = '2019-05-25' as added_on_or_before
from source
