{{ staging_config() }}
{#- Order in the file is the order of the playlist; a playlist listed under two subgenres counts once. -#}
with source as (
    {{ bronze_answers('spotify', 'playlist_tracks_csv') }}
),

listed as (
    select
        *,
        payload ->> '$.playlist_id' as playlist_key,
        payload ->> '$.track_id' as track_id,
        nullif(payload ->> '$.track_artist', 'NA') as artist,
        nullif(payload ->> '$.track_name', 'NA') as title
    from source
    qualify row_number() over (
        partition by ingest_date, payload ->> '$.playlist_id', payload ->> '$.track_id'
        order by source_row, bronze_id
    ) = 1
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
        row_number() over (
            partition by ingest_date, playlist_key order by source_row, bronze_id
        )::integer as position,
        case when title is null then 'unknown' else 'track' end as kind,
        false as with_previous,
        null::varchar as cue_raw,
        null::bigint as cue_ms,
        concat_ws(' - ', artist, title) as raw_text,

        artist as artist_raw,
        title as title_raw,
        null::varchar as mix_name_raw,
        null::varchar as remixer_raw,
        null::varchar as label_raw,
        null::varchar as catalog_number,
        null::varchar as genre_raw,
        try_cast(payload ->> '$.duration_ms' as bigint) as duration_ms,

        track_id as source_entity_id,
        track_id as spotify_id,
        null::varchar as beatport_id,
        null::varchar as discogs_release_id,
        null::varchar as musicbrainz_id,
        null::varchar as track_1001_id,
        null::varchar as youtube_id,
        null::varchar as deezer_id,
        null::varchar as apple_id,
        null::varchar as isrc_raw
    from listed
)

select * from renamed
