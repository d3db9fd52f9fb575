{#- Rows of tracklists out of parsed ones: a relation with the columns of an answer, `playlist_key` and `play`, an
    object with the fields of the page parser's rows. -#}
{% macro page_play_columns(relation) -%}
select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,

    playlist_key,
    (play ->> '$.position')::integer as position,
    play ->> '$.kind' as kind,
    (play ->> '$.with_previous')::boolean as with_previous,
    play ->> '$.cue_raw' as cue_raw,
    (play ->> '$.cue_ms')::bigint as cue_ms,
    play ->> '$.raw' as raw_text,

    play ->> '$.artist' as artist_raw,
    play ->> '$.title' as title_raw,
    {{ unsaid(['mix_name_raw', 'remixer_raw']) }},
    play ->> '$.label' as label_raw,
    null::varchar as catalog_number,
    play ->> '$.genre' as genre_raw,
    (play ->> '$.duration_ms')::bigint as duration_ms,

    play ->> '$.track_id' as source_entity_id,
    {{ unsaid(['spotify_id', 'beatport_id', 'discogs_release_id', 'musicbrainz_id']) }},
    play ->> '$.track_id' as track_1001_id,
    {{ unsaid(['youtube_id', 'deezer_id', 'apple_id', 'isrc_raw']) }}
from {{ relation }}
{%- endmacro %}

{#- Rows of a relation with a parsed page: one row per row of it, as `play`. -#}
{% macro page_rows(relation) -%}
select
    * exclude (page),
    unnest((page -> '$.rows')::json[]) as play
from {{ relation }}
where
    status = 'tracklist'
    {% if is_incremental() %}and ingest_date = getvariable('day'){% endif %}
{%- endmacro %}

{#- Sets out of parsed pages (or text exports): what the page says of the set. -#}
{% macro page_playlist_columns(relation) -%}
select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,

    playlist_key,
    page ->> '$.title' as title,
    json_extract_string(page, '$.dj_names[*]') as dj_names,
    {{ partial_date("(page ->> '$.date')") }}['value']::date as event_date,
    {{ partial_date("(page ->> '$.date')") }}['precision']::varchar as event_date_precision,
    page ->> '$.event' as venue,
    {{ set_type_of("(page ->> '$.title')", "(page ->> '$.event')", "(page ->> '$.set_kind')") }} as set_type,
    coalesce(json_extract_string(page, '$.genres[*]'), []::varchar[]) as genres,
    null::bigint as duration_ms,
    list_filter(json_extract_string(page, '$.recordings[*].url'), lambda url: url is not null)[1]
        as source_url_external
from {{ relation }}
where
    status = 'tracklist'
    {% if is_incremental() %}and ingest_date = getvariable('day'){% endif %}
{%- endmacro %}

{#- Kind of a set: what the source calls it, else what its title says; null where neither does. -#}
{% macro set_type_of(title, scene, said='null::varchar') -%}
case
        when contains({{ title }}, ' @ ') then 'live'
        when {{ said }} = 'podcast' then 'podcast'
        when regexp_matches({{ scene }}, '(?i)podcast|podcats|cast\b|mixtape|resident advisor') then 'podcast'
        when {{ said }} = 'radio show' then 'radio'
        when regexp_matches({{ scene }}, '(?i)radio|\bfm\b|\bbbc\b|broadcast|essential mix|a state of trance|\bon air\b|mix ?show|master ?mix')
            then 'radio'
        when {{ said }} in ('live set', 'concert') then 'live'
        when {{ said }} in ('stream', 'live stream') then 'stream'
    end
{%- endmacro %}
