{{ staging_config() }}
{#- What the export says of its sets beyond the rows. `tracklist_tracks_IDed` is a number or "all". -#}
with source as (
    {{ bronze_answers('1001tracklists', 'enriched_rows') }}
),

sets as (
    select
        ingest_date,
        arg_min(bronze_id, (source_row, bronze_id)) as bronze_id,
        any_value(provider) as provider,
        any_value(stream) as stream,
        max(fetched_at) as fetched_at,
        source_entity_id as set_key,
        arg_min(payload, (source_row, bronze_id)) as payload
    from source
    group by ingest_date, source_entity_id
),

sourced as (
    select
        *,
        list_filter(
            list_transform(
                [
                    'Open Air / Festival', 'Radio Show', 'Podcast', 'Club', 'Concert / Live Event',
                    'Event Location'
                ],
                lambda sort: {
                    'id': null::varchar,
                    'name': json_extract_string(payload, '$."' || sort || '0"'),
                    'type': sort,
                    'country': null::varchar
                }
            ),
            lambda one: coalesce(one.name, '') <> ''
        ) as named_sources,
        try_cast(payload ->> '$.tracklist_tracks_total' as integer) as stated_tracks
    from sets
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        'https://1001.tl/' || set_key as source_url,

        set_key,
        set_key as tracklist_1001_id,
        payload ->> '$.tracklist_name' as title,
        {{ numbered_columns('DJ') }} as dj_names,
        null::date as event_date,
        null::varchar as event_date_precision,
        null::varchar as set_type,
        {{ numbered_columns('genre') }} as genres,
        null::bigint as duration_ms,
        stated_tracks,
        case
            when (payload ->> '$.tracklist_tracks_IDed') = 'all' then stated_tracks
            else try_cast(payload ->> '$.tracklist_tracks_IDed' as integer)
        end as stated_identified,
        try_cast(payload ->> '$.tracklist_userpagevisits' as integer) as play_count,
        try_cast(payload ->> '$.tracklist_userlikes' as integer) as favorite_count,
        []::varchar[] as recording_urls,
        to_json(named_sources) as sources
    from sourced
)

select * from renamed
