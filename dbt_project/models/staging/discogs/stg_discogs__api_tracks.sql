{{ staging_config() }}
with source as (
    {{ http_answers('discogs', 'releases_api') }}
),

-- each answer is parsed once; what it lacks or has in another type is null
parsed as (
    select
        * exclude (payload),
        from_json(payload, '{
            "id": "VARCHAR", "title": "VARCHAR", "released": "VARCHAR", "year": "INTEGER",
            "artists": [{"name": "VARCHAR", "join": "VARCHAR"}],
            "labels": [{"name": "VARCHAR", "catno": "VARCHAR"}],
            "formats": [{"name": "VARCHAR", "text": "VARCHAR", "descriptions": ["VARCHAR"]}],
            "genres": ["VARCHAR"], "styles": ["VARCHAR"],
            "tracklist": [{
                "position": "VARCHAR", "type_": "VARCHAR", "title": "VARCHAR", "duration": "VARCHAR",
                "artists": [{"name": "VARCHAR", "join": "VARCHAR"}],
                "extraartists": [{"name": "VARCHAR", "role": "VARCHAR"}],
                "sub_tracks": [{
                    "position": "VARCHAR", "type_": "VARCHAR", "title": "VARCHAR", "duration": "VARCHAR",
                    "artists": [{"name": "VARCHAR", "join": "VARCHAR"}],
                    "extraartists": [{"name": "VARCHAR", "role": "VARCHAR"}]
                }]
            }],
            "_confidence": "JSON"
        }') as answer
    from source
),

entries as (
    select
        *,
        unnest(answer.tracklist) as entry
    from parsed
),

-- an index line stands for the works listed under it; a heading is no track
tracks as (
    select
        * exclude (entry),
        unnest(
            case
                when len(entry.sub_tracks) > 0 then entry.sub_tracks
                when entry.type_ in ('heading', 'index') then []
                else [{
                    'position': entry.position,
                    'type_': entry.type_,
                    'title': entry.title,
                    'duration': entry.duration,
                    'artists': entry.artists,
                    'extraartists': entry.extraartists
                }]
            end
        ) as track
    from entries
),

credited as (
    select
        *,
        if(len(track.artists) > 0, track.artists, answer.artists) as artists,
        count(*) over (partition by bronze_id, track.position) as entries_at_position
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
            when track.position <> '' and entries_at_position = 1 then answer.id || '-' || track.position
        end as source_entity_id,
        nullif(
            concat(
                array_to_string(
                    list_transform(
                        artists[:-2],
                        lambda a: a.name || case
                            when coalesce(a.join, '') in ('', ',') then ', '
                            else ' ' || a.join || ' '
                        end
                    ), ''
                ),
                artists[-1].name
            ), ''
        ) as artist_raw,  -- with the number that tells namesakes apart: "Somebody (2)"
        track.title as title_raw,
        null::varchar as mix_name_raw,
        nullif(
            array_to_string(
                list_transform(
                    list_filter(track.extraartists, lambda a: regexp_matches(a.role, '(?i)\bremix')),
                    lambda a: regexp_replace(a.name, ' \(\d+\)$', '')
                ), ', '
            ), ''
        ) as remixer_raw,

        answer.title as album_raw,
        regexp_replace(answer.labels[1].name, ' \(\d+\)$', '') as label_raw,
        -- "none" is the database's word for a release without a number
        nullif(nullif(answer.labels[1].catno, 'none'), '') as catalog_number,
        nullif(track.position, '') as track_position,
        nullif(
            array_to_string(
                list_transform(
                    answer.formats,
                    lambda f: concat_ws(' ', f.name, array_to_string(f.descriptions, ' '), nullif(f.text, ''))
                ), '; '
            ), ''
        ) as formats_raw,

        null::varchar as isrc_raw,
        null::varchar as iswc_raw,
        null::varchar as spotify_id,
        null::varchar as beatport_id,
        answer.id as discogs_release_id,
        null::varchar as musicbrainz_id,
        null::varchar as track_1001_id,
        null::varchar as youtube_id,
        null::varchar as deezer_id,
        null::varchar as apple_id,

        null::varchar as bpm_raw,
        null::varchar as key_raw,
        coalesce(answer.styles[1], answer.genres[1]) as genre_raw,
        answer.styles[2] as subgenre_raw,
        coalesce(nullif(answer.released, ''), nullif(answer.year, 0)::varchar) as release_date_raw,
        {{ clock_ms('track.duration') }}::bigint as duration_ms,

        null::double as energy,
        null::double as danceability,
        null::double as valence,
        null::double as acousticness,
        null::double as instrumentalness,
        null::double as liveness,
        null::double as speechiness,
        null::double as loudness,
        null::integer as popularity,
        answer._confidence as confidence
    from credited
)

select * from renamed
