"""Answers on their way into bronze, and what bronze knows already.

Each answer is kept in an *outbox* (a SQLite file) the moment it arrives and moved to bronze in batches, so
that a killed process loses no answer and a resumed run repeats no request. The same file remembers the newest
answer to each request; it holds nothing that cannot be made anew from bronze (`AnswerStore.open` does so if
it is lost).

Beside the provider's streams bronze gets two more per provider:

- ``fetches``: one row per request that was asked, answered or not: outcome, status, tries, validators, time.
- ``not_found``: the answers that say that there is no such thing, so that a stream holds only what it is
about.
"""

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from extractors.errors import FetchError
from extractors.http.clock import Clock
from extractors.http.message import Request, Response
from extractors.http.state import SharedState
from lake import bronze
from lake.bronze import Answer

FETCHES = "fetches"
NOT_FOUND = "not_found"
_FLUSH_ROWS = 20_000
_FLUSH_BYTES = 64 * 1024 * 1024
_TABLES = """
create table if not exists outbox (
    number integer primary key, bronze_id text, stream text, request_key text, payload text, content_type
    text, entity_id text, url text, status integer, fetched_at real
);
create index if not exists outbox_by_id on outbox (bronze_id);
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
    etag: str | None
    modified: str | None


class AnswerStore:
    """One provider's answers: outbox, index and bronze as one thing.

    Any number of threads and processes may use it; their answers reach bronze once.

    Args:
        root: bronze root.
        state: folder for the outbox.
        provider: whose answers.
        streams: its streams; what else bronze holds of the provider (dumps, exports) is not looked at.
        extractor_version: name and version of the code that asks.
        clock: for the day that answers land on.
        run_id: run that asks, where there is one.
    """

    def __init__(
        self,
        root: Path,
        state: Path,
        *,
        provider: str,
        streams: Iterable[str],
        extractor_version: str,
        clock: Clock,
        run_id: str | None = None,
    ) -> None:
        self._root = root
        self._provider = provider
        self._streams = frozenset(streams)
        self._version = extractor_version
        self._clock = clock
        self._run_id = run_id
        self._state = SharedState(state / f"{provider}.sqlite", _TABLES)
        self._rows = self._bytes = 0
        with self._state.turn() as turn:
            self._index(turn)

    def find(self, request: Request) -> Known | None:
        """The newest answer to a request, if there is any."""
        row = self._state.one(
            "select confirmed_at, bronze_id, status, found, etag, modified from known "
            "where stream = ? and request_key = ?",
            (request.stream, request.key),
        )
        if row is None:
            return None
        confirmed_at, bronze_id, status, found, etag, modified = row
        return Known(confirmed_at, bronze_id, status, bool(found), etag, modified)

    def read(self, request: Request, known: Known) -> Response:
        """A known answer as a response.

        Raises:
            KeyError: bronze lost it.
        """
        return Response(
            status=known.status,
            headers={},
            body=self._payload(request, known),
            fetched_at=known.confirmed_at,
            found=known.found,
            from_bronze=True,
        )

    def keep(self, request: Request, response: Response) -> None:
        """Keep an answer, and the note that it was asked for."""
        stream, key = _place(request.stream, request.key, found=response.found)
        digest = hashlib.sha256(response.body.encode()).hexdigest()
        identity = bronze.answer_id(self._provider, stream, key, digest)
        known = Known(
            response.fetched_at,
            identity,
            response.status,
            response.found,
            response.headers.get("etag"),
            response.headers.get("last-modified"),
        )
        with self._state.turn() as turn:
            self._post(
                turn, request, stream=stream, key=key, payload=response.body, known=known, response=response
            )
            outcome = "answered" if response.found else "not_found"
            self._note(turn, request, outcome, known=known, tries=response.tries, status=response.status)
        self._flush_when_full()

    def confirm(self, request: Request, known: Known, response: Response) -> None:
        """Note that a known answer still holds (304)."""
        again = Known(
            response.fetched_at, known.bronze_id, known.status, known.found, known.etag, known.modified
        )
        with self._state.turn() as turn:
            self._note(
                turn, request, "not_modified", known=again, tries=response.tries, status=response.status
            )
        self._flush_when_full()

    def note_failure(self, request: Request, error: FetchError) -> None:
        """Note that a request brought no answer; a raw answer that could not be read goes to ``rejected``."""
        asked_at = self._clock.time()
        with self._state.turn() as turn:
            if error.body is not None:
                key = f"{request.stream}/{request.key}"
                content = json.dumps(
                    {"stream": request.stream, "file": request.address, "row": 1, "field": "(answer)",
                     "reason": error.came_back, "remedy": error.may_help, "raw": error.body},
                    ensure_ascii=False,
                )  # fmt: skip
                self._outbox(turn, bronze.REJECTED_STREAM, key, content, request=request, fetched_at=asked_at)
            self._note(
                turn, request, error.outcome, tries=error.tries,
                status=error.status, reason=error.came_back, asked_at=asked_at,
            )  # fmt: skip
        self._flush_when_full()

    def flush(self, ingest_date: dt.date | None = None) -> int:
        """Move what has arrived to bronze; answers new to it. The day is today (UTC) unless given."""
        day = ingest_date or dt.datetime.fromtimestamp(self._clock.time(), dt.UTC).date()
        with self._state.turn() as turn:
            written = bronze.write(
                self._root,
                self._provider,
                _answers(turn),
                ingest_date=day,
                extractor_version=self._version,
                run_id=self._run_id,
            )
            # killed between these two, the next flush writes the same rows again, which adds nothing
            turn.execute("delete from outbox")
            self._index(turn)
        self._rows = self._bytes = 0
        return written.new

    def close(self) -> None:
        """Move what has arrived to bronze and let go of the file."""
        self.flush()
        self._state.close()

    def _flush_when_full(self) -> None:
        if self._rows >= _FLUSH_ROWS or self._bytes >= _FLUSH_BYTES:
            self.flush()

    def _post(
        self,
        turn: sqlite3.Connection,
        request: Request,
        *,
        stream: str,
        key: str,
        payload: str,
        known: Known,
        response: Response,
    ) -> None:
        held = turn.execute(
            "select 1 from places where bronze_id = ? union all select 1 from outbox where bronze_id = ?",
            (known.bronze_id, known.bronze_id),
        ).fetchone()
        if held is None:
            self._outbox(
                turn, stream, key, payload, request=request, fetched_at=response.fetched_at,
                bronze_id=known.bronze_id, status=response.status, content_type=response.content_type,
            )  # fmt: skip

    def _note(
        self,
        turn: sqlite3.Connection,
        request: Request,
        outcome: str,
        *,
        tries: int,
        status: int | None,
        known: Known | None = None,
        reason: str | None = None,
        asked_at: float | None = None,
    ) -> None:
        at = known.confirmed_at if known else asked_at
        content = {
            "stream": request.stream,
            "request_key": request.key,
            "outcome": outcome,
            "asked_at": at,
            "http_status": status,
            "tries": tries,
            "reason": reason,
            "bronze_id": known.bronze_id if known else None,
            "answer_status": known.status if known else None,
            "found": known.found if known else None,
            "etag": known.etag if known else None,
            "last_modified": known.modified if known else None,
        }
        self._outbox(
            turn, FETCHES, f"{request.stream}/{request.key}", json.dumps(content, ensure_ascii=False),
            request=request, fetched_at=at or 0.0, status=status,
        )  # fmt: skip
        if known is not None:
            _remember(turn, [_known_row(content)])

    def _outbox(
        self,
        turn: sqlite3.Connection,
        stream: str,
        key: str,
        payload: str,
        *,
        request: Request,
        fetched_at: float,
        bronze_id: str | None = None,
        status: int | None = None,
        content_type: str = "application/json",
    ) -> None:
        turn.execute(
            "insert into outbox values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                bronze_id,
                stream,
                key,
                payload,
                content_type,
                request.entity_id,
                request.address,
                status,
                fetched_at,
            ),
        )
        self._rows += 1
        self._bytes += len(payload)

    def _payload(self, request: Request, known: Known) -> str:
        with self._state.turn() as turn:
            waiting = turn.execute(
                "select payload from outbox where bronze_id = ?", (known.bronze_id,)
            ).fetchone()
            held = turn.execute("select file from places where bronze_id = ?", (known.bronze_id,)).fetchone()
        if waiting:
            return str(waiting[0])
        stream, _ = _place(request.stream, request.key, found=known.found)
        if held:
            source = (
                f"read_parquet('{bronze.stream_directory(self._root, self._provider, stream) / held[0]}')"
            )
            query = f"select payload from {source} where bronze_id = ?"
            row = duckdb.execute(query, [known.bronze_id]).fetchone()
            if row:
                return str(row[0])
        raise KeyError(f"bronze no longer holds the answer {known.bronze_id} to {request.asked}")

    def _index(self, turn: sqlite3.Connection) -> None:
        """Learn what lies in bronze files not seen before, our own as well as those of others."""
        seen = {row[0] for row in turn.execute("select file from indexed")}
        folder = self._root / self._provider
        for stream in sorted({*self._streams, FETCHES, NOT_FOUND}):
            for file in sorted((folder / stream).glob("ingest_date=*/*.parquet")):
                place = str(file.relative_to(folder))
                if place in seen:
                    continue
                if stream == FETCHES:
                    _remember(turn, _fetched(file))
                else:
                    _index_answers(turn, file, stream)
                turn.execute("insert into indexed values (?)", (place,))


def _place(stream: str, key: str, *, found: bool) -> tuple[str, str]:
    """Stream and key under which bronze holds an answer."""
    return (stream, key) if found else (NOT_FOUND, f"{stream}/{key}")


def _answers(turn: sqlite3.Connection) -> Iterator[Answer]:
    columns = "stream, request_key, payload, content_type, entity_id, url, status, fetched_at"
    rows = turn.execute(f"select {columns} from outbox order by number")
    for stream, key, payload, content_type, entity_id, url, status, at in rows:
        yield Answer(
            stream=stream,
            request_key=key,
            payload=payload,
            content_type=content_type,
            source_entity_id=entity_id,
            source_url=url,
            http_status=status,
            fetched_at=dt.datetime.fromtimestamp(at, dt.UTC),
        )


def _known_row(fetch: dict[str, Any]) -> tuple[Any, ...]:
    return (
        fetch["stream"], fetch["request_key"], fetch["asked_at"], fetch["bronze_id"], fetch["answer_status"],
        fetch["found"], fetch["etag"], fetch["last_modified"],
    )  # fmt: skip


def _remember(turn: sqlite3.Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    """Remember answers unless newer ones are known."""
    turn.executemany(
        """
        insert into known values (?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (stream, request_key) do update set
            confirmed_at = excluded.confirmed_at, bronze_id = excluded.bronze_id, status = excluded.status,
            found = excluded.found, etag = excluded.etag, modified = excluded.modified
        where excluded.confirmed_at >= known.confirmed_at
        """,
        rows,
    )


def _fetched(file: Path) -> Iterator[tuple[Any, ...]]:
    for payload in pq.read_table(file, columns=["payload"], partitioning=None)["payload"].to_pylist():
        fetch = json.loads(payload)
        if fetch["bronze_id"] is not None:
            yield _known_row(fetch)


def _index_answers(turn: sqlite3.Connection, file: Path, stream: str) -> None:
    columns = ["bronze_id", "request_key", "http_status", "fetched_at"]
    rows = pq.read_table(file, columns=columns, partitioning=None).to_pylist()
    within = f"{file.parent.name}/{file.name}"
    turn.executemany(
        "insert or ignore into places values (?, ?)", ((row["bronze_id"], within) for row in rows)
    )
    if stream != NOT_FOUND:  # answers that a file brought have no note of having been asked for
        _remember(
            turn,
            (
                (stream, row["request_key"], row["fetched_at"].timestamp(), row["bronze_id"],
                 row["http_status"] or 200, True, None, None)
                for row in rows
            ),
        )  # fmt: skip
