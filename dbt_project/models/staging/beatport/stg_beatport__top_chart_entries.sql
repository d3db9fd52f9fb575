{{ staging_config() }}
{#- Places of the collected charts; a snapshot is called "<chart>:<date>". -#}
with source as (
    {{ bronze_answers('beatport', 'chart_entries') }}
)

select
    ingest_date,
    bronze_id,
    provider,
    'chart_tracks' as stream, -- of the track's record: the entry names it by the id it has there
    fetched_at,
    source_url,
    regexp_extract(payload ->> '$.snapshot_id', '^(.*):', 1) as chart_key,
    try_cast(regexp_extract(payload ->> '$.snapshot_id', ':(\d{4}-\d{2}-\d{2})$', 1) as date) as chart_date,
    try_cast(payload ->> '$.rank' as integer) as position,
    null::integer as previous_position,
    null::integer as peak_position,
    null::integer as weeks_on_chart,
    payload ->> '$.track_id' as source_entity_id,
    {{ unsaid(['artist_raw', 'title_raw', 'mix_name_raw', 'remixer_raw', 'label_raw', 'catalog_number']) }}
from source
