{{ staging_config() }}
{#- DJs: whom markers name as hosts ("Hosted by <name> - Soulection Radio"), then whose the chapters are
    ("<name>'s Session"), then the guests in the title ("... w/ <names>"). Chapters write a name with a slip
    now and then ("Hagans's Set" of Hagan): no reason to name a DJ twice. -#}
with source as (
    {{ bronze_answers('soulection', 'shows') }}
),

named as (
    select
        *,
        payload ->> '$.title' as title,
        list_transform(
            json_extract_string(payload, '$.chapters[*].markers[*].rawTrack'),
            lambda line: regexp_extract(line, '(?i)(?:^|, | - )hosted by (.+?)(?: - .*)?$', 1)
        ) as hosts,
        list_transform(
            json_extract_string(payload, '$.chapters[*].title'),
            lambda chapter: regexp_extract(
                chapter, '^(.+?)[''’]s? (?:Takeover|(?:Takeover )?(?:Session|Set|Guest Mix))$', 1
            )
        ) as chapter_djs,
        regexp_extract(payload ->> '$.title', '(?i)\bw/\s*(.+?)(?:\s*\([^)]*\))?$', 1) as guest_text
    from source
),

listed as (
    select
        *,
        list_filter(
            list_transform(
                list_concat(
                    flatten(list_transform(
                        list_concat(list_sort(hosts), chapter_djs),
                        lambda names: regexp_split_to_array(names, '\s+(?:&|and)\s+')
                    )),
                    regexp_split_to_array(guest_text, ',\s*&\s*|,\s*|\s+&\s+')
                ),
                lambda name: trim(name)
            ),
            lambda name: name <> ''
        ) as djs,
        list_transform(
            djs, lambda name: regexp_replace(lower(name), '[^\p{L}\p{N}]|s$', '', 'g')
        ) as dj_keys
    from named
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
        title,
        list_transform(
            list_filter(
                range(1, len(djs) + 1), lambda place: list_position(dj_keys, dj_keys[place]) = place
            ),
            lambda place: djs[place]
        ) as dj_names,
        {{ partial_date("(payload ->> '$.publishedAt')") }}['value']::date as event_date,
        {{ partial_date("(payload ->> '$.publishedAt')") }}['precision']::varchar as event_date_precision,
        null::varchar as venue,
        'radio' as set_type,
        []::varchar[] as genres,
        null::bigint as duration_ms,
        coalesce(
            nullif(payload ->> '$.links.soundcloud', ''),
            nullif(payload ->> '$.links.mixcloud', ''),
            nullif(payload ->> '$.links.appleMusic', '')
        ) as source_url_external
    from listed
)

select * from renamed
