"""Putting provider records straight into a test lake, as `enrichment.records` would have written them."""

import datetime as dt
import hashlib
from typing import Any

import duckdb
import pyarrow as pa

from enrichment import schema
from enrichment.engine import Day
from enrichment.text.record import parse_records

DAY = Day(dt.date(2026, 3, 1))
_NAMES = ("artist_raw", "title_raw", "mix_name_raw", "remixer_raw")


def put(lake: duckdb.DuckDBPyConnection, *records: dict[str, Any], day: Day = DAY) -> list[str]:
    """Store records; keys are columns of ``silver.track_records``. Returns their record ids."""
    ids = []
    for given in records:
        record = dict(given)
        record.setdefault("stream", "tracks_api")
        text = repr(sorted((name, str(value)) for name, value in record.items()))
        record.setdefault("record_id", hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())
        record.setdefault("bronze_id", f"bronze-{record['record_id'][:8]}")
        record.setdefault("fetched_at", dt.datetime.combine(day.date, dt.time(12), dt.UTC))
        record |= {"ingest_date": day.date, "first_seen": day.date}
        if record.get("title_raw") is not None:
            names = pa.table({name: pa.array([record.get(name)], pa.string()) for name in _NAMES})
            record |= {
                name: column[0].as_py() for name, column in zip(*_columns(parse_records(names)), strict=True)
            }
        else:
            record["usable"] = False
        listed = ", ".join(record)
        marks = ", ".join(f"${name}" for name in record)
        lake.execute(f"insert into silver.track_records ({listed}) values ({marks})", record)
        lake.execute(
            "insert into silver.record_answers values (?, ?, ?)",
            [record["record_id"], record["bronze_id"], day.date],
        )
        ids.append(str(record["record_id"]))
    return ids


def tie(lake: duckdb.DuckDBPyConnection, track_id: str, *members: tuple[str, float]) -> None:
    """Make records (id, match confidence) members of a track, as matching would; the first is its anchor."""
    for place, (record_id, sure) in enumerate(members):
        lake.execute(
            "insert into silver.track_members values (?, ?, ?, ?, 'fuzzy', ?, ?)",
            [record_id, record_id, track_id, sure, place == 0, DAY.date],
        )


def empty(lake: duckdb.DuckDBPyConnection) -> None:
    """Remove all rows, for the next example of a property."""
    for name in schema.TABLES:
        if lake.execute(f"select 1 from {name} limit 1").fetchone():
            lake.execute(f"delete from {name}")


def _columns(table: pa.Table) -> tuple[list[str], list[pa.ChunkedArray]]:
    wanted = [part.split()[0] for part in schema.TABLES["silver.track_records"].replace("\n", " ").split(",")]
    names = [name for name in table.column_names if name in wanted]
    return names, [table[name] for name in names]
