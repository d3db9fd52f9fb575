{{ staging_config() }}
{#- Tracklist files, parsed once. -#}
with source as (
    {{ bronze_answers('tracklist_file', 'files') }}
),

parsed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        source_entity_id as playlist_key,
        parse_tracklist_file(payload)::json as list
    from source
)

select * from parsed
