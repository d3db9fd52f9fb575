{{ staging_config() }}
with source as (
    {{ http_answers('spotify', 'audio_features_api') }}
),

-- each answer is parsed once; what it lacks or has in another type is null
parsed as (
    select
        * exclude (payload),
        from_json(payload, '{
            "id": "VARCHAR", "tempo": "VARCHAR", "key": "INTEGER", "mode": "INTEGER", "duration_ms": "BIGINT",
            "energy": "DOUBLE", "danceability": "DOUBLE", "valence": "DOUBLE", "acousticness": "DOUBLE",
            "instrumentalness": "DOUBLE", "liveness": "DOUBLE", "speechiness": "DOUBLE", "loudness": "DOUBLE",
            "_confidence": "JSON"
        }') as features
    from source
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        features.id as source_entity_id,
        null::varchar as artist_raw,
        null::varchar as title_raw,
        null::varchar as mix_name_raw,
        null::varchar as remixer_raw,

        null::varchar as album_raw,
        null::varchar as label_raw,
        null::varchar as catalog_number,
        null::varchar as track_position,
        null::varchar as formats_raw,

        null::varchar as isrc_raw,
        null::varchar as iswc_raw,
        features.id as spotify_id,
        null::varchar as beatport_id,
        null::varchar as discogs_release_id,
        null::varchar as musicbrainz_id,
        null::varchar as track_1001_id,
        null::varchar as youtube_id,
        null::varchar as deezer_id,
        null::varchar as apple_id,

        features.tempo as bpm_raw,
        -- pitch class and mode; -1 says that no key was found
        case when features.key >= 0 then format('pc:{}:{}', features.key, features.mode) end as key_raw,
        null::varchar as genre_raw,
        null::varchar as subgenre_raw,
        null::varchar as release_date_raw,
        features.duration_ms,

        features.energy,
        features.danceability,
        features.valence,
        features.acousticness,
        features.instrumentalness,
        features.liveness,
        features.speechiness,
        features.loudness,
        null::integer as popularity,
        features._confidence as confidence
    from parsed
)

select * from renamed
