{{ staging_config() }}
{#- One answer is one row of the export; a set is all rows of one tracklist id. DJs, styles and sources
    have a column each (`DJ0`, `genre0`, `Radio Show0`), as many as the file needs. -#}
with source as (
    {{ bronze_answers('1001tracklists', 'enriched_rows') }}
),

sets as (
    select
        ingest_date,
        arg_min(bronze_id, (source_row, bronze_id)) as bronze_id,
        any_value(provider) as provider,
        any_value(stream) as stream,
        max(fetched_at) as fetched_at,
        source_entity_id as playlist_key,
        arg_min(payload, (source_row, bronze_id)) as payload
    from source
    group by ingest_date, source_entity_id
),

named as (
    select
        *,
        payload ->> '$.tracklist_name' as title,
        regexp_replace(payload ->> '$.tracklist_name', '\s*\d{4}-\d{2}-\d{2}\s*$', '') as named,
        regexp_extract(payload ->> '$.tracklist_name', '(\d{4}-\d{2}-\d{2})\s*$', 1) as date_raw
    from sets
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        'https://1001.tl/' || playlist_key as source_url,

        playlist_key,
        title,
        {{ numbered_columns('DJ') }} as dj_names,
        {{ partial_date('date_raw') }}['value']::date as event_date,
        {{ partial_date('date_raw') }}['precision']::varchar as event_date_precision,
        nullif(regexp_extract(named, '^.*?(?: @ | - )(.*)$', 1), '') as venue,
        {{ set_type_of('named', "regexp_extract(named, ' - (.*)$', 1)", numbered_kind()) }} as set_type,
        {{ numbered_columns('genre') }} as genres,
        null::bigint as duration_ms,
        null::varchar as source_url_external
    from named
)

select * from renamed
