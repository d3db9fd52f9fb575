"""Kind ``year_end_charts_spotify``: year-end charts whose songs their collector looked up at Spotify.

Layout: CSV with ``chart_position``, ``title``, ``artist``, ``year``, Spotify's features, ``id`` (of the track
at Spotify), ``popularity`` and ``top_genre``; the first column is a row number without a name.
"""

from collections.abc import Iterator
from pathlib import Path

from extractors.files.delimited import Shape, read_answers
from extractors.kind import Kind
from lake.bronze import Answer, Rejected

STREAM = "year_end_charts"
_SHAPE = Shape(
    stream=STREAM,
    columns=(
        "chart_position",
        "title",
        "artist",
        "year",
        "id",
        "popularity",
        "top_genre",
        "tempo",
        "key",
        "mode",
    ),
    required=("chart_position", "title", "year"),
    what="year-end charts with Spotify features",
)


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every row as a JSON object of its columns.

    Raises:
        SourceError: the columns are missing, or nothing of the file can be read.
    """
    return read_answers(
        path,
        _SHAPE,
        lambda cells: f"charts/year-end/{cells['year']}/{cells['chart_position']}",
        entity_id="id",
    )


KIND = Kind(
    name="year_end_charts_spotify",
    provider="spotify",
    streams=(STREAM,),
    summary="year-end Billboard charts with Spotify ids and features: CSV, one row per place",
    example="cratelake ingest year_end_charts_spotify charts.csv.gz",
    patterns=("*.csv",),
    read=read,
    extractor_version="year_end_charts_spotify/1",
)
