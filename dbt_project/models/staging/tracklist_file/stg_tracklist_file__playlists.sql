{{ staging_config() }}
with source as (
    select * from {{ ref('base_tracklist_file__files') }}
    {% if is_incremental() %}where ingest_date = getvariable('day'){% endif %}
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
        coalesce(
            nullif(list ->> '$.title', ''), regexp_replace(playlist_key, '\.[A-Za-z0-9]{2,5}$', '')
        ) as title,
        case when (list ->> '$.dj') <> '' then [list ->> '$.dj'] else []::varchar[] end as dj_names,
        {{ partial_date("(list ->> '$.date')") }}['value']::date as event_date,
        {{ partial_date("(list ->> '$.date')") }}['precision']::varchar as event_date_precision,
        null::varchar as venue,
        null::varchar as set_type,
        []::varchar[] as genres,
        null::bigint as duration_ms,
        null::varchar as source_url_external
    from source
)

select * from renamed
