{{ staging_config() }}
{#- The genre is the one of the playlist a track was collected from, not Spotify's word on the track. `NA` is
    how the exporting program wrote a missing name. -#}
with source as (
    {{ bronze_answers('spotify', 'playlist_tracks_csv') }}
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        payload ->> '$.track_id' as source_entity_id,
        nullif(payload ->> '$.track_artist', 'NA') as artist_raw,
        nullif(payload ->> '$.track_name', 'NA') as title_raw,
        null::varchar as mix_name_raw,
        null::varchar as remixer_raw,

        nullif(payload ->> '$.track_album_name', 'NA') as album_raw,
        null::varchar as label_raw,
        null::varchar as catalog_number,
        null::varchar as track_position,
        null::varchar as formats_raw,

        null::varchar as isrc_raw,
        null::varchar as iswc_raw,
        payload ->> '$.track_id' as spotify_id,
        null::varchar as beatport_id,
        null::varchar as discogs_release_id,
        null::varchar as musicbrainz_id,
        null::varchar as track_1001_id,
        null::varchar as youtube_id,
        null::varchar as deezer_id,
        null::varchar as apple_id,

        nullif(payload ->> '$.tempo', '') as bpm_raw,
        'pc:' || nullif(payload ->> '$.key', '') || ':' || nullif(payload ->> '$.mode', '') as key_raw,
        nullif(payload ->> '$.playlist_genre', '') as genre_raw,
        nullif(payload ->> '$.playlist_subgenre', '') as subgenre_raw,
        nullif(payload ->> '$.track_album_release_date', '') as release_date_raw,
        try_cast(payload ->> '$.duration_ms' as bigint) as duration_ms,

        try_cast(payload ->> '$.energy' as double) as energy,
        try_cast(payload ->> '$.danceability' as double) as danceability,
        try_cast(payload ->> '$.valence' as double) as valence,
        try_cast(payload ->> '$.acousticness' as double) as acousticness,
        try_cast(payload ->> '$.instrumentalness' as double) as instrumentalness,
        try_cast(payload ->> '$.liveness' as double) as liveness,
        try_cast(payload ->> '$.speechiness' as double) as speechiness,
        try_cast(payload ->> '$.loudness' as double) as loudness,
        try_cast(payload ->> '$.track_popularity' as integer) as popularity,
        null::json as confidence
    from source
)

select * from renamed
