{{ staging_config() }}
with source as (
    select * from {{ ref('base_1001tracklists__pages') }}
    where
        status = 'tracklist'
        {% if is_incremental() %}and ingest_date = getvariable('day'){% endif %}
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        playlist_key,
        page ->> '$.title' as title,
        json_extract_string(page, '$.dj_names[*]') as dj_names,
        {{ partial_date("(page ->> '$.date')") }}['value']::date as event_date,
        {{ partial_date("(page ->> '$.date')") }}['precision']::varchar as event_date_precision,
        page ->> '$.event' as venue,
        case
            when contains(page ->> '$.title', ' @ ') then 'live'
            when regexp_matches(page ->> '$.event', '(?i)podcast|cast\b') then 'podcast'
            when regexp_matches(
                page ->> '$.event', '(?i)radio|\bfm\b|\bbbc\b|essential mix|a state of trance'
            ) then 'radio'
        end as set_type,
        []::varchar[] as genres,
        null::bigint as duration_ms,
        null::varchar as source_url_external
    from source
)

select * from renamed
