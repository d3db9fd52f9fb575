{{ staging_config() }}
{#- Rows of a page that came one by one, put together and parsed as the page they are of. -#}
with source as (
    {{ bronze_answers('1001tracklists', 'page_rows') }}
),

latest as (
    select *
    from source
    qualify row_number() over (
        partition by ingest_date, request_key order by fetched_at desc, bronze_id desc
    ) = 1
),

sets as (
    select
        ingest_date,
        arg_min(bronze_id, source_row) as bronze_id,
        any_value(provider) as provider,
        any_value(stream) as stream,
        max(fetched_at) as fetched_at,
        min(source_url) as source_url,
        source_entity_id as playlist_key,
        parse_tracklist_page(
            string_agg(payload ->> '$.raw_html', chr(10) order by (payload ->> '$.row_index')::integer)
        ) as page
    from latest
    group by ingest_date, source_entity_id
)

select
    * exclude (page),
    page ->> '$.status' as status,
    page ->> '$.reason' as status_reason,
    page
from sets
