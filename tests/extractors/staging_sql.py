"""Runs one staging model over given answers in a plain DuckDB, without dbt and without a lake."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pyarrow as pa

from enrichment import sql_macros
from lake.bronze import SCHEMA, Answer

_PROJECT = Path(__file__).parents[2] / "dbt_project"
_NOW = datetime(2026, 7, 1, tzinfo=UTC)


def render(model: str, *, by_name: bool = False) -> str:
    """SQL of a model as a full build would run it.

    Bronze is a table ``answers``, or with `by_name` one table per stream, called as in the project.
    """
    (path,) = (_PROJECT / "models/staging").rglob(f"{model}.sql")
    macros = [
        file.read_text()
        for file in (*(_PROJECT / "macros").glob("*.sql"), *(_PROJECT / "macros/staging").glob("*.sql"))
    ]
    environment = jinja2.Environment(autoescape=False)  # noqa: S701  # SQL, not HTML
    context = {
        "config": lambda **_: "",
        "source": lambda _, name: name if by_name else "answers",
        "is_incremental": lambda: False,
        "var": lambda _: "",
    }
    return environment.from_string("".join([*macros, path.read_text()])).render(context)


def bronze(answers: Iterable[Answer], provider: str) -> pa.Table:
    """Answers as a bronze table with the columns dbt sees; the bronze id is the answer's number, from 0."""
    rows = [
        {
            "bronze_id": str(number),
            "provider": provider,
            "stream": answer.stream,
            "request_key": answer.request_key,
            "source_entity_id": answer.source_entity_id,
            "source_url": answer.source_url,
            "fetched_at": _NOW,
            "extractor_version": "test/1",
            "content_type": answer.content_type,
            "payload": answer.payload,
            "payload_sha256": "",
        }
        for number, answer in enumerate(answers)
    ]
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    return table.append_column("ingest_date", pa.array([date(2026, 7, 1)] * len(rows), pa.date32()))


def _run(model: str, provider: str, answers: Iterable[Answer]) -> list[dict[str, Any]]:
    """Rows of a model over these answers."""
    with duckdb.connect() as connection:
        sql_macros.create(connection)
        connection.register("answers", bronze(answers, provider))
        found = connection.execute(render(model))
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def columns(model: str) -> list[tuple[str, str]]:
    """Names and types of a model's columns."""
    with duckdb.connect() as connection:
        sql_macros.create(connection)
        connection.register("answers", bronze([], "nobody"))
        return [(row[0], row[1]) for row in connection.execute(f"describe {render(model)}").fetchall()]


def rows(model: str, *payloads: dict[str, Any] | str) -> list[dict[str, Any]]:
    """Rows of a model over these payloads, in no particular order."""
    texts = [one if isinstance(one, str) else json.dumps(one) for one in payloads]
    provider = model.split("_")[1]
    return _run(model, provider, [Answer("tracks_api", f"tracks/{n}", text) for n, text in enumerate(texts)])


def filled(row: dict[str, Any]) -> dict[str, Any]:
    """What the row says of the track: all that is not null."""
    place = {"ingest_date", "bronze_id", "provider", "stream", "fetched_at"}
    return {name: value for name, value in row.items() if value is not None and name not in place}
