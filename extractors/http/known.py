"""What bronze knows: the newest answer to each request, and the file that each answer lies in.

What belongs here: an index over bronze, kept in the outbox's file. It holds nothing that could not be made
anew: `catch_up` reads every file that it has not seen, and all of them if the index was lost.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
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
BROUGHT = "file"
"""Origin of the answers that a file brought; the others' is the mode in which they were asked for."""
TABLES = """
drop table if exists known;  -- of versions that did not tell where an answer came from; with it
drop table if exists indexed;  -- what was read for it
create table if not exists answers (
    stream text, request_key text, origin text, confirmed_at real, bronze_id text, status integer,
    found integer, etag text, modified text, primary key (stream, request_key, origin)
) without rowid;
create table if not exists places (bronze_id text primary key, file text) without rowid;
create table if not exists files (file text primary key) without rowid;
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


def remember(turn: sqlite3.Connection, answers: Iterable[tuple[str, str, str, Known]]) -> None:
    """Remember the answers to requests (stream, key, origin), unless newer ones of the origin are known."""
    turn.executemany(
        """
        insert into answers values (?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (stream, request_key, origin) do update set
            confirmed_at = excluded.confirmed_at, bronze_id = excluded.bronze_id, status = excluded.status,
            found = excluded.found, etag = excluded.etag, modified = excluded.modified
        where excluded.confirmed_at >= answers.confirmed_at
        """,
        ((stream, key, origin, *astuple(answer)) for stream, key, origin, answer in answers),
    )


def newest(
    one: Callable[[str, tuple[object, ...]], tuple[Any, ...] | None],
    stream: str,
    key: str,
    origins: Sequence[str] = (),
) -> Known | None:
    """The newest answer to a request, if there is any.

    Args:
        one: first row of a statement with values, of the index.
        stream: of the request.
        key: of the request.
        origins: whose answers count; everybody's, if none is named.
    """
    among = f"and origin in ({', '.join('?' * len(origins))})" if origins else ""
    row = one(
        "select confirmed_at, bronze_id, status, found, etag, modified from answers "
        f"where stream = ? and request_key = ? {among} order by confirmed_at desc limit 1",
        (stream, key, *origins),
    )
    if row is None:
        return None
    confirmed_at, bronze_id, status, found, etag, modified = row
    return Known(confirmed_at, bronze_id, status, bool(found), etag, modified)


def catch_up(turn: sqlite3.Connection, folder: Path, streams: Iterable[str], asker: str) -> None:
    """Learn what lies in bronze files not seen before, our own as well as those of others.

    Args:
        turn: of the index.
        folder: the provider's folder in bronze.
        streams: streams to look at; what else lies there (dumps, exports) answers no request.
        asker: name and version of the code that asks: whatever other code wrote, a file brought.
    """
    seen = {row[0] for row in turn.execute("select file from files")}
    for stream in sorted({*streams, FETCHES, NOT_FOUND}):
        for file in sorted((folder / stream).glob("ingest_date=*/*.parquet")):
            name = str(file.relative_to(folder))
            if name in seen:
                continue
            if stream == FETCHES:
                remember(turn, _noted(file))
            else:
                rows = _read(
                    file, "bronze_id", "request_key", "http_status", "fetched_at", "extractor_version"
                )
                turn.executemany(
                    "insert or ignore into places values (?, ?)", ((row["bronze_id"], name) for row in rows)
                )
                if stream != NOT_FOUND:  # answers that a file brought have no note of having been asked for
                    brought = (row for row in rows if _name(row["extractor_version"]) != _name(asker))
                    remember(turn, (_brought(stream, row) for row in brought))
            turn.execute("insert into files values (?)", (name,))


def note(
    stream: str, key: str, outcome: str, asked_at: float, answer: Known | None, *, mode: str, **more: object
) -> str:
    """What ``fetches`` keeps of a request, as JSON; `catch_up` and `extractors.frontier` read it again."""
    told = None if answer is None else asdict(answer)
    return json.dumps(
        {
            "stream": stream,
            "request_key": key,
            "mode": mode,
            "outcome": outcome,
            "asked_at": asked_at,
            **more,
            "answer": told,
        },
        ensure_ascii=False,
    )


def _name(version: str) -> str:
    return version.partition("/")[0]


def _noted(file: Path) -> Iterator[tuple[str, str, str, Known]]:
    for row in _read(file, "payload"):
        fetch = json.loads(row["payload"])
        if fetch["answer"] is not None:
            # notes of older versions do not say in which mode they asked: as good for any as until now
            origin = fetch.get("mode") or BROUGHT
            yield fetch["stream"], fetch["request_key"], origin, Known(**fetch["answer"])


def _brought(stream: str, row: dict[str, Any]) -> tuple[str, str, str, Known]:
    answer = Known(row["fetched_at"].timestamp(), row["bronze_id"], row["http_status"] or 200, found=True)
    return stream, row["request_key"], BROUGHT, answer


def _read(file: Path, *columns: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(file, columns=list(columns), partitioning=None).to_pylist()
    return rows
