{{ staging_config() }}
{#- Tracks the listener liked: names alone, the log's order (title first) put right. A bare cue names
    nothing. -#}
with liked as (
    select
        * exclude (mix),
        unnest((mix -> '$.liked')::json[]) as track
    from {{ ref('base_listening_log__mixes') }}
    {% if is_incremental() %}where ingest_date = getvariable('day'){% endif %}
)

select distinct on (ingest_date, bronze_id, track ->> '$.artist', track ->> '$.title')
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,
    null::varchar as source_entity_id,
    track ->> '$.artist' as artist_raw,
    track ->> '$.title' as title_raw,
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
from liked
where
    (track ->> '$.artist') is not null
    and not regexp_full_match(concat_ws('', track ->> '$.artist', track ->> '$.title'), '(ID)+')
