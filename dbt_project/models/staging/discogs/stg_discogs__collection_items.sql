{{ staging_config() }}
{#- A rating of 0 or none is no rating. Discogs writes times without a zone; they are taken for UTC. -#}
with source as (
    {{ bronze_answers('discogs', 'collection_csv') }}
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        -- collection/<collector>/<release>/<date added>[+<copy>]
        regexp_extract(request_key, '^collection/(.*)/\d+/[^/]*$', 1) as user_name,
        regexp_extract(request_key, '^collection/(.*)$', 1) as item_key,
        source_entity_id as provider_release_id,
        nullif(trim(payload ->> '$.Artist'), '') as artist_raw,
        nullif(trim(payload ->> '$.Title'), '') as title_raw,
        nullif(trim(payload ->> '$.Label'), '') as label_raw,
        nullif(nullif(trim(payload ->> '$."Catalog#"'), ''), 'none') as catalog_number,
        nullif(trim(payload ->> '$.Format'), '') as format_raw,
        nullif(nullif(trim(payload ->> '$.Released'), ''), '0') as released_raw,
        coalesce(nullif(trim(payload ->> '$.CollectionFolder'), ''), 'Uncategorized') as folder,
        nullif(try_cast(payload ->> '$.Rating' as integer), 0) as rating,
        try_cast(payload ->> '$."Date Added"' as timestamp)::timestamptz as added_at,
        nullif(trim(payload ->> '$."Collection Media Condition"'), '') as media_condition,
        nullif(trim(payload ->> '$."Collection Sleeve Condition"'), '') as sleeve_condition,
        nullif(trim(payload ->> '$."Collection Notes"'), '') as notes
    from source
)

select * from renamed
