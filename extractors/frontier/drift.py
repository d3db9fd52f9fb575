"""Drift of payloads: keys that were not there before, keys that vanished, keys whose type changed.

Each day's keys of each stream are profiled (``ops.payload_keys``) and compared with those of all earlier
days. Keys are paths without places in lists (``tracks.items[].id``); numbers are one type, null says nothing.
"""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import duckdb

from lake import bronze, tables

SAMPLE = 300
"""Answers of a stream and day of which all keys are looked at; of the others only those at the top."""
_DEEPEST = 4
_ENOUGH = 20
"""Answers that a day needs before a key can be missed."""


def profile(
    connection: duckdb.DuckDBPyConnection, root: Path, streams: Iterable[tuple[str, str]], day: dt.date
) -> int:
    """Bring ``ops.payload_keys`` and ``ops.schema_drift`` up to date for a day; returns the drifted keys.

    Args:
        connection: lake connection, prepared.
        root: bronze root.
        streams: (provider, stream) of the answers over HTTP.
        day: the partition.
    """
    known = [one for one in streams if bronze.stream_directory(root, *one).exists()]
    selects = [_keys(root, provider, stream, day) for provider, stream in known]
    none = (
        "select null::varchar as provider, null::varchar as stream, null::varchar as key, "
        "null::varchar as type, null::varchar as bronze_id, 0 as total where false"
    )
    connection.execute(
        f"""
        create or replace temp table fresh_keys as
        select provider, stream, date '{day}' as ingest_date, key,
            list_sort(list(distinct type) filter (type <> 'null')) as types,
            count(distinct bronze_id) as answers, max(total) as total, min(bronze_id) as sample_bronze_id
        from ({" union all ".join(selects) or none}) group by all
        """
    )
    scope = f"t.ingest_date = date '{day}'"

    def work() -> None:
        tables.merge_changed(
            connection, "ops.payload_keys", "fresh_keys",
            key=("provider", "stream", "ingest_date", "key"), scope=scope,
        )  # fmt: skip
        connection.execute(_DRIFT.format(day=day))
        tables.merge_changed(
            connection, "ops.schema_drift", "fresh_drift",
            key=("provider", "stream", "ingest_date", "key", "kind"), scope=scope,
        )  # fmt: skip

    tables.transaction(connection, work, message=f"keys of the answers of {day}")
    (drifted,) = tables.one(connection, f"select count(*) from ops.schema_drift t where {scope}")
    return int(drifted)


def _keys(root: Path, provider: str, stream: str, day: dt.date) -> str:
    """SQL of the keys of one stream and day, one row per answer, key and type."""
    return f"""
        select * from (
            with answers as (
                select bronze_id, payload, count(*) over () as total,
                    row_number() over (order by bronze_id) <= {SAMPLE} as whole
                from {bronze.read_sql(root, provider, stream)} where ingest_date = date '{day}'
            )
            select '{provider}' as provider, '{stream}' as stream, t.key, {_TYPE} as type, a.bronze_id,
                a.total
            from (select * from answers where not whole) a, json_each(a.payload) t
            where json_type(a.payload) = 'OBJECT'
            union all
            select distinct '{provider}', '{stream}',
                regexp_replace(replace(replace(t.fullkey, '$.', ''), '"', ''), '\\[\\d+\\]', '[]', 'g'),
                {_TYPE}, a.bronze_id, a.total
            from (select * from answers where whole) a, json_tree(a.payload) t
            where t.key is not null and t.fullkey <> '$' and not regexp_full_match(t.fullkey, '.*\\]')
                and len(string_split(t.fullkey, '.')) <= {_DEEPEST + 1}
        )"""


_TYPE = """case when t.type in ('UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT') then 'number'
                when t.type = 'VARCHAR' then 'text' else lower(t.type) end"""
_DRIFT = f"""
    create or replace temp table fresh_drift as
    with before as (
        select provider, stream, key, list_sort(list_distinct(flatten(list(types)))) as types,
            arg_max(answers / total, ingest_date) as share
        from ops.payload_keys where ingest_date < date '{{day}}' group by provider, stream, key
    ),
    today as (select * from ops.payload_keys where ingest_date = date '{{day}}'),
    sizes as (select provider, stream, max(total) as total from today group by provider, stream)
    select t.provider, t.stream, t.ingest_date, t.key, 'unknown_key' as kind, []::varchar[] as known_types,
        t.types as seen_types, t.answers, t.sample_bronze_id
    from today t
    left join before b on b.provider = t.provider and b.stream = t.stream and b.key = t.key
    where b.key is null and (t.provider, t.stream) in (select (provider, stream) from before)
    union all
    select t.provider, t.stream, t.ingest_date, t.key, 'changed_type', b.types, t.types, t.answers,
        t.sample_bronze_id
    from today t
    join before b on b.provider = t.provider and b.stream = t.stream and b.key = t.key
    where len(b.types) > 0 and not list_has_all(b.types, t.types)
    union all
    select b.provider, b.stream, date '{{day}}', b.key, 'vanished_key', b.types, []::varchar[], s.total, null
    from before b
    join sizes s on s.provider = b.provider and s.stream = b.stream
    left join today t on t.provider = b.provider and t.stream = b.stream and t.key = b.key
    where t.key is null and b.share > 0.9 and s.total >= {_ENOUGH}
"""
