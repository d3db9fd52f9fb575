{{ staging_config() }}
{#- What each saved page turned out to be; pages that are no tracklist have no plays and end in quarantine.
    -#}
with source as (
    select * from {{ ref('base_1001tracklists__pages') }}
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
        http_status,

        playlist_key,
        status,
        status_reason,
        json_array_length(page, '$.rows')::integer as row_count
    from source
)

select * from renamed
