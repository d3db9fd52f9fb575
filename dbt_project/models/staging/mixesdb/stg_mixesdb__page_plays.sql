{{ staging_config() }}
{#- Lines as the dataset's are read. Where the page's cues are hours and minutes ("[1:10]" in a set of
    three hours), the page says so. -#}
with pages as (
    select * from {{ ref('base_mixesdb__pages') }}
    where
        status = 'tracklist'
        {% if is_incremental() %}and ingest_date = getvariable('day'){% endif %}
),

line_rows as (
    select
        * exclude (page),
        (page ->> '$.hours_and_minutes')::boolean as hours_and_minutes,
        json_extract_string(unnest((page -> '$.rows')::json[]), '$.text') as line,
        generate_subscripts((page -> '$.rows')::json[], 1) as position
    from pages
),

parsed as (
    select
        line,
        parse_tracklist_line(line)::json as play
    from (select distinct line from line_rows)
),

renamed as (
    select
        r.ingest_date,
        r.bronze_id,
        r.provider,
        r.stream,
        r.fetched_at,
        r.source_url,

        r.title as playlist_key,
        r.position::integer as position,
        coalesce(p.play ->> '$.kind', 'unknown') as kind,
        coalesce((p.play ->> '$.with_previous')::boolean, false) as with_previous,
        p.play ->> '$.cue_raw' as cue_raw,
        case
            when r.hours_and_minutes and regexp_full_match(p.play ->> '$.cue_raw', '\d{1,2}:\d{2}')
                then (p.play ->> '$.cue_ms')::bigint * 60
            else (p.play ->> '$.cue_ms')::bigint
        end as cue_ms,
        r.line as raw_text,

        p.play ->> '$.artist' as artist_raw,
        p.play ->> '$.title' as title_raw,
        {{ unsaid(['mix_name_raw', 'remixer_raw']) }},
        p.play ->> '$.label' as label_raw,
        p.play ->> '$.catalog_number' as catalog_number,
        null::varchar as genre_raw,
        null::bigint as duration_ms,

        {{ unsaid([
            'source_entity_id', 'spotify_id', 'beatport_id', 'discogs_release_id', 'musicbrainz_id', 'track_1001_id',
            'youtube_id', 'deezer_id', 'apple_id', 'isrc_raw'
        ]) }}
    from line_rows as r
    left join parsed as p on r.line = p.line
)

select * from renamed
