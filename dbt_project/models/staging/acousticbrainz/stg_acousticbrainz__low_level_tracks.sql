{{ staging_config() }}
with source as (
    {{ http_answers('acousticbrainz', 'low_level_api') }}
),

-- each answer is parsed once; what it lacks or has in another type is null
parsed as (
    select
        * exclude (payload),
        from_json(payload, '{
            "metadata": {
                "tags": {
                    "musicbrainz_recordingid": ["VARCHAR"], "artist": ["VARCHAR"], "title": ["VARCHAR"],
                    "album": ["VARCHAR"]
                },
                "audio_properties": {"length": "DOUBLE"}
            },
            "rhythm": {"bpm": "DOUBLE"}, "tonal": {"key_key": "VARCHAR", "key_scale": "VARCHAR"}
        }') as document
    from source
),

-- the recording asked for is the one meant: tags are whatever people's files had
measured as (
    select
        * exclude (source_entity_id),
        coalesce(source_entity_id, document.metadata.tags.musicbrainz_recordingid[1]) as mbid,
        round(document.rhythm.bpm, 2) as bpm,
        document.tonal.key_key || ' ' || document.tonal.key_scale as musical_key
    from parsed
),

-- a recording was submitted several times: the middle tempo and the key that most submissions have
agreed as (
    select
        * exclude (musical_key),
        quantile_disc(bpm, 0.5) over same_recording as middle_bpm,
        mode(musical_key) over same_recording as musical_key
    from measured
    window same_recording as (partition by ingest_date, mbid)
),

chosen as (
    select * from agreed
    qualify row_number() over (partition by ingest_date, mbid order by abs(bpm - middle_bpm), bronze_id) = 1
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        mbid as source_entity_id,
        document.metadata.tags.artist[1] as artist_raw,
        document.metadata.tags.title[1] as title_raw,
        null::varchar as mix_name_raw,
        null::varchar as remixer_raw,

        document.metadata.tags.album[1] as album_raw,
        null::varchar as label_raw,
        null::varchar as catalog_number,
        null::varchar as track_position,
        null::varchar as formats_raw,

        null::varchar as isrc_raw,
        null::varchar as iswc_raw,
        null::varchar as spotify_id,
        null::varchar as beatport_id,
        null::varchar as discogs_release_id,
        mbid as musicbrainz_id,
        null::varchar as track_1001_id,
        null::varchar as youtube_id,
        null::varchar as deezer_id,
        null::varchar as apple_id,

        bpm::varchar as bpm_raw,
        musical_key as key_raw,
        null::varchar as genre_raw,
        null::varchar as subgenre_raw,
        null::varchar as release_date_raw,
        nullif(round(document.metadata.audio_properties.length * 1000)::bigint, 0) as duration_ms,

        null::double as energy,
        null::double as danceability,
        null::double as valence,
        null::double as acousticness,
        null::double as instrumentalness,
        null::double as liveness,
        null::double as speechiness,
        null::double as loudness,
        null::integer as popularity,
        null::json as confidence
    from chosen
)

select * from renamed
