"""Kind ``tl1001_enriched_sets``: rows of 1001Tracklists sets joined to stores' ids and Spotify's features.

Layout: CSV with ``tracklist_id``, ``tracklist_name``, ``tracklist_date``, ``name`` ("Artist - Title"),
``byArtist``, ``url`` of the track, ``time`` (" 2:15 "), ``track_number`` ("01" or "w/"), ``mashup`` and
columns whose number differs from file to file: ``beatport0``, ``apple0``, ``spotify0``..., ``genre0``...,
``DJ0``..., one per sort of source (``Radio Show0``), and features.
"""

from collections.abc import Iterator
from pathlib import Path

from extractors.files.delimited import Shape, read_answers
from extractors.kind import Kind
from lake.bronze import Answer, Rejected

STREAM = "enriched_rows"
_SHAPE = Shape(
    stream=STREAM,
    columns=(
        "index",
        "tracklist_id",
        "tracklist_name",
        "tracklist_date",
        "name",
        "byArtist",
        "time",
        "track_number",
    ),
    required=("index", "tracklist_id"),
    what="enriched 1001Tracklists sets",
)


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every row as a JSON object of its columns.

    Raises:
        SourceError: the columns are missing, or nothing of the file can be read.
    """
    return read_answers(
        path,
        _SHAPE,
        lambda cells: f"tracklist/{cells['tracklist_id']}/rows/{cells['index']}",
        entity_id="tracklist_id",
    )


KIND = Kind(
    name="tl1001_enriched_sets",
    provider="1001tracklists",
    streams=(STREAM,),
    summary="1001Tracklists sets with store ids and Spotify features: CSV, one row per track played",
    example="cratelake ingest tl1001_enriched_sets hardwell.csv",
    patterns=("*.csv",),
    read=read,
    extractor_version="tl1001_enriched_sets/1",
)
