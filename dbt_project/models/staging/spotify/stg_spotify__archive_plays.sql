{{ staging_config() }}
{#- Every stay of a track in a playlist, by the day it was added; `archive_stays` tells which are over.
    The archive does not know the order of a playlist, so position is that of being added, then of the
    file. -#}
with stays as (
    select
        *,
        payload ->> '$.playlist_id' as playlist_key
    from ({{ bronze_answers('spotify', 'playlist_archive') }})
    qualify row_number() over (
        -- a track renamed on the day it came has a row for either name: the name that stayed
        partition by ingest_date, request_key
        order by
            fetched_at desc, coalesce(payload ->> '$.removed', '') = '' desc, payload ->> '$.removed' desc,
            source_row desc, bronze_id desc
    ) = 1
)

select
    ingest_date,
    bronze_id,
    provider,
    stream,
    fetched_at,
    source_url,
    playlist_key,
    row_number() over (
        partition by ingest_date, playlist_key order by payload ->> '$.added', source_row, bronze_id
    )::integer as position,
    if(coalesce(payload ->> '$.track_name', '') = '', 'unknown', 'track') as kind,
    false as with_previous,
    null::varchar as cue_raw,
    null::bigint as cue_ms,
    concat_ws(
        ' - ', nullif(replace(payload ->> '$.artist_names', ' | ', ', '), ''), payload ->> '$.track_name'
    ) as raw_text,
    nullif(replace(payload ->> '$.artist_names', ' | ', ', '), '') as artist_raw,
    nullif(payload ->> '$.track_name', '') as title_raw,
    {{ unsaid(['mix_name_raw', 'remixer_raw', 'label_raw', 'catalog_number', 'genre_raw']) }},
    clock_ms(payload ->> '$.length') as duration_ms,
    source_entity_id,
    source_entity_id as spotify_id,
    {{ unsaid([
        'beatport_id', 'discogs_release_id', 'musicbrainz_id', 'track_1001_id', 'youtube_id', 'deezer_id', 'apple_id',
        'isrc_raw'
    ]) }}
from stays
