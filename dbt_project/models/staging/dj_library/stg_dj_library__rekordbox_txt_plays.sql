{{ staging_config() }}
with source as (
    {{ bronze_answers('dj_library', 'rekordbox_txt') }}
    qualify row_number() over (partition by request_key order by fetched_at desc, bronze_id desc) = 1
),

named as (
    select
        *,
        nullif(trim(payload ->> '$.Artist'), '') as artist,
        nullif(trim(payload ->> '$."Track Title"'), '') as title
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

        split_part(request_key, '/', 1) as playlist_key,
        row_number() over (
            partition by ingest_date, split_part(request_key, '/', 1)
            order by try_cast(payload ->> '$."#"' as bigint) nulls last, source_row
        )::integer as position,
        case when title is null then 'unknown' else 'track' end as kind,
        false as with_previous,
        null::varchar as cue_raw,
        null::bigint as cue_ms,
        concat_ws(' - ', artist, title) as raw_text,

        artist as artist_raw,
        title as title_raw,
        null::varchar as mix_name_raw,
        null::varchar as remixer_raw,
        null::varchar as label_raw,
        null::varchar as catalog_number,
        nullif(payload ->> '$.Genre', '') as genre_raw,
        nullif({{ clock_ms("(payload ->> '$.Time')") }}, 0)::bigint as duration_ms,

        null::varchar as source_entity_id,
        null::varchar as spotify_id,
        null::varchar as beatport_id,
        null::varchar as discogs_release_id,
        null::varchar as musicbrainz_id,
        null::varchar as track_1001_id,
        null::varchar as youtube_id,
        null::varchar as deezer_id,
        null::varchar as apple_id,
        null::varchar as isrc_raw
    from named
)

select * from renamed
