{{ staging_config() }}
with source as (
    {{ http_answers('beatport', 'charts_api') }}
),

parsed as (
    select
        * exclude (payload),
        from_json(payload, '{
            "id": "VARCHAR", "name": "VARCHAR", "artist": {"name": "VARCHAR"}, "genres": [{"name": "VARCHAR"}],
            "publish_date": "VARCHAR", "track_count": "INTEGER", "track_ids": ["VARCHAR"]
        }') as chart
    from source
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
