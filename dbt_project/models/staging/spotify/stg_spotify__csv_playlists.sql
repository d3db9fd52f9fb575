{{ staging_config() }}
{#- One answer is one track of a playlist; a playlist is all of its rows. -#}
with source as (
    {{ bronze_answers('spotify', 'playlist_tracks_csv') }}
),

playlists as (
    select
        ingest_date,
        arg_min(bronze_id, (source_row, bronze_id)) as bronze_id,
        any_value(provider) as provider,
        any_value(stream) as stream,
        max(fetched_at) as fetched_at,
        min(source_url) as source_url,
        payload ->> '$.playlist_id' as playlist_key,
        arg_max(payload ->> '$.playlist_name', (fetched_at, bronze_id)) as title,
        list_sort(list(distinct payload ->> '$.playlist_subgenre')) as subgenres
    from source
    group by ingest_date, payload ->> '$.playlist_id'
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        playlist_key,
        title,
        []::varchar[] as dj_names,
        null::date as event_date,
        null::varchar as event_date_precision,
        null::varchar as venue,
        'playlist' as set_type,
        list_filter(subgenres, lambda genre: genre <> '') as genres,
        null::bigint as duration_ms,
        'https://open.spotify.com/playlist/' || playlist_key as source_url_external
    from playlists
)

select * from renamed
