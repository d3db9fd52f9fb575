{{ staging_config() }}
with source as (
    {{ bronze_answers('lastfm', 'recent_tracks_api') }}
),

-- a list of one is an object, and every number a text
listed as (
    select
        * exclude (payload),
        payload ->> '$.recenttracks.@attr.user' as user_name,
        case json_type(payload, '$.recenttracks.track')
            when 'ARRAY' then from_json(payload -> '$.recenttracks.track', '["JSON"]')
            when 'OBJECT' then [payload -> '$.recenttracks.track']
        end as tracks
    from source
),

listens as (
    select
        * exclude (tracks),
        unnest(tracks) as listen
    from listed
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
        to_timestamp((listen ->> '$.date.uts')::bigint) as listened_at,
        coalesce(listen ->> '$.artist.name', listen ->> '$.artist.#text') as artist_raw,
        listen ->> '$.name' as title_raw,
        nullif(listen ->> '$.album.#text', '') as album_raw,
        null::varchar as isrc_raw,
        null::bigint as duration_ms,
        nullif(listen ->> '$.mbid', '') as musicbrainz_id,
        null::varchar as spotify_id,
        null::bigint as ms_played,
        1 as occurrence
    from listens
    -- what is playing now has no time yet: it comes again when it has
    where (listen ->> '$.date.uts') is not null
)

select * from renamed
