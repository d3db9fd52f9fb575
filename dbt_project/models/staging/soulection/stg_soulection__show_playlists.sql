{{ staging_config() }}
{#- DJs: whom the "Hosted by <name> - Soulection Radio" markers name, then the guests in the title ("... w/
    <names>"). -#}
with source as (
    {{ bronze_answers('soulection', 'shows') }}
),

named as (
    select
        *,
        payload ->> '$.title' as title,
        list_distinct(list_filter(
            list_transform(
                json_extract_string(payload, '$.chapters[*].markers[*].rawTrack'),
                lambda line: trim(regexp_extract(line, '(?i)^hosted by (.+) - soulection radio', 1))
            ),
            lambda name: name <> ''
        )) as hosts,
        regexp_extract(payload ->> '$.title', '(?i)\bw/\s*(.+?)(?:\s*\([^)]*\))?$', 1) as guest_text
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

        source_entity_id as playlist_key,
        title,
        list_concat(
            list_sort(hosts),
            list_filter(
                list_transform(
                    regexp_split_to_array(guest_text, ',\s*&\s*|,\s*|\s+&\s+'), lambda name: trim(name)
                ),
                lambda name: name <> '' and not list_contains(hosts, name)
            )
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
    from named
)

select * from renamed
