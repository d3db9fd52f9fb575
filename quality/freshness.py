"""``gold.data_freshness``: how fresh each stream of bronze is, and whether its provider can be asked.

Nothing here looks at the clock: ages are counted from the newest day on which anything landed, so that a
lake to which nothing happened says the same tomorrow.
"""

from pathlib import Path

import duckdb

from lake import bronze, tables

STALE_DAYS = 30
"""Days without an answer after which a stream is stale: as long as an answer about a track is good for."""


def build(connection: duckdb.DuckDBPyConnection, root: Path) -> tables.Changes:
    """Bring the table to what bronze, the quarantine and ``ops.provider_status`` say now.

    Args:
        connection: prepared lake connection, with the tables of operations.
        root: bronze root.
    """
    connection.execute(f"create or replace temp table landed as {_landed(root)}")
    connection.execute(_FRESH)
    return tables.transaction(
        connection,
        lambda: tables.merge_changed(
            connection, "gold.data_freshness", "fresh_freshness", key=("provider", "stream"), scope="true"
        ),
        message="freshness of the data",
    )


def _landed(root: Path) -> str:
    """SQL of what landed by stream; reads two columns of the files, and none where there are none."""
    if next(bronze.landed(root), None) is None:
        return """select null::varchar as provider, null::varchar as stream, 0::bigint as answers,
            0::bigint as days, null::date as first_day, null::date as last_day,
            null::timestamptz as last_answer_at where false"""
    return f"""select provider, stream, count(*) as answers, count(distinct ingest_date) as days,
            min(ingest_date) as first_day, max(ingest_date) as last_day, max(fetched_at) as last_answer_at
        from {bronze.read_sql(root)} group by provider, stream"""


_FRESH = f"""
    create or replace temp table fresh_freshness as
    with refused as (
        select provider, stream, count(*) as rows from silver.quarantine where healed_at is null group by all
    ),
    aged as (
        select *, max(last_day) over () - last_day as days_behind from landed
    )
    select l.provider, l.stream, l.answers, l.days, l.first_day, l.last_day, l.last_answer_at,
        l.days_behind::integer as days_behind, coalesce(r.rows, 0) as rows_refused,
        s.state as provider_state, s.since as provider_state_since, s.reason as provider_state_reason,
        case when l.days_behind > {STALE_DAYS} then 'stale' else 'fresh' end as state
    from aged l
    left join refused r on r.provider = l.provider and r.stream = l.stream
    left join ops.provider_status s on s.provider = l.provider
"""
