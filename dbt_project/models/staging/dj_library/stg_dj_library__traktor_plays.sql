{{ staging_config() }}
{#- A playlist names files. Artist and title are those of the collection's entry, in its latest state up to
    the day the playlist came in; for a file that the collection lacks, what the file's name says. History
    entries carry when they were played: packed day and seconds of the day, here as the time since the first
    that was heard. What was only cued in headphones (PLAYEDPUBLIC="0") is a note. A file can hold several
    nights: past a silence of more than six hours no time in the recording is known. -#}
with source as (
    select * from {{ ref('base_dj_library__traktor') }}
    where
        item = 'playlist'
        {% if is_incremental() %}and ingest_date = getvariable('day'){% endif %}
),

listed as (
    select
        * exclude (element),
        unnest((element -> '$.PLAYLIST[0].ENTRY')::json[]) as entry,
        generate_subscripts((element -> '$.PLAYLIST[0].ENTRY')::json[], 1) as position
    from source
),

entries as (
    select
        * exclude (entry),
        entry ->> '$.PRIMARYKEY[0]."@KEY"' as track_key,
        regexp_replace(
            regexp_extract(entry ->> '$.PRIMARYKEY[0]."@KEY"', '([^:]*)$', 1), '\.[A-Za-z0-9]{2,4}$', ''
        ) as file_stem,
        try_cast(entry ->> '$.EXTENDEDDATA[0]."@STARTDATE"' as bigint) as packed_date,
        entry ->> '$.EXTENDEDDATA[0]."@STARTTIME"' as start_raw,
        coalesce(entry ->> '$.EXTENDEDDATA[0]."@PLAYEDPUBLIC"', '1') <> '0' as heard
    from listed
),

timed as (
    select
        *,
        case when heard then epoch_ms(try_cast(
            format('{:04d}-{:02d}-{:02d}', packed_date // 65536, packed_date // 256 % 256, packed_date % 256)
            as date
        )) + try_cast(start_raw as bigint) * 1000 end as started_ms
    from entries
),

spaced as (
    select
        *,
        started_ms - lag(started_ms ignore nulls) over (
            partition by bronze_id order by position
        ) > 6 * 3600 * 1000 as after_silence
    from timed
),

cued as (
    select
        * exclude (after_silence),
        case
            when
                not coalesce(bool_or(after_silence) over (
                    partition by bronze_id order by position
                ), false)
                then started_ms - min(started_ms) over (partition by bronze_id)
        end as cue_ms
    from spaced
),

file_names as (
    select
        file_stem,
        parse_tracklist_line(file_stem)::json as named
    from (select distinct file_stem from entries)
),

tracks as (
    select
        ingest_date as known_from,
        fetched_at as known_at,
        bronze_id as track_bronze_id,
        source_entity_id as track_entity_id,
        element as track
    from {{ ref('base_dj_library__traktor') }}
    where item = 'track'
),

found as (
    select
        e.*,
        t.track_entity_id,
        t.track,
        f.named
    from cued as e
    left join tracks as t
        on
            t.track_entity_id = e.library || '/' || e.track_key
            and e.ingest_date >= t.known_from
    left join file_names as f on e.file_stem = f.file_stem
    qualify row_number() over (
        partition by e.bronze_id, e.position order by t.known_at desc nulls last, t.track_bronze_id desc
    ) = 1
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
        position::integer as position,
        case
            when not heard then 'note'
            when nullif(track ->> '$."@TITLE"', '') is not null then 'track'
            else coalesce(named ->> '$.kind', 'unknown')
        end as kind,
        false as with_previous,
        start_raw as cue_raw,
        cue_ms,
        file_stem as raw_text,

        case
            when nullif(track ->> '$."@TITLE"', '') is not null
                then nullif(regexp_replace(track ->> '$."@ARTIST"', '\s*;\s*', ', ', 'g'), '')
            else named ->> '$.artist'
        end as artist_raw,
        coalesce(nullif(track ->> '$."@TITLE"', ''), named ->> '$.title') as title_raw,
        nullif(track ->> '$.INFO[0]."@MIX"', '') as mix_name_raw,
        nullif(track ->> '$.INFO[0]."@REMIXER"', '') as remixer_raw,
        coalesce(nullif(track ->> '$.INFO[0]."@LABEL"', ''), named ->> '$.label') as label_raw,
        nullif(track ->> '$.INFO[0]."@CATALOG_NO"', '') as catalog_number,
        nullif(track ->> '$.INFO[0]."@GENRE"', '') as genre_raw,
        nullif(try_cast(track ->> '$.INFO[0]."@PLAYTIME"' as bigint), 0) * 1000 as duration_ms,

        track_entity_id as source_entity_id,
        null::varchar as spotify_id,
        null::varchar as beatport_id,
        null::varchar as discogs_release_id,
        null::varchar as musicbrainz_id,
        null::varchar as track_1001_id,
        null::varchar as youtube_id,
        null::varchar as deezer_id,
        null::varchar as apple_id,
        null::varchar as isrc_raw
    from found
)

select * from renamed
