"""Kind ``discogs_collection``: a collection exported from Discogs as CSV.

Columns: ``Catalog#``, ``Artist``, ``Title``, ``Label``, ``Format``, ``Rating``, ``Released``, ``release_id``,
``CollectionFolder``, ``Date Added``, ``Collection Media Condition``, ``Collection Sleeve Condition``,
``Collection Notes``, and fields of one's own. A copy owned twice stands there twice. The collection is its
collector's, after whom the file is named (``ada-collection-20260101-1200.csv``).
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from extractors.files.delimited import Row, Shape, read_rows
from extractors.files.listeners import ANONYMOUS
from extractors.files.reading import refused
from extractors.kind import Kind
from lake.bronze import Answer, Rejected

STREAM = "collection_csv"
_SHAPE = Shape(
    stream=STREAM,
    columns=("Artist", "Title", "Label", "Format", "Rating", "release_id", "CollectionFolder", "Date Added"),
    required=("release_id", "Date Added"),
    what="a Discogs collection",
)


def collector_of(file_name: str) -> str:
    """The collector a file is named after: ``ada-collection-20260101-1200.csv`` -> ``ada``."""
    found = re.match(r"(.+?)[-_ ]collection\b", file_name, re.IGNORECASE)
    return found[1] if found else ANONYMOUS


def _flaw(row: Row) -> tuple[str, str] | None:
    """Field and reason if the row is refused."""
    number, rating = row.cells["release_id"].strip(), row.cells["Rating"].strip()
    if not (number.isascii() and number.isdigit()):
        return "release_id", f"this is not the number of a release: {number}"
    if rating and rating not in {"0", "1", "2", "3", "4", "5"}:
        return "Rating", f"a rating is a whole number from 1 to 5, not {rating}"
    return None


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every copy as a JSON object of its columns.

    Raises:
        SourceError: the columns are missing, or nothing of the file can be read.
    """
    collector = collector_of(path.name)
    copies: Counter[str] = Counter()
    for found in read_rows(path, _SHAPE):
        if isinstance(found, Rejected):
            yield found
            continue
        text = found.as_json()
        flaw = _flaw(found)
        if flaw:
            remedy = "correct the value, or export the collection again"
            field, reason = flaw
            yield refused(STREAM, path, found.number, field=field, reason=reason, remedy=remedy, raw=text)
            continue
        number = found.cells["release_id"].strip()
        place = f"{collector}/{number}/{found.cells['Date Added']}"
        copies[place] += 1
        copy = f"+{copies[place]}" if copies[place] > 1 else ""
        yield Answer(
            stream=STREAM,
            request_key=f"collection/{place}{copy}",
            payload=text,
            source_entity_id=number,
            source_url=f"file:{path.name}",
            source_row=found.number,
        )


KIND = Kind(
    name="discogs_collection",
    provider="discogs",
    streams=(STREAM,),
    summary="a record collection exported from Discogs: CSV, one row per copy; named after its collector",
    example="cratelake ingest discogs_collection ada-collection-20260101-1200.csv",
    patterns=("*collection*.csv",),
    read=read,
    extractor_version="discogs_collection/1",
)
