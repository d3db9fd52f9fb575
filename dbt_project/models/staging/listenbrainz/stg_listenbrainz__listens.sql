{{ staging_config() }}
with source as (
    {{ bronze_answers('listenbrainz', 'listens_api') }}
),

listens as (
    select
        * exclude (payload),
        unnest(from_json(payload, '{"payload": {"listens": [{
            "listened_at": "BIGINT", "user_name": "VARCHAR",
            "track_metadata": {
                "artist_name": "VARCHAR", "track_name": "VARCHAR", "release_name": "VARCHAR",
                "additional_info": {"isrc": "VARCHAR", "duration_ms": "DOUBLE"},
                "mbid_mapping": {"recording_mbid": "VARCHAR"}
            }
        }] } }').payload.listens) as listen
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

        listen.user_name,
        to_timestamp(listen.listened_at) as listened_at,
        listen.track_metadata.artist_name as artist_raw,
        listen.track_metadata.track_name as title_raw,
        listen.track_metadata.release_name as album_raw,
        nullif(listen.track_metadata.additional_info.isrc, '') as isrc_raw,
        nullif(round(listen.track_metadata.additional_info.duration_ms)::bigint, 0) as duration_ms,
        -- what the service mapped the listen to, which may be wrong
        listen.track_metadata.mbid_mapping.recording_mbid as musicbrainz_id,
        null::varchar as spotify_id,
        null::bigint as ms_played,
        1 as occurrence
    from listens
    where listen.listened_at is not null
)

select * from renamed
