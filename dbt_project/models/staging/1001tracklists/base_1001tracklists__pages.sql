{{ staging_config() }}
{#- Every saved page parsed once; the models on pages read this one. -#}
with source as (
    {{ bronze_answers('1001tracklists', 'pages') }}
),

parsed as (
    select
        * exclude (payload),
        parse_tracklist_page(payload) as page
    from source
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        request_key,
        source_entity_id,
        fetched_at,
        coalesce(page ->> '$.url', source_url) as source_url,
        http_status,

        page ->> '$.status' as status,
        page ->> '$.reason' as status_reason,
        coalesce(page ->> '$.id', source_entity_id, request_key) as playlist_key,
        page
    from parsed
)

select * from renamed
