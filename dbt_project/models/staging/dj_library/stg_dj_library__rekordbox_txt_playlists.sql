{{ staging_config() }}
{#- One answer is one row of the export; the export is one playlist, named like its file. -#}
with source as (
    {{ bronze_answers('dj_library', 'rekordbox_txt') }}
),

playlists as (
    select
        ingest_date,
        arg_min(bronze_id, (source_row, bronze_id)) as bronze_id,
        any_value(provider) as provider,
        any_value(stream) as stream,
        max(fetched_at) as fetched_at,
        min(source_url) as source_url,
        split_part(request_key, '/', 1) as library
    from source
    group by ingest_date, split_part(request_key, '/', 1)
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        library as playlist_key,
        library as title,
        []::varchar[] as dj_names,
        null::date as event_date,
        null::varchar as event_date_precision,
        null::varchar as venue,
        'dj_library' as set_type,
        []::varchar[] as genres,
        null::bigint as duration_ms,
        null::varchar as source_url_external
    from playlists
)

select * from renamed
