{{ staging_config() }}
{#- Spotify writes when a play ended: it began earlier by what was played of it. Plays without a track name
    are podcasts and videos. -#}
with source as (
    {{ bronze_answers('spotify', 'streaming_history') }}
),

ended as (
    select
        *,
        coalesce(
            try_cast(payload ->> '$.ts' as timestamptz),
            try_strptime(payload ->> '$.endTime', '%Y-%m-%d %H:%M')::timestamptz
        ) as ended_at,
        coalesce(
            try_cast(payload ->> '$.msPlayed' as bigint), try_cast(payload ->> '$.ms_played' as bigint)
        ) as ms_played
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

        split_part(request_key, '/', 2) as user_name,
        ended_at - to_milliseconds(ms_played) as listened_at,
        coalesce(payload ->> '$.artistName', payload ->> '$.master_metadata_album_artist_name') as artist_raw,
        coalesce(payload ->> '$.trackName', payload ->> '$.master_metadata_track_name') as title_raw,
        payload ->> '$.master_metadata_album_album_name' as album_raw,
        null::varchar as isrc_raw,
        null::bigint as duration_ms,
        null::varchar as musicbrainz_id,
        nullif(regexp_extract(
            payload ->> '$.spotify_track_uri', '^spotify:track:([0-9A-Za-z]{22})$', 1
        ), '') as spotify_id,
        ms_played,
        -- the same play told twice by one file is two plays
        coalesce(try_cast(regexp_extract(request_key, '\+(\d+)$', 1) as integer), 1) as occurrence
    from ended
)

select * from renamed
where title_raw is not null
