{{ staging_config() }}
with source as (
    {{ http_answers('soundcharts', 'songs_api') }}
),

-- each answer is parsed once; what it lacks or has in another type is null
parsed as (
    select
        * exclude (payload),
        from_json(payload, '{
            "object": {
                "uuid": "VARCHAR", "name": "VARCHAR", "creditName": "VARCHAR", "artists": [{"name": "VARCHAR"}],
                "isrc": "JSON", "releaseDate": "VARCHAR", "label": "VARCHAR", "labels": [{"name": "VARCHAR"}],
                "duration": "DOUBLE", "genres": [{"root": "VARCHAR", "sub": ["VARCHAR"]}],
                "audio": {
                    "tempo": "VARCHAR", "key": "INTEGER", "mode": "INTEGER", "energy": "DOUBLE",
                    "danceability": "DOUBLE", "valence": "DOUBLE", "acousticness": "DOUBLE",
                    "instrumentalness": "DOUBLE", "liveness": "DOUBLE", "speechiness": "DOUBLE",
                    "loudness": "DOUBLE"
                }
            }
        }') as answer
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

        answer.object.uuid as source_entity_id,
        coalesce(
            nullif(array_to_string(list_transform(answer.object.artists, lambda a: a.name), ', '), ''),
            answer.object.creditname
        ) as artist_raw,
        answer.object.name as title_raw,
        null::varchar as mix_name_raw,
        null::varchar as remixer_raw,

        null::varchar as album_raw,
        coalesce(answer.object.labels[1].name, answer.object.label) as label_raw,
        null::varchar as catalog_number,
        null::varchar as track_position,
        null::varchar as formats_raw,

        -- a text in old answers, an object in newer ones
        case json_type(answer.object.isrc)
            when 'VARCHAR' then answer.object.isrc ->> '$'
            else answer.object.isrc ->> '$.value'
        end as isrc_raw,
        null::varchar as iswc_raw,
        null::varchar as spotify_id,
        null::varchar as beatport_id,
        null::varchar as discogs_release_id,
        null::varchar as musicbrainz_id,
        null::varchar as track_1001_id,
        null::varchar as youtube_id,
        null::varchar as deezer_id,
        null::varchar as apple_id,

        answer.object.audio.tempo as bpm_raw,
        case
            when answer.object.audio.key >= 0
                then format('pc:{}:{}', answer.object.audio.key, answer.object.audio.mode)
        end as key_raw,
        coalesce(answer.object.genres[1].sub[1], answer.object.genres[1].root) as genre_raw,
        null::varchar as subgenre_raw,
        -- the local day: in UTC it is often the one before
        left(answer.object.releasedate, 10) as release_date_raw,
        nullif(round(answer.object.duration * 1000)::bigint, 0) as duration_ms,

        answer.object.audio.energy,
        answer.object.audio.danceability,
        answer.object.audio.valence,
        answer.object.audio.acousticness,
        answer.object.audio.instrumentalness,
        answer.object.audio.liveness,
        answer.object.audio.speechiness,
        answer.object.audio.loudness,
        null::integer as popularity,
        null::json as confidence
    from parsed
)

select * from renamed
