"""Kind ``beatport_charts``: snapshots of Beatport's Top 100 charts, tables of a database as CSV.

Layouts, told by their header: ``charts`` (id, chart_type, genre_slug, name), ``chart_snapshots`` (id,
chart_id, snapshot_date, source_url, ...), ``chart_entries`` (snapshot_id = "<chart>:<date>", track_id, rank),
``tracks`` (id, title, url, artists, remixers, mix_name), ``durability_metrics`` (what the collector computed
per chart and track) and counts of genre and label per month (date, genre, label, value).
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from extractors.errors import SourceError
from extractors.files.delimited import Shape, read_answers
from extractors.files.reading import DamagedError, lines, text_chunks
from extractors.kind import Kind
from lake.bronze import Answer, Rejected

Key = Callable[[dict[str, str]], str]
_WHAT = "Beatport charts"


def _table(
    stream: str, required: str, others: str, key: Key, entity_id: str | None = None
) -> tuple[Shape, Key, str | None]:
    names = tuple(required.split())
    return Shape(stream, names + tuple(others.split()), names, _WHAT), key, entity_id


_TABLES = (
    _table("chart_heads", "id chart_type name", "genre_slug", lambda row: f"charts/{row['id']}", "id"),
    _table(
        "chart_snapshots",
        "id chart_id snapshot_date",
        "source_url status",
        lambda row: f"snapshots/{row['id']}",
        "id",
    ),
    _table(
        "chart_entries",
        "snapshot_id track_id rank",
        "",
        lambda row: f"snapshots/{row['snapshot_id']}/{row['rank']}",
    ),
    _table(
        "chart_tracks", "id title", "url artists remixers mix_name", lambda row: f"tracks/{row['id']}", "id"
    ),
    _table(
        "chart_durability",
        "chart_id track_id as_of_week",
        "weeks_on_chart best_rank durability_score",
        lambda row: f"durability/{row['chart_id']}/{row['track_id']}/{row['as_of_week']}",
    ),
    _table(
        "chart_genre_labels",
        "date value",
        "genre label",
        lambda row: f"genre_labels/{row['date']}/{row['genre']}/{row['label']}",
    ),
)


def _header(path: Path) -> list[str]:
    """The first row of the file; empty if it cannot be read (the reader of the first layout says why)."""
    try:
        return next(csv.reader(lines(text_chunks(path))), [])
    except (csv.Error, DamagedError):
        return []


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every row as a JSON object of its columns, in the stream of its table.

    Raises:
        SourceError: the columns are those of no table, or nothing of the file can be read.
    """
    header = _header(path)
    for shape, key, entity_id in _TABLES:
        if set(shape.columns) <= set(header):
            yield from read_answers(path, shape, key, entity_id=entity_id)
            return
    tables = "; ".join(", ".join(shape.columns) for shape, _, _ in _TABLES)
    reason = f"this is not a table of {_WHAT}: the header is that of none of them"
    raise SourceError(path.name, reason, f"give a CSV file with one of these headers: {tables}", row=1)


KIND = Kind(
    name="beatport_charts",
    provider="beatport",
    streams=tuple(shape.stream for shape, _, _ in _TABLES),
    summary="snapshots of Beatport Top 100 charts: CSV tables of charts, snapshots, entries and tracks",
    example="cratelake ingest beatport_charts chart_exports/",
    patterns=("*.csv",),
    read=read,
    extractor_version="beatport_charts/1",
)
