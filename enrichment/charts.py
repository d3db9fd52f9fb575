"""``silver.charts`` and ``silver.chart_entries``: who stood where on which chart, tied to tracks."""

import duckdb

from enrichment.engine import Day, staging_relations, union_of
from enrichment.records import RECORD_ID
from lake import tables

_HEAD_COLUMNS = {
    "ingest_date": "date",
    "fetched_at": "timestamptz",
    **dict.fromkeys(
        ("bronze_id", "provider", "chart_key", "chart_name", "chart_type", "genre_raw", "dj_name"), "varchar"
    ),
}
_ENTRY_COLUMNS = {
    "ingest_date": "date",
    "fetched_at": "timestamptz",
    "chart_date": "date",
    **dict.fromkeys(("position", "previous_position", "peak_position", "weeks_on_chart"), "integer"),
    **dict.fromkeys(
        (
            "bronze_id", "provider", "stream", "chart_key", "source_entity_id", "artist_raw", "title_raw",
            "mix_name_raw", "remixer_raw", "label_raw", "catalog_number",
        ),
        "varchar",
    ),
}  # fmt: skip
_CHART_ID = "stable_uuid(concat_ws(chr(31), 'chart', provider, chart_key))"


def build(connection: duckdb.DuckDBPyConnection, day: Day) -> tuple[tables.Changes, tables.Changes]:
    """Bring the day's chart editions into silver, and re-tie entries whose track changed.

    An edition (chart and date) that is told again is replaced as a whole. Entries without place or date are
    left out.

    Returns:
        Changes of ``silver.charts`` and of ``silver.chart_entries``.
    """
    heads = union_of(staging_relations(connection, "_chart_heads", day), _HEAD_COLUMNS, day)
    entries = union_of(staging_relations(connection, "_chart_entries", day), _ENTRY_COLUMNS, day)
    for statement in (_HEADS.format(source=heads), _ENTRIES.format(source=entries), _FRESH_ENTRIES):
        connection.execute(statement)
    return tables.transaction(connection, lambda: _store(connection), message=f"charts of {day.date}")


_HEADS = f"""
    create or replace temp table day_charts as
    select {_CHART_ID} as chart_id, * from ({{source}})
    qualify row_number() over (partition by chart_id order by fetched_at desc, bronze_id desc) = 1
"""

_ENTRIES = f"""
    create or replace temp table day_entries as
    select {_CHART_ID} as chart_id, {RECORD_ID} as record_id, * from ({{source}})
    where position is not null and chart_date is not null
    qualify row_number() over (
        partition by chart_id, chart_date, position order by fetched_at desc, bronze_id desc) = 1
"""

_FRESH_ENTRIES = """
    create or replace temp table fresh_entries as
    with entries as (
        select chart_id, chart_date, position, previous_position, peak_position, weeks_on_chart, record_id,
            provider, bronze_id
        from day_entries
        union all
        select t.chart_id, t.chart_date, t.position, t.previous_position, t.peak_position, t.weeks_on_chart,
            t.record_id, t.provider, t.bronze_id
        from silver.chart_entries t
        join silver.track_members m using (record_id)
        where t.track_id is distinct from m.track_id
            and (t.chart_id, t.chart_date) not in (select (chart_id, chart_date) from day_entries)
    )
    select e.chart_id, e.chart_date, e.position, e.previous_position, e.peak_position, e.weeks_on_chart,
        e.record_id, m.track_id, e.provider, e.bronze_id
    from entries e left join silver.track_members m using (record_id)
"""

# a chart nobody described is called by its key
_FRESH_CHARTS = """
    create or replace temp table fresh_charts as
    with editions as (
        select chart_id, min(chart_date) as first_date, max(chart_date) as last_date,
            count(distinct chart_date)::integer as editions
        from silver.chart_entries
        where chart_id in (select chart_id from day_entries union select chart_id from day_charts)
        group by chart_id
    ),
    named as (
        select chart_id, any_value(provider) as provider, any_value(chart_key) as chart_key,
            arg_min(bronze_id, bronze_id) as bronze_id
        from day_entries group by chart_id
    )
    select
        coalesce(n.chart_id, h.chart_id) as chart_id, coalesce(t.provider, h.provider, n.provider) as
        provider, coalesce(t.chart_key, h.chart_key, n.chart_key) as chart_key, coalesce(h.chart_name, t.name,
        n.chart_key) as name, coalesce(h.chart_type, t.chart_type, 'global') as chart_type,
        coalesce(h.genre_raw, t.genre) as genre, coalesce(h.dj_name, t.dj_name) as dj_name, e.first_date,
        e.last_date, coalesce(e.editions, 0) as editions, coalesce(t.bronze_id, h.bronze_id, n.bronze_id) as
        bronze_id
    from named n
    full join day_charts h on n.chart_id = h.chart_id
    left join silver.charts t on coalesce(n.chart_id, h.chart_id) = t.chart_id
    left join editions e on coalesce(n.chart_id, h.chart_id) = e.chart_id
"""


def _store(connection: duckdb.DuckDBPyConnection) -> tuple[tables.Changes, tables.Changes]:
    entries = tables.merge_changed(
        connection,
        "silver.chart_entries",
        "fresh_entries",
        key=("chart_id", "chart_date", "position"),
        scope="(t.chart_id, t.chart_date) in (select (chart_id, chart_date) from day_entries)",
    )
    connection.execute(_FRESH_CHARTS)
    charts = tables.merge_changed(
        connection, "silver.charts", "fresh_charts", key=("chart_id",), scope="false"
    )
    return charts, entries
