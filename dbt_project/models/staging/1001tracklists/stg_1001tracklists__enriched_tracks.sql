{{ staging_config() }}
{#- The features that the export's author looked up at Spotify, of the tracks that have them. A mashup's
    parts are tracks of their own here. -#}
with source as (
    {{ bronze_answers('1001tracklists', 'enriched_rows') }}
),

featured as (
    select
        *,
        regexp_extract(payload ->> '$.url', '/track/([0-9a-z]+)/', 1) as track_1001_id,
        split_artist_title(trim(payload ->> '$.name')) as play
    from source
    where coalesce(payload ->> '$.tempo', '') <> ''
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        nullif(track_1001_id, '') as source_entity_id,
        play ->> '$.artist' as artist_raw,
        play ->> '$.title' as title_raw,
        {{ unsaid([
            'mix_name_raw', 'remixer_raw', 'album_raw', 'label_raw', 'catalog_number', 'track_position', 'formats_raw', 'isrc_raw', 'iswc_raw'
        ]) }},
        nullif(payload ->> '$.spotify0', '') as spotify_id,
        nullif(regexp_replace(payload ->> '$.beatport0', '\.0$', ''), '') as beatport_id,
        {{ unsaid(['discogs_release_id', 'musicbrainz_id']) }},
        nullif(track_1001_id, '') as track_1001_id,
        nullif(payload ->> '$.video0', '') as youtube_id,
        null::varchar as deezer_id,
        nullif(regexp_replace(payload ->> '$.apple0', '\.0$', ''), '') as apple_id,

        payload ->> '$.tempo' as bpm_raw,
        'pc:' || try_cast(payload ->> '$.key' as double)::integer || ':'
        || try_cast(payload ->> '$.mode' as double)::integer as key_raw,
        {{ unsaid(['genre_raw', 'subgenre_raw', 'release_date_raw']) }},
        try_cast(try_cast(payload ->> '$.duration_ms' as double) as bigint) as duration_ms,

        try_cast(payload ->> '$.energy' as double) as energy,
        try_cast(payload ->> '$.danceability' as double) as danceability,
        try_cast(payload ->> '$.valence' as double) as valence,
        try_cast(payload ->> '$.acousticness' as double) as acousticness,
        try_cast(payload ->> '$.instrumentalness' as double) as instrumentalness,
        try_cast(payload ->> '$.liveness' as double) as liveness,
        try_cast(payload ->> '$.speechiness' as double) as speechiness,
        try_cast(payload ->> '$.loudness' as double) as loudness,
        null::integer as popularity,
        null::json as confidence
    from featured
)

select * from renamed
