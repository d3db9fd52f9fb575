{{ staging_config() }}
{#- Markers stand in any order in the file: chapter, then `position` (from 0) is the order of play. The
    structured track is preferred to the raw line, unless the two share no word: then it is another row's. A
    time of 00:00:00 is how the site writes "unknown", but for the first row. The show's own name, "VO" or
    "Episode 497" in the place of an artist or a title is talk; "Episode 12" only of an artist. -#}
with source as (
    {{ bronze_answers('soulection', 'shows') }}
),

chapters as (
    select
        * exclude (payload),
        unnest((payload -> '$.chapters')::json[]) as chapter,
        generate_subscripts((payload -> '$.chapters')::json[], 1) as chapter_no
    from source
),

markers as (
    select
        * exclude (chapter),
        unnest((chapter -> '$.markers')::json[]) as marker,
        generate_subscripts((chapter -> '$.markers')::json[], 1) as marker_no
    from chapters
),

read_twice as (
    select
        *,
        nullif(trim(marker ->> '$.rawTrack'), '') as raw_track,
        fold(raw_track) as raw_words,
        fold(concat_ws(' ', marker ->> '$.track.artist.title', marker ->> '$.track.title')) as track_words
    from markers
),

named as (
    select
        *,
        case
            when coalesce(list_has_any(string_split(raw_words, ' '), string_split(track_words, ' ')), true)
                then marker -> '$.track'
        end as track,
        nullif(trim(track ->> '$.title'), '') as track_title,
        nullif(trim(track ->> '$.artist.title'), '') as track_artist,
        coalesce(track_artist || ' - ' || track_title, raw_track) as played,
        marker ->> '$.timestamp' as cue_raw,
        json_extract_string(track, '$.trackLinks[*].href') as links,
        row_number() over (
            partition by bronze_id
            order by chapter_no, (marker ->> '$.position')::double nulls last, marker_no
        ) as position
    from read_twice
),

parsed as (
    select
        played,
        split_artist_title(played)::json as play
    from (
        select distinct played
        from named
        where played is not null
    )
),

renamed as (
    select
        n.ingest_date,
        n.bronze_id,
        n.provider,
        n.stream,
        n.fetched_at,
        n.source_url,

        n.source_entity_id as playlist_key,
        n.position::integer as position,
        case
            when
                (p.play ->> '$.kind') in ('track', 'mashup')
                and regexp_matches(
                    n.played,
                    '(?i)(?:^(?:- )?| - )'
                    || '(?:soulection(?: radio| all day)?|soulection radio, .*|vo|episode \d{3,})'
                    || ',?(?: -|$)|^episode \d+ -'
                )
                then 'jingle'
            else coalesce(p.play ->> '$.kind', 'unknown')
        end as kind,
        false as with_previous,
        n.cue_raw,
        case when clock_ms(n.cue_raw) > 0 or n.position = 1 then clock_ms(n.cue_raw) end as cue_ms,
        coalesce(n.raw_track, n.played) as raw_text,

        case when n.track_title is not null then n.track_artist else p.play ->> '$.artist' end as artist_raw,
        coalesce(n.track_title, p.play ->> '$.title') as title_raw,
        null::varchar as mix_name_raw,
        null::varchar as remixer_raw,
        null::varchar as label_raw,
        null::varchar as catalog_number,
        null::varchar as genre_raw,
        null::bigint as duration_ms,

        n.track ->> '$.id' as source_entity_id,
        {{ id_in_links('n.links', 'open\\.spotify\\.com/track/([A-Za-z0-9]{22})') }} as spotify_id,
        null::varchar as beatport_id,
        null::varchar as discogs_release_id,
        null::varchar as musicbrainz_id,
        null::varchar as track_1001_id,
        {{ id_in_links('n.links', 'youtube\\.com/watch\\?v=([A-Za-z0-9_-]{11})') }} as youtube_id,
        {{ id_in_links('n.links', 'deezer\\.com/(?:[a-z]{2}/)?track/([0-9]+)') }} as deezer_id,
        {{ id_in_links('n.links', '(?:itunes|music)\\.apple\\.com/.*[?&]i=([0-9]+)') }} as apple_id,
        null::varchar as isrc_raw
    from named as n
    left join parsed as p on n.played = p.played
)

select * from renamed
