{{ staging_config() }}
{#- Tracks of the collected charts: names and the store's id, no features. -#}
with source as (
    {{ bronze_answers('beatport', 'chart_tracks') }}
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        coalesce(nullif(payload ->> '$.url', ''), source_url) as source_url,

        payload ->> '$.id' as source_entity_id,
        nullif(payload ->> '$.artists', '') as artist_raw,
        nullif(payload ->> '$.title', '') as title_raw,
        nullif(payload ->> '$.mix_name', '') as mix_name_raw,
        nullif(payload ->> '$.remixers', '') as remixer_raw,
        {{ unsaid([
            'album_raw', 'label_raw', 'catalog_number', 'track_position', 'formats_raw', 'isrc_raw', 'iswc_raw', 'spotify_id'
        ]) }},
        payload ->> '$.id' as beatport_id,
        {{ unsaid([
            'discogs_release_id', 'musicbrainz_id', 'track_1001_id', 'youtube_id', 'deezer_id', 'apple_id', 'bpm_raw',
            'key_raw', 'genre_raw', 'subgenre_raw', 'release_date_raw'
        ]) }},
        null::bigint as duration_ms,
        {{ unsaid([
            'energy', 'danceability', 'valence', 'acousticness', 'instrumentalness', 'liveness', 'speechiness',
            'loudness'
        ], 'double') }},
        null::integer as popularity,
        null::json as confidence
    from source
)

select * from renamed
