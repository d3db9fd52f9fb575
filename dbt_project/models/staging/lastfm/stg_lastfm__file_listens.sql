{{ staging_config() }}
{#- Times are UTC: to the second where the export has them, else "24 Jan 2023, 09:42". -#}
with source as (
    {{ bronze_answers('lastfm', 'scrobbles') }}
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        split_part(request_key, '/', 2) as user_name,
        coalesce(
            to_timestamp(try_cast(payload ->> '$.uts' as bigint)),
            try_strptime(payload ->> '$.utc_time', '%d %b %Y, %H:%M')::timestamptz
        ) as listened_at,
        nullif(trim(payload ->> '$.artist'), '') as artist_raw,
        nullif(trim(payload ->> '$.track'), '') as title_raw,
        nullif(trim(payload ->> '$.album'), '') as album_raw,
        null::varchar as isrc_raw,
        null::bigint as duration_ms,
        nullif(trim(payload ->> '$.track_mbid'), '') as musicbrainz_id,
        null::varchar as spotify_id,
        null::bigint as ms_played,
        -- the same listen told twice by one file is two listens
        coalesce(try_cast(regexp_extract(request_key, '\+(\d+)$', 1) as integer), 1) as occurrence
    from source
)

select * from renamed
