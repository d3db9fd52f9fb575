{{ staging_config() }}
{#- Zero is how rekordbox writes an unknown year or length. -#}
with source as (
    select * from {{ ref('base_dj_library__rekordbox') }}
    where
        item = 'track'
        {% if is_incremental() %}and ingest_date = getvariable('day'){% endif %}
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
        nullif(element ->> '$."@Artist"', '') as artist_raw,
        nullif(element ->> '$."@Name"', '') as title_raw,
        nullif(element ->> '$."@Mix"', '') as mix_name_raw,
        nullif(element ->> '$."@Remixer"', '') as remixer_raw,

        nullif(element ->> '$."@Album"', '') as album_raw,
        nullif(element ->> '$."@Label"', '') as label_raw,
        null::varchar as catalog_number,
        nullif(nullif(element ->> '$."@TrackNumber"', ''), '0') as track_position,
        nullif(element ->> '$."@Kind"', '')
        || coalesce(' ' || nullif(element ->> '$."@BitRate"', '0') || ' kbps', '') as formats_raw,

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

        nullif(element ->> '$."@AverageBpm"', '') as bpm_raw,
        nullif(element ->> '$."@Tonality"', '') as key_raw,
        nullif(element ->> '$."@Genre"', '') as genre_raw,
        null::varchar as subgenre_raw,
        nullif(nullif(element ->> '$."@Year"', ''), '0') as release_date_raw,
        nullif(try_cast(element ->> '$."@TotalTime"' as bigint), 0) * 1000 as duration_ms,

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
