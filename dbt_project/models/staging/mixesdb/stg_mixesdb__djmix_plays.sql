{{ staging_config() }}
with source as (
    {{ bronze_answers('mixesdb', 'djmix_mixes') }}
),

entries as (
    select
        * exclude (payload),
        payload ->> '$.url' as page_url,
        unnest((payload -> '$.tracklist')::json[]) as entry,
        generate_subscripts((payload -> '$.tracklist')::json[], 1) as position
    from source
),

line_rows as (
    select
        *,
        entry ->> '$.title' as line,
        entry ->> '$.id' as youtube_id
    from entries
),

parsed as (
    select
        line,
        parse_tracklist_line(line)::json as play
    from (
        select distinct line
        from line_rows
        where line is not null
    )
),

renamed as (
    select
        r.ingest_date,
        r.bronze_id,
        r.provider,
        r.stream,
        r.fetched_at,
        coalesce(r.page_url, r.source_url) as source_url,

        r.source_entity_id as playlist_key,
        r.position::integer as position,
        coalesce(p.play ->> '$.kind', 'unknown') as kind,
        coalesce((p.play ->> '$.with_previous')::boolean, false) as with_previous,
        p.play ->> '$.cue_raw' as cue_raw,
        (p.play ->> '$.cue_ms')::bigint as cue_ms,
        r.line as raw_text,

        p.play ->> '$.artist' as artist_raw,
        p.play ->> '$.title' as title_raw,
        null::varchar as mix_name_raw,
        null::varchar as remixer_raw,
        p.play ->> '$.label' as label_raw,
        p.play ->> '$.catalog_number' as catalog_number,
        null::varchar as genre_raw,
        null::bigint as duration_ms,

        null::varchar as source_entity_id,
        null::varchar as spotify_id,
        null::varchar as beatport_id,
        null::varchar as discogs_release_id,
        null::varchar as musicbrainz_id,
        null::varchar as track_1001_id,
        nullif(r.youtube_id, '') as youtube_id,
        null::varchar as deezer_id,
        null::varchar as apple_id,
        null::varchar as isrc_raw
    from line_rows as r
    left join parsed as p on r.line = p.line
)

select * from renamed
