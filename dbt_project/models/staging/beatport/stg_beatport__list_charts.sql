{{ staging_config() }}
with hits as (
    {{ hits_of('beatport', 'charts_list_api', '$.results[*]') }}
),

parsed as (
    select
        * exclude (hit),
        from_json(hit, '{
            "id": "VARCHAR", "name": "VARCHAR", "artist": {"name": "VARCHAR"}, "genres": [{"name": "VARCHAR"}],
            "publish_date": "VARCHAR", "track_count": "INTEGER", "track_ids": ["VARCHAR"]
        }') as chart
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

        chart.id as chart_id,
        chart.name as chart_name,
        chart.artist.name as dj_name,
        chart.genres[1].name as genre_raw,
        chart.publish_date as publish_date_raw,
        chart.track_count,
        coalesce(chart.track_ids, []) as track_ids
    from parsed
)

select * from renamed
