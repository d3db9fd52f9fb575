{{ staging_config() }}
with source as (
    select * from {{ ref('base_1001tracklists__pages') }}
    where
        status = 'tracklist'
        {% if is_incremental() %}and ingest_date = getvariable('day'){% endif %}
),

page_rows as (
    select
        * exclude (page),
        unnest((page -> '$.rows')::json[]) as play
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

        playlist_key,
        (play ->> '$.position')::integer as position,
        play ->> '$.kind' as kind,
        (play ->> '$.with_previous')::boolean as with_previous,
        play ->> '$.cue_raw' as cue_raw,
        (play ->> '$.cue_ms')::bigint as cue_ms,
        play ->> '$.raw' as raw_text,

        play ->> '$.artist' as artist_raw,
        play ->> '$.title' as title_raw,
        null::varchar as mix_name_raw,
        null::varchar as remixer_raw,
        play ->> '$.label' as label_raw,
        null::varchar as catalog_number,
        play ->> '$.genre' as genre_raw,
        (play ->> '$.duration_ms')::bigint as duration_ms,

        play ->> '$.track_id' as source_entity_id,
        null::varchar as spotify_id,
        null::varchar as beatport_id,
        null::varchar as discogs_release_id,
        null::varchar as musicbrainz_id,
        play ->> '$.track_id' as track_1001_id,
        null::varchar as youtube_id,
        null::varchar as deezer_id,
        null::varchar as apple_id,
        null::varchar as isrc_raw
    from page_rows
)

select * from renamed
