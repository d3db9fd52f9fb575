{{ staging_config() }}
{#- What pages say of their sets beyond the rows: how often looked at and liked, where to hear them, at
    what. -#}
with source as (
    select * from {{ ref('base_1001tracklists__pages') }}
    where
        status in ('tracklist', 'no_rows')
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

        playlist_key as set_key,
        coalesce(page ->> '$.id', source_entity_id) as tracklist_1001_id,
        page ->> '$.title' as title,
        json_extract_string(page, '$.dj_names[*]') as dj_names,
        {{ partial_date("(page ->> '$.date')") }}['value']::date as event_date,
        {{ partial_date("(page ->> '$.date')") }}['precision']::varchar as event_date_precision,
        {{ set_type_of("(page ->> '$.title')", "(page ->> '$.event')", "(page ->> '$.set_kind')") }}
            as set_type,
        coalesce(json_extract_string(page, '$.genres[*]'), []::varchar[]) as genres,
        null::bigint as duration_ms,
        (page ->> '$.stated_tracks')::integer as stated_tracks,
        null::integer as stated_identified,
        (page ->> '$.play_count')::integer as play_count,
        (page ->> '$.favorite_count')::integer as favorite_count,
        list_filter(json_extract_string(page, '$.recordings[*].url'), lambda url: url is not null)
            as recording_urls,
        page -> '$.sources' as sources
    from source
)

select * from renamed
