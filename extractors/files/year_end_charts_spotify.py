"""Kind ``year_end_charts_spotify``: year-end charts whose songs their collector looked up at Spotify.

Layout: CSV with ``chart_position``, ``title``, ``artist``, ``year``, Spotify's features, ``id`` (of the track
at Spotify), ``popularity`` and ``top_genre``; the first column is a row number without a name.
"""

from collections.abc import Iterator, Mapping
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
    """Every row as a JSON object of its columns; a row without a place is no song of the chart.

    Raises:
        SourceError: the columns are missing, or nothing of the file can be read.
    """
    for found in read_answers(path, _SHAPE, _request, entity_id="id"):
        if isinstance(found, Answer) and not found.request_key.rpartition("/")[2].isdigit():
            yield Rejected(
                stream=STREAM,
                file=path.name,
                row=found.source_row or 0,
                field="chart_position",
                reason="the row has no place in the chart: it may be text of the page it was read from",
                remedy="give it its place, or leave it out",
                raw=found.payload,
            )
        else:
            yield found


def _request(cells: Mapping[str, str]) -> str:
    return f"charts/year-end/{cells['year']}/{cells['chart_position']}"


KIND = Kind(
    name="year_end_charts_spotify",
    provider="spotify",
    streams=(STREAM,),
    summary="year-end Billboard charts with Spotify ids and features: CSV, one row per place",
    example="cratelake ingest year_end_charts_spotify charts.csv.gz",
    patterns=("*.csv",),
    read=read,
    extractor_version="year_end_charts_spotify/2",
)
