{# Head of a chart of Beatport's: what we read of one, and its row. #}
{% macro beatport_chart_shape() -%}
{
    "id": "VARCHAR", "name": "VARCHAR", "artist": {"name": "VARCHAR"}, "genres": [{"name": "VARCHAR"}],
    "publish_date": "VARCHAR", "track_count": "INTEGER", "track_ids": ["VARCHAR"]
        }
{%- endmacro %}

{# Rows of a relation with the struct `chart`. #}
{% macro beatport_chart_view(relation) -%}
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
from {{ relation }}
{%- endmacro %}
