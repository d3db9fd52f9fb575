{{ staging_config() }}
{#- Hits name releases, not tracks: they lead to look-ups, whose track lists are staged as tracks. -#}
with hits as (
    {{ hits_of('discogs', 'search_api', '$.results[*]') }}
),

parsed as (
    select
        * exclude (hit),
        from_json(hit, '{
            "id": "VARCHAR", "type": "VARCHAR", "title": "VARCHAR", "catno": "VARCHAR", "year": "VARCHAR",
            "label": ["VARCHAR"]
        }') as release
    from hits
),

renamed as (
    select
        ingest_date,
        bronze_id,
        provider,
        stream,
        fetched_at,
        source_url,

        release.id as discogs_release_id,
        release.title as title_raw,
        nullif(nullif(release.catno, 'none'), '') as catalog_number,
        release.label[1] as label_raw,
        nullif(release.year, '0') as release_date_raw
    from parsed
)

select * from renamed
