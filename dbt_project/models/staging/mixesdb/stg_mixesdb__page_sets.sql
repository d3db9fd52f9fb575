{{ staging_config() }}
{#- What pages say of their mixes beyond the rows. A repeat has no rows of its own, but was on air. -#}
with titled as (
    select
        *,
        bronze_id || '/' || title as mix_id,
        list_transform(
            json_extract_string(page, '$.categories[*]'),
            lambda tag: trim(regexp_replace(tag, '\s*\([^)]*\)$', ''))
        ) as tags
    from {{ ref('base_mixesdb__pages') }}
    where
        status in ('tracklist', 'repeat', 'no_rows')
        {% if is_incremental() %}and ingest_date = getvariable('day'){% endif %}
),

{{ mixesdb_mixes() }},

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        title as set_key,
        null::varchar as tracklist_1001_id,
        title,
        dj_names,
        {{ partial_date('date_raw') }}['value']::date as event_date,
        {{ partial_date('date_raw') }}['precision']::varchar as event_date_precision,
        set_type,
        genres,
        (page ->> '$.duration_ms')::bigint as duration_ms,
        {{ unsaid(['stated_tracks', 'stated_identified', 'play_count', 'favorite_count'], 'integer') }},
        coalesce(json_extract_string(page, '$.players[*]'), []::varchar[]) as recording_urls,
        '[]'::json as sources
    from mixes
)

select * from renamed
