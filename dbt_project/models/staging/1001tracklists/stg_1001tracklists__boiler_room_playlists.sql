{{ staging_config() }}
{#- One answer is one row of the export; a set is all rows of one DJ, day and set of the day. -#}
with source as (
    {{ bronze_answers('1001tracklists', 'boiler_room_rows') }}
),

cells as (
    select
        * exclude (payload),
        payload ->> '$.DJ' as dj,
        payload ->> '$.Date' as set_date,
        split_part(request_key, '/', 2) as set_of_day
    from source
),

sets as (
    select
        ingest_date,
        arg_min(bronze_id, (source_row, bronze_id)) as bronze_id,
        any_value(provider) as provider,
        any_value(stream) as stream,
        max(fetched_at) as fetched_at,
        min(source_url) as source_url,
        dj,
        set_date,
        set_of_day
    from cells
    group by ingest_date, dj, set_date, set_of_day
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        concat_ws('/', set_date, dj, nullif(set_of_day, '1')) as playlist_key,
        dj || ' @ Boiler Room ' || set_date as title,
        string_split(dj, ' & ') as dj_names,
        {{ partial_date('set_date') }}['value']::date as event_date,
        {{ partial_date('set_date') }}['precision']::varchar as event_date_precision,
        'Boiler Room' as venue,
        'live' as set_type,
        []::varchar[] as genres,
        null::bigint as duration_ms,
        null::varchar as source_url_external
    from sets
)

select * from renamed
