"""What bronze knows: the newest answer to each request, and the file that each answer lies in.

What belongs here: an index over bronze, kept in the outbox's file. It holds nothing that could not be made
anew: `catch_up` reads every file that it has not seen, and all of them if the index was lost.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

FETCHES = "fetches"
"""Stream of the notes: one row per request, asked or given up."""
NOT_FOUND = "not_found"
"""Stream of the answers that say that there is no such thing: other streams hold only what they are about."""
ANSWERED = "('answered', 'not_found', 'not_modified', 'held')"
"""SQL of the outcomes of requests that are an answer, ``held`` one that was there already."""
TABLES = """
create table if not exists known (
    stream text, request_key text, confirmed_at real, bronze_id text, status integer, found integer,
    etag text, modified text, primary key (stream, request_key)
) without rowid;
create table if not exists places (bronze_id text primary key, file text) without rowid;
create table if not exists indexed (file text primary key) without rowid;
"""


@dataclass(frozen=True, slots=True)
class Known:
    """The newest answer to a request.

    Attributes:
        confirmed_at: when the provider last gave it, or said that it still holds (seconds since 1970).
        bronze_id: the answer.
        status: its HTTP status; 200 if it came from a file.
        found: whether it says that there is such a thing.
        etag: validator, if the provider gave one.
        modified: the other validator, ``Last-Modified``.
    """

    confirmed_at: float
    bronze_id: str
    status: int
    found: bool
    etag: str | None = None
    modified: str | None = None


def place(stream: str, key: str, *, found: bool) -> tuple[str, str]:
    """Stream and key under which bronze holds an answer."""
    return (stream, key) if found else (NOT_FOUND, f"{stream}/{key}")


def remember(turn: sqlite3.Connection, answers: Iterable[tuple[str, str, Known]]) -> None:
    """Remember the answers to requests (stream, key), unless newer ones are known."""
    turn.executemany(
        """
        insert into known values (?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (stream, request_key) do update set
            confirmed_at = excluded.confirmed_at, bronze_id = excluded.bronze_id, status = excluded.status,
            found = excluded.found, etag = excluded.etag, modified = excluded.modified
        where excluded.confirmed_at >= known.confirmed_at
        """,
        ((stream, key, *astuple(answer)) for stream, key, answer in answers),
    )


def catch_up(turn: sqlite3.Connection, folder: Path, streams: Iterable[str]) -> None:
    """Learn what lies in bronze files not seen before, our own as well as those of others.

    Args:
        turn: of the index.
        folder: the provider's folder in bronze.
        streams: streams to look at; what else lies there (dumps, exports) answers no request.
    """
    seen = {row[0] for row in turn.execute("select file from indexed")}
    for stream in sorted({*streams, FETCHES, NOT_FOUND}):
        for file in sorted((folder / stream).glob("ingest_date=*/*.parquet")):
            name = str(file.relative_to(folder))
            if name in seen:
                continue
            if stream == FETCHES:
                remember(turn, _noted(file))
            else:
                rows = _read(file, "bronze_id", "request_key", "http_status", "fetched_at")
                turn.executemany(
                    "insert or ignore into places values (?, ?)", ((row["bronze_id"], name) for row in rows)
                )
                if stream != NOT_FOUND:  # answers that a file brought have no note of having been asked for
                    remember(turn, (_brought(stream, row) for row in rows))
            turn.execute("insert into indexed values (?)", (name,))


def note(stream: str, key: str, outcome: str, asked_at: float, answer: Known | None, **more: object) -> str:
    """What ``fetches`` keeps of a request, as JSON; `catch_up` and `extractors.frontier` read it again."""
    told = None if answer is None else asdict(answer)
    return json.dumps(
        {
            "stream": stream,
            "request_key": key,
            "outcome": outcome,
            "asked_at": asked_at,
            **more,
            "answer": told,
        },
        ensure_ascii=False,
    )


def _noted(file: Path) -> Iterator[tuple[str, str, Known]]:
    for row in _read(file, "payload"):
        fetch = json.loads(row["payload"])
        if fetch["answer"] is not None:
            yield fetch["stream"], fetch["request_key"], Known(**fetch["answer"])


def _brought(stream: str, row: dict[str, Any]) -> tuple[str, str, Known]:
    answer = Known(row["fetched_at"].timestamp(), row["bronze_id"], row["http_status"] or 200, found=True)
    return stream, row["request_key"], answer


def _read(file: Path, *columns: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(file, columns=list(columns), partitioning=None).to_pylist()
    return rows
