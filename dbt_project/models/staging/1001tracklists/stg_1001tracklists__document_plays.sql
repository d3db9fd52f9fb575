{{ staging_config() }}
{#- A title "Artist - Title" per row; what has none is not identified. "ID (Working Title)" is the name
    of something unreleased: a name, but no track that others could have. -#}
with source as (
    {{ bronze_answers('1001tracklists', 'set_documents') }}
),

entries as (
    select
        * exclude (payload),
        unnest((payload -> '$.tracks')::json[]) as entry,
        generate_subscripts((payload -> '$.tracks')::json[], 1) as position
    from source
),

named as (
    select
        *,
        trim(entry ->> '$.title') as name,
        (entry ->> '$.is_mashup_element')::boolean as is_element
    from entries
),

parsed as (
    select
        name,
        split_artist_title(name)::json as play
    from (
        select distinct name
        from named
        where name is not null
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

        coalesce(n.source_entity_id, n.source_url) as playlist_key,
        n.position::integer as position,
        case
            when n.is_element then 'mashup_element'
            when contains(n.name, '(Working Title)') then 'unknown'
            else coalesce(p.play ->> '$.kind', 'unknown')
        end as kind,
        coalesce((n.entry ->> '$.played_together')::boolean, false) or coalesce(n.is_element, false)
            as with_previous,
        null::varchar as cue_raw,
        null::bigint as cue_ms,
        coalesce(nullif(n.name, ''), 'ID - ID') as raw_text,

        p.play ->> '$.artist' as artist_raw,
        p.play ->> '$.title' as title_raw,
        {{ unsaid(['mix_name_raw', 'remixer_raw', 'label_raw', 'catalog_number', 'genre_raw']) }},
        null::bigint as duration_ms,

        {{ unsaid([
            'source_entity_id', 'spotify_id', 'beatport_id', 'discogs_release_id', 'musicbrainz_id', 'track_1001_id',
            'youtube_id', 'deezer_id', 'apple_id', 'isrc_raw'
        ]) }}
    from named as n
    left join parsed as p on n.name = p.name
)

select * from renamed
