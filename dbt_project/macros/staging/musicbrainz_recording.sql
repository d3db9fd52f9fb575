{# A recording of MusicBrainz': what we read of one, and its row in the common shape of track views. #}
{% macro musicbrainz_recording_shape() -%}
{
    "id": "VARCHAR", "title": "VARCHAR", "length": "BIGINT", "first-release-date": "VARCHAR",
    "artist-credit": [{"name": "VARCHAR", "joinphrase": "VARCHAR"}],
    "releases": [{"title": "VARCHAR"}], "isrcs": ["VARCHAR"],
    "genres": [{"name": "VARCHAR", "count": "BIGINT"}],
    "tags": [{"name": "VARCHAR", "count": "BIGINT"}],
    "relations": [{"type": "VARCHAR", "artist": {"name": "VARCHAR"}, "work": {"iswcs": ["VARCHAR"]}}],
    "_confidence": "JSON"
    }
{%- endmacro %}

{# Rows of a relation with the struct `recording`. #}
{% macro musicbrainz_recording_view(relation) -%}
select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,

    recording.id as source_entity_id,
    nullif(
        array_to_string(
            list_transform(recording."artist-credit", lambda a: concat(a.name, a.joinphrase)), ''
        ), ''
    ) as artist_raw,
    recording.title as title_raw,
    null::varchar as mix_name_raw,
    nullif(
        array_to_string(
            list_transform(
                list_filter(recording.relations, lambda r: r.type = 'remixer'), lambda r: r.artist.name
            ), ', '
        ), ''
    ) as remixer_raw,

    recording.releases[1].title as album_raw,
    null::varchar as label_raw,
    null::varchar as catalog_number,
    null::varchar as track_position,
    null::varchar as formats_raw,

    recording.isrcs[1] as isrc_raw,
    -- a medley performs several works, and has no one code
    case when len(works) = 1 then works[1].iswcs[1] end as iswc_raw,
    null::varchar as spotify_id,
    null::varchar as beatport_id,
    null::varchar as discogs_release_id,
    recording.id as musicbrainz_id,
    null::varchar as track_1001_id,
    null::varchar as youtube_id,
    null::varchar as deezer_id,
    null::varchar as apple_id,

    null::varchar as bpm_raw,
    null::varchar as key_raw,
    tags[1].name as genre_raw,
    tags[2].name as subgenre_raw,
    nullif(recording."first-release-date", '') as release_date_raw,
    recording.length as duration_ms,

    null::double as energy,
    null::double as danceability,
    null::double as valence,
    null::double as acousticness,
    null::double as instrumentalness,
    null::double as liveness,
    null::double as speechiness,
    null::double as loudness,
    null::integer as popularity,
    recording._confidence as confidence
from (
        select
            *,
            list_transform(
                list_filter(recording.relations, lambda r: r.type = 'performance' and r.work is not null),
                lambda r: r.work
            ) as works,
            -- genres are the tags that are genres; what most people voted for comes first
            list_sort(
                list_transform(
                    list_filter(
                        if(len(recording.genres) > 0, recording.genres, recording.tags),
                        lambda g: g.name is not null
                    ),
                    lambda g: struct_pack(votes := -coalesce(g.count, 0), name := g.name)
                )
            ) as tags
        from {{ relation }}
) voted
{%- endmacro %}
