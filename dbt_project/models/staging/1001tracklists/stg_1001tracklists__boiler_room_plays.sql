{{ staging_config() }}
{#- One answer is one row of the export, so a set is put together from its rows. `Number` is the position. -#}
with source as (
    {{ bronze_answers('1001tracklists', 'boiler_room_rows') }}
),

cells as (
    select
        * exclude (payload),
        payload ->> '$.TrackName' as track_name,
        nullif(payload ->> '$.Genre', '') as genre,
        payload ->> '$.DJ' as dj,
        payload ->> '$.Date' as set_date,
        -- request_key is <date>/<set of the day>/<number>[+<repeat>]/<dj>
        split_part(request_key, '/', 2) as set_of_day,
        try_cast(payload ->> '$.Number' as double) as number
    from source
    qualify row_number() over (partition by request_key order by fetched_at desc, bronze_id desc) = 1
),

parsed as (
    select
        track_name,
        split_artist_title(track_name)::json as play
    from (select distinct track_name from cells)
),

renamed as (
    select
        c.ingest_date,
        c.bronze_id,
        c.provider,
        c.stream,
        c.fetched_at,
        c.source_url,

        concat_ws('/', c.set_date, c.dj, nullif(c.set_of_day, '1')) as playlist_key,
        case
            -- the export's own number, unless a set has overlays that repeat it
            when
                max(c.number) over of_set = count(*) over of_set
                and min(c.number) over of_set = 1
                and not bool_or(contains(split_part(c.request_key, '/', 3), '+')) over of_set
                then c.number::integer
            else row_number() over (of_set order by c.number, c.source_row)
        end::integer as position,
        p.play ->> '$.kind' as kind,
        contains(split_part(c.request_key, '/', 3), '+') as with_previous,
        null::varchar as cue_raw,
        null::bigint as cue_ms,
        c.track_name as raw_text,

        p.play ->> '$.artist' as artist_raw,
        p.play ->> '$.title' as title_raw,
        null::varchar as mix_name_raw,
        null::varchar as remixer_raw,
        null::varchar as label_raw,
        null::varchar as catalog_number,
        c.genre as genre_raw,
        null::bigint as duration_ms,

        null::varchar as source_entity_id,
        null::varchar as spotify_id,
        null::varchar as beatport_id,
        null::varchar as discogs_release_id,
        null::varchar as musicbrainz_id,
        null::varchar as track_1001_id,
        null::varchar as youtube_id,
        null::varchar as deezer_id,
        null::varchar as apple_id,
        null::varchar as isrc_raw
    from cells as c
    inner join parsed as p on c.track_name = p.track_name
    window of_set as (partition by c.set_date, c.dj, c.set_of_day)
)

select * from renamed
