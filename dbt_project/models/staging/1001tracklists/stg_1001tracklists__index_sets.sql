{{ staging_config() }}
{#- Sets as a DJ's list shows them. The day stands in the address too; `play_time` is "1h 29m", "58m" or
    "2h". -#}
with source as (
    {{ bronze_answers('1001tracklists', 'set_index') }}
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        source_entity_id as set_key,
        source_entity_id as tracklist_1001_id,
        payload ->> '$.title' as title,
        null::varchar[] as dj_names,
        coalesce(
            {{ partial_date("(payload ->> '$.date')") }}['value'],
            try_cast(regexp_extract(payload ->> '$.url', '(\d{4}-\d{2}-\d{2})\.html', 1) as date)
        )::date as event_date,
        if(event_date is not null, 'day', null) as event_date_precision,
        {{ set_type_of("(payload ->> '$.title')", "regexp_extract(payload ->> '$.title', ' - (.*)$', 1)") }}
            as set_type,
        list_filter(
            list_transform(string_split(payload ->> '$.styles', ', '), lambda style: trim(style)),
            lambda style: style <> ''
        ) as genres,
        nullif(
            coalesce(try_cast(regexp_extract(payload ->> '$.play_time', '(\d+)h', 1) as bigint), 0) * 3600000
            + coalesce(try_cast(regexp_extract(payload ->> '$.play_time', '(\d+)m', 1) as bigint), 0) * 60000,
            0
        ) as duration_ms,
        try_cast(payload ->> '$.total_tracks' as integer) as stated_tracks,
        try_cast(payload ->> '$.ided_tracks' as integer) as stated_identified,
        try_cast(payload ->> '$.views' as integer) as play_count,
        try_cast(payload ->> '$.likes' as integer) as favorite_count,
        []::varchar[] as recording_urls,
        '[]'::json as sources
    from source
)

select * from renamed
