{{ staging_config() }}
{#- A playlist names tracks by their id (KeyType 0) or their file (KeyType 1); artist and title are those of
    the library's track, in its latest state up to the day the playlist came in. -#}
with source as (
    select * from {{ ref('base_dj_library__rekordbox') }}
    where
        item = 'playlist'
        {% if is_incremental() %}and ingest_date = getvariable('day'){% endif %}
),

entries as (
    select
        * exclude (element),
        (element ->> '$."@KeyType"') = '1' as by_file,
        unnest((element -> '$.TRACK')::json[]) ->> '$."@Key"' as track_key,
        generate_subscripts((element -> '$.TRACK')::json[], 1) as position
    from source
),

tracks as (
    select
        ingest_date as known_from,
        fetched_at as known_at,
        bronze_id as track_bronze_id,
        source_entity_id as track_entity_id,
        library,
        element ->> '$."@TrackID"' as track_id,
        element ->> '$."@Location"' as location,
        element
    from {{ ref('base_dj_library__rekordbox') }}
    where item = 'track'
),

found as (
    select
        e.*,
        t.track_entity_id,
        t.element as track
    from entries as e
    left join tracks as t
        on
            e.library = t.library
            and e.track_key = case when e.by_file then t.location else t.track_id end
            and e.ingest_date >= t.known_from
    qualify row_number() over (
        partition by e.bronze_id, e.position order by t.known_at desc nulls last, t.track_bronze_id desc
    ) = 1
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        source_entity_id as playlist_key,
        position::integer as position,
        case when nullif(track ->> '$."@Name"', '') is null then 'unknown' else 'track' end as kind,
        false as with_previous,
        null::varchar as cue_raw,
        null::bigint as cue_ms,
        coalesce(
            nullif(
                concat_ws(' - ', nullif(track ->> '$."@Artist"', ''), nullif(track ->> '$."@Name"', '')), ''
            ),
            track_key
        ) as raw_text,

        nullif(track ->> '$."@Artist"', '') as artist_raw,
        nullif(track ->> '$."@Name"', '') as title_raw,
        nullif(track ->> '$."@Mix"', '') as mix_name_raw,
        nullif(track ->> '$."@Remixer"', '') as remixer_raw,
        nullif(track ->> '$."@Label"', '') as label_raw,
        null::varchar as catalog_number,
        nullif(track ->> '$."@Genre"', '') as genre_raw,
        nullif(try_cast(track ->> '$."@TotalTime"' as bigint), 0) * 1000 as duration_ms,

        track_entity_id as source_entity_id,
        null::varchar as spotify_id,
        null::varchar as beatport_id,
        null::varchar as discogs_release_id,
        null::varchar as musicbrainz_id,
        null::varchar as track_1001_id,
        null::varchar as youtube_id,
        null::varchar as deezer_id,
        null::varchar as apple_id,
        null::varchar as isrc_raw
    from found
)

select * from renamed
