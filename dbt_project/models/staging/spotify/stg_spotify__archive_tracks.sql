{{ staging_config() }}
{#- Tracks of archived playlists; artists stand in one cell with " | " between them. -#}
with source as (
    {{ bronze_answers('spotify', 'playlist_archive') }}
),

latest as (
    select *
    from source
    qualify row_number() over (
        partition by ingest_date, source_entity_id
        order by
            fetched_at desc, coalesce(payload ->> '$.removed', '') = '' desc, payload ->> '$.removed' desc,
            source_row desc, bronze_id desc
    ) = 1
)

select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,
    source_entity_id,
    nullif(replace(payload ->> '$.artist_names', ' | ', ', '), '') as artist_raw,
    nullif(payload ->> '$.track_name', '') as title_raw,
    {{ unsaid(['mix_name_raw', 'remixer_raw']) }},
    nullif(payload ->> '$.album_name', '') as album_raw,
    {{ unsaid(['label_raw', 'catalog_number', 'track_position', 'formats_raw', 'isrc_raw', 'iswc_raw']) }},
    source_entity_id as spotify_id,
    {{ unsaid([
        'beatport_id', 'discogs_release_id', 'musicbrainz_id', 'track_1001_id', 'youtube_id', 'deezer_id', 'apple_id',
        'bpm_raw', 'key_raw', 'genre_raw', 'subgenre_raw', 'release_date_raw'
    ]) }},
    clock_ms(payload ->> '$.length') as duration_ms,
    {{ unsaid([
        'energy', 'danceability', 'valence', 'acousticness', 'instrumentalness', 'liveness', 'speechiness', 'loudness'
    ], 'double') }},
    null::integer as popularity,
    null::json as confidence
from latest
