{{ staging_config() }}
with source as (
    {{ bronze_answers('dj_library', 'rekordbox_txt') }}
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        null::varchar as source_entity_id,
        nullif(trim(payload ->> '$.Artist'), '') as artist_raw,
        nullif(trim(payload ->> '$."Track Title"'), '') as title_raw,
        null::varchar as mix_name_raw,
        null::varchar as remixer_raw,

        nullif(payload ->> '$.Album', '') as album_raw,
        null::varchar as label_raw,
        null::varchar as catalog_number,
        null::varchar as track_position,
        null::varchar as formats_raw,

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

        nullif(payload ->> '$.BPM', '') as bpm_raw,
        nullif(payload ->> '$.Key', '') as key_raw,
        nullif(payload ->> '$.Genre', '') as genre_raw,
        null::varchar as subgenre_raw,
        null::varchar as release_date_raw,
        nullif({{ clock_ms("(payload ->> '$.Time')") }}, 0)::bigint as duration_ms,

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
    from source
)

select * from renamed
