{{ staging_config() }}
{#- Every page of the wiki parsed once, one row per page of an answer: an answer of its API may hold
    several. The title is what the answer says, else what was asked for. -#}
with source as (
    {{ bronze_answers('mixesdb', 'pages') }}
),

parsed as (
    select
        * exclude (payload),
        unnest((parse_mixesdb_page(payload) -> '$.pages')::json[]) as page
    from source
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        case
            when (page ->> '$.revision_id') is not null
                then 'https://www.mixesdb.com/w/index.php?oldid=' || (page ->> '$.revision_id')
            else source_url
        end as source_url,

        coalesce(page ->> '$.title', regexp_replace(request_key, '^pages/', '')) as title,
        page ->> '$.page_id' as page_id,
        page ->> '$.status' as status,
        page ->> '$.reason' as status_reason,
        page
    from parsed
)

select * from renamed
