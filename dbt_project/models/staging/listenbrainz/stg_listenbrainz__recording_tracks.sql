{{ staging_config() }}
with source as (
    {{ http_answers('listenbrainz', 'recordings_api') }}
),

-- one answer tells of several recordings, by their ids
recordings as (
    select
        source.* exclude (payload),
        unnest(json_keys(payload)) as mbid,
        payload
    from source
),

parsed as (
    select
        * exclude (payload),
        from_json(payload::json -> mbid, '{
            "artist": {"name": "VARCHAR"}, "recording": {"name": "VARCHAR", "length": "BIGINT"},
            "release": {"name": "VARCHAR"}, "tag": {"recording": [{"tag": "VARCHAR", "count": "INTEGER"}]}
        }') as told
    from recordings
),

-- most votes first; of as many votes, in alphabetical order
voted as (
    select
        *,
        list_sort(
            list_transform(
                told.tag.recording, lambda t: struct_pack(votes := -coalesce(t.count, 0), tag := t.tag)
            )
        ) as tags
    from parsed
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
        told.artist.name as artist_raw,
        told.recording.name as title_raw,
        null::varchar as mix_name_raw,
        null::varchar as remixer_raw,

        told.release.name as album_raw,
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

        null::varchar as bpm_raw,
        null::varchar as key_raw,
        tags[1].tag as genre_raw,
        tags[2].tag as subgenre_raw,
        null::varchar as release_date_raw,
        told.recording.length as duration_ms,

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
    from voted
)

select * from renamed
