{# A track of Beatport's: what we read of one, and its row in the common shape of track views. #}
{% macro beatport_track_shape() -%}
{
    "id": "VARCHAR", "name": "VARCHAR", "mix_name": "VARCHAR",
    "artists": [{"name": "VARCHAR"}], "remixers": [{"name": "VARCHAR"}],
    "release": {"name": "VARCHAR", "label": {"name": "VARCHAR"}},
    "catalog_number": "VARCHAR", "isrc": "VARCHAR",
    "bpm": "VARCHAR", "key": {"name": "VARCHAR"},
    "genre": {"name": "VARCHAR"}, "sub_genre": {"name": "VARCHAR"},
    "new_release_date": "VARCHAR", "publish_date": "VARCHAR",
    "length_ms": "BIGINT", "length": "VARCHAR", "_confidence": "JSON"
    }
{%- endmacro %}

{# Rows of a relation with the struct `track`. #}
{% macro beatport_track_view(relation) -%}
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
    nullif(track.mix_name, '') as mix_name_raw,
    nullif(array_to_string(list_transform(track.remixers, lambda a: a.name), ', '), '') as remixer_raw,

    track.release.name as album_raw,
    track.release.label.name as label_raw,
    nullif(track.catalog_number, '') as catalog_number,
    null::varchar as track_position,
    null::varchar as formats_raw,

    nullif(track.isrc, '') as isrc_raw,
    null::varchar as iswc_raw,
    null::varchar as spotify_id,
    track.id as beatport_id,
    null::varchar as discogs_release_id,
    null::varchar as musicbrainz_id,
    null::varchar as track_1001_id,
    null::varchar as youtube_id,
    null::varchar as deezer_id,
    null::varchar as apple_id,

    track.bpm as bpm_raw,
    track.key.name as key_raw,
    track.genre.name as genre_raw,
    track.sub_genre.name as subgenre_raw,
    coalesce(track.new_release_date, track.publish_date) as release_date_raw,
    coalesce(track.length_ms, {{ clock_ms('track.length') }})::bigint as duration_ms,

    null::double as energy,
    null::double as danceability,
    null::double as valence,
    null::double as acousticness,
    null::double as instrumentalness,
    null::double as liveness,
    null::double as speechiness,
    null::double as loudness,
    null::integer as popularity,
    track._confidence as confidence
from {{ relation }}
{%- endmacro %}
