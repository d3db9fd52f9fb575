{{ staging_config() }}
{#- The key is the tag's text where it has one, else Traktor's own analysis (MUSICAL_KEY 0-11 major and 12-23
    minor, both from C) as pitch class and mode. A date of 1 January is how Traktor writes a bare year. -#}
with source as (
    select * from {{ ref('base_dj_library__traktor') }}
    where
        item = 'track'
        {% if is_incremental() %}and ingest_date = getvariable('day'){% endif %}
),

analysed as (
    select
        *,
        nullif(nullif(lower(trim(element ->> '$.INFO[0]."@KEY"')), ''), 'off') as key_tag,
        try_cast(element ->> '$.MUSICAL_KEY[0]."@VALUE"' as integer) as key_number,
        string_split(element ->> '$.INFO[0]."@RELEASE_DATE"', '/') as date_parts
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

        source_entity_id,
        nullif(regexp_replace(element ->> '$."@ARTIST"', '\s*;\s*', ', ', 'g'), '') as artist_raw,
        nullif(element ->> '$."@TITLE"', '') as title_raw,
        nullif(element ->> '$.INFO[0]."@MIX"', '') as mix_name_raw,
        nullif(element ->> '$.INFO[0]."@REMIXER"', '') as remixer_raw,

        nullif(element ->> '$.ALBUM[0]."@TITLE"', '') as album_raw,
        nullif(element ->> '$.INFO[0]."@LABEL"', '') as label_raw,
        nullif(element ->> '$.INFO[0]."@CATALOG_NO"', '') as catalog_number,
        nullif(element ->> '$.ALBUM[0]."@TRACK"', '') as track_position,
        nullif(regexp_extract(element ->> '$.LOCATION[0]."@FILE"', '\.(\w{2,4})$', 1), '')
        || coalesce(
            ' '
            || nullif(round(try_cast(element ->> '$.INFO[0]."@BITRATE"' as integer) / 1000)::integer, 0)
            || ' kbps',
            ''
        ) as formats_raw,

        null::varchar as isrc_raw,
        null::varchar as iswc_raw,
        null::varchar as spotify_id,
        null::varchar as beatport_id,
        null::varchar as discogs_release_id,
        null::varchar as musicbrainz_id,
        null::varchar as track_1001_id,
        null::varchar as youtube_id,
        null::varchar as deezer_id,
        null::varchar as apple_id,

        nullif(element ->> '$.TEMPO[0]."@BPM"', '') as bpm_raw,
        case
            when key_tag is not null then trim(element ->> '$.INFO[0]."@KEY"')
            when key_number between 0 and 23
                then 'pc:' || (key_number % 12) || ':' || case when key_number < 12 then 1 else 0 end
        end as key_raw,
        nullif(element ->> '$.INFO[0]."@GENRE"', '') as genre_raw,
        null::varchar as subgenre_raw,
        case
            when date_parts[2:] = ['1', '1'] then date_parts[1]
            when len(date_parts) = 3
                then date_parts[1] || '-' || lpad(date_parts[2], 2, '0') || '-' || lpad(date_parts[3], 2, '0')
        end as release_date_raw,
        coalesce(
            nullif(round(try_cast(element ->> '$.INFO[0]."@PLAYTIME_FLOAT"' as double) * 1000), 0),
            nullif(try_cast(element ->> '$.INFO[0]."@PLAYTIME"' as bigint), 0) * 1000
        )::bigint as duration_ms,

        null::double as energy,
        null::double as danceability,
        null::double as valence,
        null::double as acousticness,
        null::double as instrumentalness,
        null::double as liveness,
        null::double as speechiness,
        null::double as loudness,
        null::integer as popularity,
        null::json as confidence
    from analysed
)

select * from renamed
