{{ staging_config() }}
{#- Songs of the chart, once per answer: words alone, told by them. -#}
with entries as (
    select distinct on (ingest_date, entry ->> '$.artist', entry ->> '$.song')
        *,
        nullif(trim(entry ->> '$.artist'), '') as artist_raw,
        nullif(trim(entry ->> '$.song'), '') as title_raw
    from {{ ref('base_billboard__hot100_entries') }}
    {% if is_incremental() %}where ingest_date = getvariable('day'){% endif %}
    order by ingest_date, entry ->> '$.artist', entry ->> '$.song', chart_date, bronze_id
)

select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,
    null::varchar as source_entity_id,
    artist_raw,
    title_raw,
    {{ unsaid([
        'mix_name_raw', 'remixer_raw', 'album_raw', 'label_raw', 'catalog_number', 'track_position', 'formats_raw', 'isrc_raw', 'iswc_raw',
        'spotify_id', 'beatport_id', 'discogs_release_id', 'musicbrainz_id', 'track_1001_id', 'youtube_id', 'deezer_id',
        'apple_id', 'bpm_raw', 'key_raw', 'genre_raw', 'subgenre_raw', 'release_date_raw'
    ]) }},
    null::bigint as duration_ms,
    {{ unsaid([
        'energy', 'danceability', 'valence', 'acousticness', 'instrumentalness', 'liveness', 'speechiness', 'loudness'
    ], 'double') }},
    null::integer as popularity,
    null::json as confidence
from entries
