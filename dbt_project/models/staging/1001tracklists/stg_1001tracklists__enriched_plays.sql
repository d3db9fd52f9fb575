{{ staging_config() }}
{#- "w/" is played together with the row before; a blank number is a part of the mashup above it, whose
    name `mashup_name` repeats. Ids are numbers that an export may have written as 8086549.0. -#}
with source as (
    {{ bronze_answers('1001tracklists', 'enriched_rows') }}
),

listed as (
    select
        *,
        trim(payload ->> '$.name') as name,
        trim(coalesce(payload ->> '$.track_number', '')) as line_no,
        trim(coalesce(payload ->> '$.time', '')) as cue_raw,
        coalesce(payload ->> '$.mashup_name', '') <> '' as is_element
    from source
    qualify row_number() over (
        partition by ingest_date, request_key order by fetched_at desc, bronze_id desc
    ) = 1
),

parsed as (
    select
        name,
        split_artist_title(name)::json as play
    from (
        select distinct name
        from listed
        where name is not null
    )
),

renamed as (
    select
        l.ingest_date,
        l.bronze_id,
        l.provider,
        l.stream,
        l.fetched_at,
        l.source_url,

        l.source_entity_id as playlist_key,
        row_number() over (
            partition by l.ingest_date, l.source_entity_id
            order by try_cast(l.payload ->> '$.index' as integer), l.source_row
        )::integer as position,
        case
            when l.is_element then 'mashup_element'
            when (l.payload ->> '$.mashup') = 'True' and (p.play ->> '$.kind') = 'track' then 'mashup'
            else coalesce(p.play ->> '$.kind', 'unknown')
        end as kind,
        l.line_no = 'w/' or l.is_element as with_previous,
        nullif(l.cue_raw, '') as cue_raw,
        clock_ms(l.cue_raw) as cue_ms,
        coalesce(nullif(l.name, ''), 'ID - ID') as raw_text,

        p.play ->> '$.artist' as artist_raw,
        p.play ->> '$.title' as title_raw,
        {{ unsaid(['mix_name_raw', 'remixer_raw', 'label_raw', 'catalog_number', 'genre_raw']) }},
        null::bigint as duration_ms,

        nullif(regexp_extract(l.payload ->> '$.url', '/track/([0-9a-z]+)/', 1), '') as source_entity_id,
        nullif(l.payload ->> '$.spotify0', '') as spotify_id,
        nullif(regexp_replace(l.payload ->> '$.beatport0', '\.0$', ''), '') as beatport_id,
        {{ unsaid(['discogs_release_id', 'musicbrainz_id']) }},
        nullif(regexp_extract(l.payload ->> '$.url', '/track/([0-9a-z]+)/', 1), '') as track_1001_id,
        nullif(l.payload ->> '$.video0', '') as youtube_id,
        null::varchar as deezer_id,
        nullif(regexp_replace(l.payload ->> '$.apple0', '\.0$', ''), '') as apple_id,
        null::varchar as isrc_raw
    from listed as l
    left join parsed as p on l.name = p.name
)

select * from renamed
