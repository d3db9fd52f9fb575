"""Bronze: raw answers as immutable, content-addressed Parquet files.

Layout: ``bronze/<provider>/<stream>/ingest_date=YYYY-MM-DD/<content hash>.parquet``. A row is one raw answer.
The same answer (provider, stream, request key, payload) has the same ``bronze_id`` whenever and from wherever
it arrives, and is stored once. Files are written beside their place and renamed, so a reader never sees half
of one.
"""

import hashlib
import json
import os
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from lake.digests import Digests

NO_DAY = "1970-01-01"
"""A day on which nothing landed: its files have no rows and give a stream its schema."""
SCHEMA = pa.schema(
    [
        pa.field("bronze_id", pa.string(), nullable=False),
        pa.field("provider", pa.string(), nullable=False),
        pa.field("stream", pa.string(), nullable=False),
        pa.field("request_key", pa.string(), nullable=False),
        pa.field("source_entity_id", pa.string()),
        pa.field("source_url", pa.string()),
        pa.field("source_row", pa.int64()),
        pa.field("http_status", pa.int16()),
        pa.field("fetched_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("extractor_version", pa.string(), nullable=False),
        pa.field("content_type", pa.string(), nullable=False),
        pa.field("payload", pa.string(), nullable=False),
        pa.field("payload_sha256", pa.string(), nullable=False),
        pa.field("run_id", pa.string()),
    ]
)
REJECTED_STREAM = "rejected"
"""Stream that keeps, per provider, the rows a reader could not make sense of (see `Rejected`)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One raw answer on its way into bronze.

    Attributes:
        stream: stream of the provider it belongs to.
        request_key: what was asked (``tracks/123``) or which record of the source this is (``mix0001``);
            together with the payload it makes the identity, so it names no file, path or row number.
        payload: the raw text, untouched. A delimited row is a JSON object of its header and its cells, each
            cell's characters untouched.
        content_type: media type of the payload.
        source_entity_id: the provider's own id of the thing described, where it has one.
        source_url: address it came from, without secrets; for files ``file:<name>`` (never a directory).
        source_row: 1-based row, line or element number in the file.
        http_status: status of the response; None for files.
        fetched_at: when the provider said it (UTC, aware); None means now.
    """

    stream: str
    request_key: str
    payload: str
    content_type: str = "application/json"
    source_entity_id: str | None = None
    source_url: str | None = None
    source_row: int | None = None
    http_status: int | None = None
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that its reader refuses; kept in the provider's ``rejected`` stream with all known of it."""

    stream: str
    file: str
    row: int
    field: str
    reason: str
    remedy: str
    raw: str


@dataclass(frozen=True, slots=True)
class Written:
    """What one `write` did: rows offered, answers that were new (rejected rows apart), files made."""

    offered: int
    new: int
    files: tuple[Path, ...]


BATCH_ROWS = 20_000
BATCH_BYTES = 16 * 1024 * 1024
_ID_LENGTH = 32


def answer_digest(provider: str, stream: str, request_key: str, payload_sha256: str) -> bytes:
    """The first 128 bits of SHA-256 over what was asked and what came back."""
    text = f"{provider}\0{stream}\0{request_key}\0{payload_sha256}"
    return hashlib.sha256(text.encode()).digest()[: _ID_LENGTH // 2]


def answer_id(provider: str, stream: str, request_key: str, payload_sha256: str) -> str:
    """Content-addressed id: `answer_digest` as hexadecimal text."""
    return answer_digest(provider, stream, request_key, payload_sha256).hex()


def stream_directory(root: Path, provider: str, stream: str) -> Path:
    """Directory of one stream."""
    return root / provider / stream


def ensure_stream(root: Path, provider: str, stream: str) -> None:
    """Give a stream its schema: a file without rows, so that an empty stream reads as an empty table."""
    directory = stream_directory(root, provider, stream) / f"ingest_date={NO_DAY}"
    if not (directory / "schema.parquet").exists():
        _write_file(SCHEMA.empty_table(), directory, "schema")


def landed(root: Path) -> Iterator[tuple[str, str, str]]:
    """(provider, stream, ISO day) of all partitions that hold answers."""
    for partition in root.glob("*/*/ingest_date=*"):
        day = partition.name.removeprefix("ingest_date=")
        if day != NO_DAY and next(partition.glob("*.parquet"), None) is not None:
            yield partition.parent.parent.name, partition.parent.name, day


def write(
    root: Path,
    provider: str,
    answers: Iterable[Answer | Rejected],
    *,
    ingest_date: date,
    extractor_version: str,
    run_id: str | None = None,
    stored: Callable[[int], None] | None = None,
) -> Written:
    """Store answers of one provider; those already in bronze add nothing.

    Rejected rows are stored as JSON in the provider's ``rejected`` stream. A file is written while the next
    batch is gathered. Memory holds these two (20,000 rows or 16 MiB each) and 16 bytes for each answer of the
    streams written to.

    Args:
        root: bronze root.
        provider: provider of all the answers.
        answers: what to store; consumed lazily.
        ingest_date: the partition (UTC day) they land in.
        extractor_version: name and version of the code that brought them.
        run_id: Dagster run, where there is one.
        stored: called with how many of the answers, from the first, are on disk.
    """
    # one time for the whole write: order within it is decided by ids, not by the clock
    same = {"provider": provider, "extractor_version": extractor_version, "run_id": run_id}
    now = datetime.now(UTC)
    known: dict[str, Digests] = {}
    offered = new = 0
    files: list[Path] = []
    pending: list[Future[Path]] = []

    def settle(count: int) -> None:
        files.extend(one.result() for one in pending)
        pending.clear()
        if stored:
            stored(count)

    with ThreadPoolExecutor(1) as writer:
        try:
            for batch in _batches(answers):
                fresh = []
                for stream, rows in _by_stream(batch).items():
                    if stream not in known:
                        known[stream] = Digests(stored_ids(root, provider, stream))
                        ensure_stream(root, provider, stream)
                    columns = _columns(provider, stream, rows, now)
                    digests = columns.pop("digest")
                    places = known[stream].add_missing(digests)
                    new += len(places) if stream != REJECTED_STREAM else 0
                    if len(places):
                        fresh.append((stream, columns, places))
                settle(offered)
                for stream, columns, places in fresh:
                    directory = (
                        stream_directory(root, provider, stream) / f"ingest_date={ingest_date.isoformat()}"
                    )
                    pending.append(
                        writer.submit(_write_rows, columns, places, same | {"stream": stream}, directory)
                    )
                offered += len(batch)
        except KeyboardInterrupt:  # what is on its way gets there, and `stored` hears of it
            settle(offered)
            raise
        settle(offered)
    return Written(offered, new, tuple(files))


def _by_stream(batch: Sequence[Answer | Rejected]) -> dict[str, list[Answer]]:
    streams: dict[str, list[Answer]] = {}
    for item in batch:
        answer = _rejected_answer(item) if isinstance(item, Rejected) else item
        streams.setdefault(answer.stream, []).append(answer)
    return streams


def _columns(provider: str, stream: str, rows: Sequence[Answer], now: datetime) -> dict[str, list[Any]]:
    """What differs from row to row, by column, and ``digest``: 16 bytes that make the id."""
    hashes = [hashlib.sha256(row.payload.encode()).hexdigest() for row in rows]
    digests = [
        answer_digest(provider, stream, row.request_key, payload)
        for row, payload in zip(rows, hashes, strict=True)
    ]
    return {
        "digest": digests,
        "bronze_id": [digest.hex() for digest in digests],
        "payload_sha256": hashes,
        "request_key": [row.request_key for row in rows],
        "source_entity_id": [row.source_entity_id for row in rows],
        "source_url": [row.source_url for row in rows],
        "source_row": [row.source_row for row in rows],
        "http_status": [row.http_status for row in rows],
        "fetched_at": [row.fetched_at or now for row in rows],
        "content_type": [row.content_type for row in rows],
        "payload": [row.payload for row in rows],
    }


def _write_rows(
    columns: dict[str, list[Any]], places: Sequence[int], same: dict[str, str | None], directory: Path
) -> Path:
    """One file of the rows at `places`; `same` are the columns that are the same in all of them."""
    rows = len(columns["bronze_id"])
    arrays = [
        pa.repeat(pa.scalar(same[field.name], field.type), rows)
        if field.name in same
        else pa.array(columns[field.name], field.type)
        for field in SCHEMA
    ]
    table = pa.Table.from_arrays(arrays, schema=SCHEMA)
    if len(places) < rows:
        table = table.take(pa.array(places))
    ids = sorted(columns["bronze_id"][place] for place in places)
    return _write_file(table, directory, hashlib.sha256("".join(ids).encode()).hexdigest()[:_ID_LENGTH])


def stored_ids(root: Path, provider: str, stream: str) -> Iterator[bytes]:
    """Ids already stored in a stream, 16 bytes each, a file's after the other."""
    for file in sorted(stream_directory(root, provider, stream).glob("ingest_date=*/*.parquet")):
        column = pq.read_table(file, columns=["bronze_id"], partitioning=None)["bronze_id"]
        yield bytes.fromhex("".join(column.to_pylist()))


def count(root: Path, provider: str, stream: str) -> int:
    """Answers stored in a stream; reads the files' footers alone."""
    files = stream_directory(root, provider, stream).glob("ingest_date=*/*.parquet")
    return sum(pq.read_metadata(file).num_rows for file in files)


def read_sql(root: Path, provider: str = "*", stream: str = "*") -> str:
    """A DuckDB table expression over the files of one stream, or with ``*`` of many."""
    return (
        f"read_parquet('{root}/{provider}/{stream}/*/*.parquet', "
        "hive_partitioning = true, hive_types = {'ingest_date': date})"
    )


def find(
    connection: duckdb.DuckDBPyConnection, root: Path, provider: str, bronze_ids: Sequence[str]
) -> list[dict[str, Any]]:
    """The answers of one provider with these ids: all columns, and ``file`` below the bronze root."""
    if not stream_directory(root, provider, "").exists():
        return []
    cursor = connection.execute(
        f"select * exclude (filename), "
        f"right(filename, -len('{root}/')) as file "
        f"from read_parquet('{root}/{provider}/*/*/*.parquet', hive_partitioning = true, "
        "hive_types = {'ingest_date': date}, filename = true) "
        "where bronze_id in (select unnest($ids))",
        {"ids": list(bronze_ids)},
    )
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def damaged(
    connection: duckdb.DuckDBPyConnection, source: str, ingest_date: date | None = None
) -> list[tuple[str, str]]:
    """(bronze_id, what is wrong) of rows whose payload or id no longer matches its hash; at most 100.

    Args:
        connection: any DuckDB connection.
        source: table expression of the files (`read_sql`).
        ingest_date: only this partition.
    """
    day = f"and ingest_date = date '{ingest_date.isoformat()}'" if ingest_date else ""
    identity = f"left(sha256(concat_ws(chr(0), provider, stream, request_key, payload_sha256)), {_ID_LENGTH})"
    return connection.execute(
        f"""
        select bronze_id,
            case when sha256(payload) <> payload_sha256 then 'payload does not match payload_sha256'
                else 'bronze_id does not match its content' end
        from {source}
        where (sha256(payload) <> payload_sha256 or bronze_id <> {identity}) {day}
        limit 100
        """
    ).fetchall()


def _rejected_answer(row: Rejected) -> Answer:

    payload = json.dumps(
        {
            "stream": row.stream,
            "file": row.file,
            "row": row.row,
            "field": row.field,
            "reason": row.reason,
            "remedy": row.remedy,
            "raw": row.raw,
        },
        ensure_ascii=False,
    )
    return Answer(
        stream=REJECTED_STREAM,
        request_key=f"{row.stream}/{row.file}#{row.row}",
        payload=payload,
        source_url=f"file:{row.file}",
        source_row=row.row,
    )


def _batches(answers: Iterable[Answer | Rejected]) -> Iterator[list[Answer | Rejected]]:
    batch: list[Answer | Rejected] = []
    size = 0
    for answer in answers:
        batch.append(answer)
        size += len(answer.payload) if isinstance(answer, Answer) else len(answer.raw)
        if len(batch) >= BATCH_ROWS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _write_file(table: pa.Table, directory: Path, name: str) -> Path:
    """Write beside, flush to disk, rename: a reader or a crash never meets half a file."""
    directory.mkdir(parents=True, exist_ok=True)
    final = directory / f"{name}.parquet"
    beside = directory / f".{name}.{uuid.uuid4().hex}.tmp"
    try:
        with beside.open("wb") as file:
            pq.write_table(table, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(final)
    finally:
        beside.unlink(missing_ok=True)
    return final
