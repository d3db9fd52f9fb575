{# A track of Deezer's: what we read of one, and its row in the common shape of track views. #}
{% macro deezer_track_shape() -%}
{
    "id": "VARCHAR", "title": "VARCHAR", "contributors": [{"name": "VARCHAR"}],
    "artist": {"name": "VARCHAR"}, "album": {"title": "VARCHAR"}, "track_position": "VARCHAR",
    "isrc": "VARCHAR", "bpm": "DOUBLE", "duration": "DOUBLE", "release_date": "VARCHAR"
    }
{%- endmacro %}

{# Rows of a relation with the struct `track`. An ISRC gets one of the releases that carry it, and not always the
   first: what is the release's, not the recording's, is left out (`of_isrc`). #}
{% macro deezer_track_view(relation, of_isrc=false) -%}
select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,

    track.id as source_entity_id,
    coalesce(
        nullif(array_to_string(list_transform(track.contributors, lambda a: a.name), ', '), ''),
        track.artist.name
    ) as artist_raw,
    track.title as title_raw,
    null::varchar as mix_name_raw,
    null::varchar as remixer_raw,

    {% if of_isrc %}null::varchar{% else %}track.album.title{% endif %} as album_raw,
    null::varchar as label_raw,
    null::varchar as catalog_number,
    {% if of_isrc %}null::varchar{% else %}track.track_position{% endif %} as track_position,
    null::varchar as formats_raw,

    nullif(track.isrc, '') as isrc_raw,
    null::varchar as iswc_raw,
    null::varchar as spotify_id,
    null::varchar as beatport_id,
    null::varchar as discogs_release_id,
    null::varchar as musicbrainz_id,
    null::varchar as track_1001_id,
    null::varchar as youtube_id,
    track.id as deezer_id,
    null::varchar as apple_id,

    -- 0 says that none is known
    nullif(track.bpm, 0)::varchar as bpm_raw,
    null::varchar as key_raw,
    null::varchar as genre_raw,
    null::varchar as subgenre_raw,
    {% if of_isrc %}null::varchar{% else %}nullif(nullif(track.release_date, ''), '0000-00-00'){% endif %} as release_date_raw,
    nullif(round(track.duration * 1000)::bigint, 0) as duration_ms,

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
from {{ relation }}
{%- endmacro %}
