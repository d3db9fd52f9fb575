{{ staging_config() }}
with source as (
    {{ bronze_answers('listenbrainz', 'listens') }}
),

parsed as (
    select
        * exclude (payload),
        split_part(request_key, '/', 2) as user_name,
        from_json(payload, '{
            "listened_at": "BIGINT", "timestamp": "BIGINT",
            "track_metadata": {
                "artist_name": "VARCHAR", "track_name": "VARCHAR", "release_name": "VARCHAR",
                "additional_info": {"isrc": "VARCHAR", "duration_ms": "DOUBLE", "spotify_id": "VARCHAR"},
                "mbid_mapping": {"recording_mbid": "VARCHAR"}
            }
        }') as listen
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

        user_name,
        to_timestamp(coalesce(listen.listened_at, listen.timestamp)) as listened_at,
        listen.track_metadata.artist_name as artist_raw,
        listen.track_metadata.track_name as title_raw,
        listen.track_metadata.release_name as album_raw,
        nullif(listen.track_metadata.additional_info.isrc, '') as isrc_raw,
        nullif(round(listen.track_metadata.additional_info.duration_ms)::bigint, 0) as duration_ms,
        -- what the service mapped the listen to, which may be wrong
        listen.track_metadata.mbid_mapping.recording_mbid as musicbrainz_id,
        nullif(regexp_extract(
            listen.track_metadata.additional_info.spotify_id, '([0-9A-Za-z]{22})$', 1
        ), '') as spotify_id,
        null::bigint as ms_played,
        1 as occurrence
    from parsed
)

select * from renamed
