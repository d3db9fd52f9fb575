{{ staging_config() }}
{#- A PLAYLIST of type PROTOCOL is the record of a set: Traktor's history. Its day is packed into one number
    (year * 65536 + month * 256 + day) and its own name is only "HISTORY", so the file gives the title. -#}
with source as (
    select * from {{ ref('base_dj_library__traktor') }}
    where
        item = 'playlist'
        {% if is_incremental() %}and ingest_date = getvariable('day'){% endif %}
),

dated as (
    select
        *,
        (element ->> '$.PLAYLIST[0]."@TYPE"') = 'PROTOCOL' as is_history,
        list_min(list_transform(
            json_extract_string(element, '$.PLAYLIST[0].ENTRY[*].EXTENDEDDATA[0]."@STARTDATE"'),
            lambda packed: try_cast(packed as bigint)
        )) as packed_date
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
        case when is_history then library else element ->> '$."@NAME"' end as title,
        []::varchar[] as dj_names,
        case when is_history then try_cast(
            format('{:04d}-{:02d}-{:02d}', packed_date // 65536, packed_date // 256 % 256, packed_date % 256)
            as date
        ) end as event_date,
        case when is_history and packed_date is not null then 'day' end as event_date_precision,
        null::varchar as venue,
        case when is_history then 'live' else 'dj_library' end as set_type,
        []::varchar[] as genres,
        null::bigint as duration_ms,
        null::varchar as source_url_external
    from dated
)

select * from renamed
