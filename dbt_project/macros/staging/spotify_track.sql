{# A track of Spotify's: what we read of one, and its row in the common shape of track views. #}
{% macro spotify_track_shape() -%}
{
    "id": "VARCHAR", "name": "VARCHAR", "artists": [{"name": "VARCHAR"}],
    "album": {"name": "VARCHAR", "release_date": "VARCHAR"},
    "track_number": "VARCHAR", "external_ids": {"isrc": "VARCHAR"},
    "duration_ms": "BIGINT", "popularity": "INTEGER", "_confidence": "JSON"
    }
{%- endmacro %}

{# Rows of a relation with the struct `track`. #}
{% macro spotify_track_view(relation) -%}
select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,

    track.id as source_entity_id,
    nullif(array_to_string(list_transform(track.artists, lambda a: a.name), ', '), '') as artist_raw,
    track.name as title_raw,
    null::varchar as mix_name_raw,
    null::varchar as remixer_raw,

    track.album.name as album_raw,
    null::varchar as label_raw,
    null::varchar as catalog_number,
    track.track_number as track_position,
    null::varchar as formats_raw,

    nullif(track.external_ids.isrc, '') as isrc_raw,
    null::varchar as iswc_raw,
    track.id as spotify_id,
    null::varchar as beatport_id,
    null::varchar as discogs_release_id,
    null::varchar as musicbrainz_id,
    null::varchar as track_1001_id,
    null::varchar as youtube_id,
    null::varchar as deezer_id,
    null::varchar as apple_id,

    null::varchar as bpm_raw,
    null::varchar as key_raw,
    null::varchar as genre_raw,
    null::varchar as subgenre_raw,
    track.album.release_date as release_date_raw,
    track.duration_ms,

    null::double as energy,
    null::double as danceability,
    null::double as valence,
    null::double as acousticness,
    null::double as instrumentalness,
    null::double as liveness,
    null::double as speechiness,
    null::double as loudness,
    track.popularity,
    track._confidence as confidence
from {{ relation }}
{%- endmacro %}
