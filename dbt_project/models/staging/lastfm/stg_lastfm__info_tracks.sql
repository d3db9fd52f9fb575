{{ staging_config() }}
with source as (
    {{ http_answers('lastfm', 'track_info_api') }}
),

-- each answer is parsed once; what it lacks or has in another type is null
parsed as (
    select
        * exclude (payload),
        from_json(payload, '{
            "track": {
                "name": "VARCHAR", "url": "VARCHAR", "mbid": "VARCHAR", "duration": "BIGINT",
                "listeners": "BIGINT", "artist": {"name": "VARCHAR"}, "album": {"title": "VARCHAR"},
                "toptags": "JSON"
            }
        }') as answer
    from source
),

-- the service finds whatever two people ever scrobbled: what nobody else heard is no track
heard as (
    select
        parsed.*,
        case
            when json_type(answer.track.toptags, '$.tag') = 'ARRAY'
                then answer.track.toptags ->> '$.tag[0].name'
            else answer.track.toptags ->> '$.tag.name'
        end as first_tag
    from parsed
    where
        answer.track.listeners >= 10
        or nullif(answer.track.mbid, '') is not null
        or answer.track.album.title is not null
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        answer.track.url as source_entity_id,
        answer.track.artist.name as artist_raw,
        answer.track.name as title_raw,
        null::varchar as mix_name_raw,
        null::varchar as remixer_raw,

        answer.track.album.title as album_raw,
        null::varchar as label_raw,
        null::varchar as catalog_number,
        null::varchar as track_position,
        null::varchar as formats_raw,

        null::varchar as isrc_raw,
        null::varchar as iswc_raw,
        null::varchar as spotify_id,
        null::varchar as beatport_id,
        null::varchar as discogs_release_id,
        null::varchar as musicbrainz_id,
        null::varchar as track_1001_id,
        null::varchar as youtube_id,
        null::varchar as deezer_id,
        null::varchar as apple_id,

        null::varchar as bpm_raw,
        null::varchar as key_raw,
        first_tag as genre_raw,
        null::varchar as subgenre_raw,
        null::varchar as release_date_raw,
        nullif(answer.track.duration, 0) as duration_ms,

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
    from heard
)

select * from renamed
