{{ staging_config() }}
{#- A row's free text is read like every other tracklist's; what its format says in fields of their own counts
    before that. -#}
with source as (
    select * from {{ ref('base_tracklist_file__files') }}
    {% if is_incremental() %}where ingest_date = getvariable('day'){% endif %}
),

entries as (
    select
        * exclude (list),
        unnest((list -> '$.rows')::json[]) as entry,
        generate_subscripts((list -> '$.rows')::json[], 1) as position
    from source
),

line_rows as (
    select
        *,
        coalesce(
            entry ->> '$.line', concat_ws(' - ', entry ->> '$.artist', entry ->> '$.title'), ''
        ) as line
    from entries
),

parsed as (
    select
        line,
        parse_tracklist_line(line)::json as play
    from (select distinct line from line_rows)
),

renamed as (
    select
        r.ingest_date,
        r.bronze_id,
        r.provider,
        r.stream,
        r.fetched_at,
        r.source_url,

        r.playlist_key,
        r.position::integer as position,
        coalesce(p.play ->> '$.kind', 'unknown') as kind,
        coalesce(
            (r.entry ->> '$.with_previous')::boolean, (p.play ->> '$.with_previous')::boolean, false
        ) as with_previous,
        coalesce(r.entry ->> '$.cue', p.play ->> '$.cue_raw') as cue_raw,
        coalesce(
            (r.entry ->> '$.cue_ms')::bigint,
            {{ clock_ms("(r.entry ->> '$.clock')") }},
            (p.play ->> '$.cue_ms')::bigint
        )::bigint as cue_ms,
        r.entry ->> '$.raw' as raw_text,

        coalesce(r.entry ->> '$.artist', p.play ->> '$.artist') as artist_raw,
        coalesce(r.entry ->> '$.title', p.play ->> '$.title') as title_raw,
        r.entry ->> '$.mix_name' as mix_name_raw,
        null::varchar as remixer_raw,
        coalesce(r.entry ->> '$.label', p.play ->> '$.label') as label_raw,
        coalesce(r.entry ->> '$.catalog_number', p.play ->> '$.catalog_number') as catalog_number,
        null::varchar as genre_raw,
        (r.entry ->> '$.duration_ms')::bigint as duration_ms,

        null::varchar as source_entity_id,
        null::varchar as spotify_id,
        null::varchar as beatport_id,
        null::varchar as discogs_release_id,
        null::varchar as musicbrainz_id,
        null::varchar as track_1001_id,
        null::varchar as youtube_id,
        null::varchar as deezer_id,
        null::varchar as apple_id,
        r.entry ->> '$.isrc' as isrc_raw
    from line_rows as r
    left join parsed as p on r.line = p.line
)

select * from renamed
