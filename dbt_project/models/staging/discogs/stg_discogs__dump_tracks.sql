{{ staging_config() }}
{#- Rows of a tracklist: an entry without position and duration is a heading (no row), an index entry gives
    way to the works listed under it. Artists are those of the row, else of the release; " (2)" and the like
    is Discogs' way of telling namesakes apart and no part of a name. -#}
with source as (
    {{ bronze_answers('discogs', 'releases_xml') }}
),

releases as (
    select
        * exclude (payload),
        xml_to_json(payload)::json as release
    from source
),

entries as (
    select
        *,
        unnest((release -> '$.tracklist[0].track')::json[]) as entry,
        generate_subscripts((release -> '$.tracklist[0].track')::json[], 1) as entry_no
    from releases
),

tracks as (
    select
        * exclude (entry),
        entry as track,
        0 as part_no,
        entry -> '$.artists[0].artist' as entry_artists
    from entries
    union all
    select
        * exclude (entry),
        unnest((entry -> '$.sub_tracks[0].track')::json[]) as track,
        generate_subscripts((entry -> '$.sub_tracks[0].track')::json[], 1) as part_no,
        entry -> '$.artists[0].artist' as entry_artists
    from entries
),

described as (
    select
        *,
        coalesce(trim(track ->> '$.position[0]."#text"'), '') as position,
        coalesce(trim(track ->> '$.duration[0]."#text"'), '') as duration,
        nullif(regexp_replace(track ->> '$.title[0]."#text"', '^\s+|\s+$', '', 'g'), '') as title,
        coalesce(
            track -> '$.artists[0].artist', entry_artists, release -> '$.artists[0].artist'
        )::json[] as artists
    from tracks
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        -- without a position of its own a track cannot be told from the others of its release
        case
            when position <> '' and count(*) over (partition by bronze_id, position) = 1
                then source_entity_id || '-' || position
        end as source_entity_id,
        nullif(
            concat(
                array_to_string(
                    list_transform(
                        artists[:-2],
                        lambda artist: (artist ->> '$.name[0]."#text"')
                        || regexp_replace(
                            ' ' || coalesce(trim(artist ->> '$.join[0]."#text"'), ',') || ' ', '^ ,', ','
                        )
                    ), ''
                ),
                (artists[-1] ->> '$.name[0]."#text"'),
                ' feat. ' || nullif(array_to_string(list_transform(
                    list_filter(
                        (track -> '$.extraartists[0].artist')::json[],
                        lambda artist: regexp_matches(artist ->> '$.role[0]."#text"', '(?i)\bfeaturing\b')
                    ),
                    lambda artist: artist ->> '$.name[0]."#text"'
                ), ', '), '')
            ), ''
        ) as artist_raw,  -- with the number that tells namesakes apart: "Somebody (2)"
        title as title_raw,
        null::varchar as mix_name_raw,
        nullif(array_to_string(list_transform(
            list_filter(
                (track -> '$.extraartists[0].artist')::json[],
                lambda artist: regexp_matches(artist ->> '$.role[0]."#text"', '(?i)\bremix')
            ),
            lambda artist: regexp_replace(artist ->> '$.name[0]."#text"', ' \(\d+\)$', '')
        ), ', '), '') as remixer_raw,

        release ->> '$.title[0]."#text"' as album_raw,
        regexp_replace(release ->> '$.labels[0].label[0]."@name"', ' \(\d+\)$', '') as label_raw,
        nullif(nullif(release ->> '$.labels[0].label[0]."@catno"', ''), 'none') as catalog_number,
        nullif(position, '') as track_position,
        nullif(array_to_string(list_transform(
            (release -> '$.formats[0].format')::json[],
            lambda one: concat_ws(
                ' ', one ->> '$."@name"',
                array_to_string((one ->> '$.descriptions[0].description[*]."#text"')::varchar[], ' '),
                nullif(one ->> '$."@text"', '')
            )
        ), '; '), '') as formats_raw,

        null::varchar as isrc_raw,
        null::varchar as iswc_raw,
        null::varchar as spotify_id,
        null::varchar as beatport_id,
        source_entity_id as discogs_release_id,
        null::varchar as musicbrainz_id,
        null::varchar as track_1001_id,
        null::varchar as youtube_id,
        null::varchar as deezer_id,
        null::varchar as apple_id,

        null::varchar as bpm_raw,
        null::varchar as key_raw,
        coalesce(
            release ->> '$.styles[0].style[0]."#text"', release ->> '$.genres[0].genre[0]."#text"'
        ) as genre_raw,
        release ->> '$.styles[0].style[1]."#text"' as subgenre_raw,
        nullif(release ->> '$.released[0]."#text"', '') as release_date_raw,
        {{ clock_ms('duration') }}::bigint as duration_ms,

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
    from described
    where
        part_no > 0
        or ((position <> '' or duration <> '') and (track -> '$.sub_tracks[0].track') is null)
)

select * from renamed
