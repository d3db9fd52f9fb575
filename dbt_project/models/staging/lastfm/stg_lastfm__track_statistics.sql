{{ staging_config() }}
with source as (
    {{ http_answers('lastfm', 'track_info_api') }}
),

-- numbers are texts; a list of one is an object, an empty one a text
parsed as (
    select
        * exclude (payload),
        from_json(payload, '{
            "track": {
                "name": "VARCHAR", "url": "VARCHAR", "mbid": "VARCHAR", "listeners": "BIGINT",
                "playcount": "BIGINT", "artist": {"name": "VARCHAR"}, "toptags": "JSON"
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

        answer.track.url as source_entity_id,
        answer.track.artist.name as artist_raw,
        answer.track.name as title_raw,
        nullif(answer.track.mbid, '') as musicbrainz_id,

        answer.track.listeners,
        answer.track.playcount as play_count,
        case json_type(answer.track.toptags, '$.tag')
            when 'ARRAY' then from_json(answer.track.toptags -> '$.tag[*].name', '["VARCHAR"]')
            when 'OBJECT' then [answer.track.toptags ->> '$.tag.name']
            else []
        end as tags
    from parsed
)

select * from renamed
