"""Answers on their way into bronze.

Each answer is kept in an *outbox* (a SQLite file) the moment it arrives and moved to bronze in batches, so
that a killed process loses no answer and a resumed run repeats no request. What bronze knows already is
indexed in the same file (`known`).
"""

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import duckdb

from extractors.errors import FetchError
from extractors.http import known
from extractors.http.clock import Clock, SystemClock
from extractors.http.known import FETCHES, Known
from extractors.http.message import Request, Response
from extractors.http.settings import Mode
from extractors.http.state import SharedState
from lake import bronze
from lake.bronze import Answer

_FLUSH_ROWS = 20_000
_FLUSH_BYTES = 64 * 1024 * 1024
_TABLES = """
create table if not exists outbox (
    number integer primary key, bronze_id text, stream text, request_key text, payload text,
    content_type text, entity_id text, url text, status integer, fetched_at real
);
create index if not exists outbox_by_id on outbox (bronze_id);
"""


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
        mode: where the answers come from. What the sandbox said is no answer to a live request, nor the
            other way round; in recorded mode every answer counts.
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
        mode: Mode = Mode.LIVE,
        run_id: str | None = None,
    ) -> None:
        self._root = root
        self._provider = provider
        self._streams = tuple(streams)
        self._version = extractor_version
        self._clock = clock
        self._mode = mode
        self._origins = () if mode is Mode.RECORDED else (mode.value, known.BROUGHT)
        self._run_id = run_id
        self._state = SharedState(state / f"{provider}.sqlite", _TABLES + known.TABLES)
        self._rows = self._bytes = 0
        with self._state.turn() as turn:
            known.catch_up(turn, root / provider, self._streams, extractor_version)

    def find(self, request: Request) -> Known | None:
        """The newest answer to a request, if there is any."""
        return known.newest(self._state.one, request.stream, request.key, self._origins)

    def read(self, answer: Known) -> Response | None:
        """A known answer as a response; None if somebody took its file away."""
        with self._state.turn() as turn:
            query = "select payload from outbox where bronze_id = ?"
            waiting = turn.execute(query, (answer.bronze_id,)).fetchone()
            held = turn.execute("select file from places where bronze_id = ?", (answer.bronze_id,)).fetchone()
            file = self._root / self._provider / held[0] if held else None
            if file is not None and not file.exists():
                turn.execute("delete from places where file = ?", held)  # so that it can come back
                file = None
        if waiting is None and file is not None:
            query = f"select payload from read_parquet('{file}') where bronze_id = ?"
            # a cursor of its own: threads would take each other's rows from a shared connection
            waiting = duckdb.cursor().execute(query, [answer.bronze_id]).fetchone()
        if waiting is None:
            return None
        return Response(
            status=answer.status,
            headers={},
            body=str(waiting[0]),
            fetched_at=answer.confirmed_at,
            found=answer.found,
            from_bronze=True,
        )

    def keep(self, request: Request, response: Response) -> None:
        """Keep an answer, and the note that it was asked for."""
        stream, key = known.place(request.stream, request.key, found=response.found)
        digest = hashlib.sha256(response.body.encode()).hexdigest()
        answer = Known(
            response.fetched_at,
            bronze.answer_id(self._provider, stream, key, digest),
            response.status,
            response.found,
            response.headers.get("etag"),
            response.headers.get("last-modified"),
        )
        with self._state.turn() as turn:
            held = turn.execute(
                "select 1 from places where bronze_id = ? union all select 1 from outbox where bronze_id = ?",
                (answer.bronze_id, answer.bronze_id),
            ).fetchone()
            returned = held is not None and _current(turn, request) != answer.bronze_id
            if held is None:
                kept = Answer(stream, key, response.body, response.content_type, http_status=response.status)
                self._post(turn, request, kept, response.fetched_at, answer.bronze_id)
            outcome = "answered" if response.found else "not_found"
            self._note(turn, request, outcome, response, answer, returned=returned)
        self._flush_when_full()

    def confirm(self, request: Request, answer: Known, response: Response) -> None:
        """Note that a known answer still holds (304)."""
        with self._state.turn() as turn:
            still = replace(answer, confirmed_at=response.fetched_at)
            self._note(turn, request, "not_modified", response, still)
        self._flush_when_full()

    def note_held(self, request: Request, answer: Known) -> None:
        """Note that a request of the frontier needed no asking: another one had brought its answer."""
        now = self._clock.time()
        content = known.note(
            request.stream, request.key, "held", now, answer, mode=self._mode.value,
            http_status=answer.status, tries=0, record_ids=request.record_ids,
        )  # fmt: skip
        with self._state.turn() as turn:
            self._post(turn, request, Answer(FETCHES, f"{request.stream}/{request.key}", content), now)
        self._flush_when_full()

    def note_failure(self, request: Request, error: FetchError) -> None:
        """Note that a request brought no answer; a raw answer that could not be read goes to ``rejected``."""
        now = self._clock.time()
        key = f"{request.stream}/{request.key}"
        content = known.note(
            request.stream, request.key, error.outcome, now, None, mode=self._mode.value,
            http_status=error.status, tries=error.tries, reason=error.came_back,
            record_ids=request.record_ids,
        )  # fmt: skip
        with self._state.turn() as turn:
            if error.body is not None:
                rejected = json.dumps(
                    {"stream": request.stream, "file": request.address, "row": 1, "field": "(answer)",
                     "reason": error.came_back, "remedy": error.may_help, "raw": error.body},
                    ensure_ascii=False,
                )  # fmt: skip
                self._post(turn, request, Answer(bronze.REJECTED_STREAM, key, rejected), now)
            self._post(turn, request, Answer(FETCHES, key, content, http_status=error.status), now)
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
            known.catch_up(turn, self._root / self._provider, self._streams, self._version)
        self._rows = self._bytes = 0
        return written.new

    def close(self) -> None:
        """Move what has arrived to bronze and let go of the file."""
        self.flush()
        self._state.close()

    def _flush_when_full(self) -> None:
        if self._rows >= _FLUSH_ROWS or self._bytes >= _FLUSH_BYTES:
            self.flush()

    def _note(
        self,
        turn: sqlite3.Connection,
        request: Request,
        outcome: str,
        response: Response,
        answer: Known,
        *,
        returned: bool = False,
    ) -> None:
        content = known.note(
            request.stream, request.key, outcome, answer.confirmed_at, answer, mode=self._mode.value,
            http_status=response.status, tries=response.tries, record_ids=request.record_ids,
            **({"returned": True} if returned else {}),
        )  # fmt: skip
        kept = Answer(FETCHES, f"{request.stream}/{request.key}", content, http_status=response.status)
        self._post(turn, request, kept, answer.confirmed_at)
        known.remember(turn, [(request.stream, request.key, self._mode.value, answer)])

    def _post(
        self,
        turn: sqlite3.Connection,
        request: Request,
        kept: Answer,
        at: float,
        bronze_id: str | None = None,
    ) -> None:
        what = (bronze_id, kept.stream, kept.request_key, kept.payload, kept.content_type)
        whence = (request.entity_id, request.address, kept.http_status, at)
        turn.execute("insert into outbox values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*what, *whence))
        self._rows += 1
        self._bytes += len(kept.payload)


def recover(root: Path, state: Path, provider: str, streams: Iterable[str], version: str) -> None:
    """Move to bronze what a killed process left in a provider's outbox, if it left any."""
    if (state / f"{provider}.sqlite").exists():
        AnswerStore(
            root, state, provider=provider, streams=streams, extractor_version=version, clock=SystemClock()
        ).close()


def _current(turn: sqlite3.Connection, request: Request) -> str | None:
    """The answer to a request that was the newest until now, wherever it came from."""
    latest = known.newest(
        lambda query, values: turn.execute(query, values).fetchone(), request.stream, request.key
    )
    return None if latest is None else latest.bronze_id


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
