"""Kind ``boiler_room_1001tracklists``: tracks of Boiler Room sets, scraped from 1001Tracklists.

Layout: CSV with ``TrackName`` ("Artist - Title (Version)"), ``Artist``, ``Genre``, ``Number`` (position as
text, "3.0"), ``DJ``, ``Date``. The set is not named: it is (DJ, Date), and a `Number` that falls within one
(DJ, Date) begins another set of that DJ on that day.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from extractors.files.delimited import Row, Shape, read_rows
from extractors.kind import Kind
from lake.bronze import Answer, Rejected

STREAM = "boiler_room_rows"
_SHAPE = Shape(
    stream=STREAM,
    columns=("TrackName", "Artist", "Genre", "Number", "DJ", "Date"),
    required=("TrackName", "Number", "DJ", "Date"),
    what="Boiler Room set lists",
)


class _Sets:
    """Tells the sets of one DJ on one day apart while the rows pass in order."""

    def __init__(self) -> None:
        self._part: dict[tuple[str, str], int] = {}
        self._last: dict[tuple[str, str], float] = {}
        self._seen: Counter[tuple[str, str, int, str]] = Counter()

    def key(self, cells: dict[str, str]) -> str:
        """The row's place in its set: ``<date>/<set of the day>/<number>[+<repeat>]/<dj>``."""
        of_day = (cells["DJ"], cells["Date"])
        try:
            number = float(cells["Number"])
        except ValueError:
            number = self._last.get(of_day, 0.0)
        if number < self._last.get(of_day, number):
            self._part[of_day] = self._part.get(of_day, 1) + 1
        self._last[of_day] = number
        part = self._part.get(of_day, 1)
        place = (*of_day, part, cells["Number"])
        self._seen[place] += 1
        repeat = f"+{self._seen[place]}" if self._seen[place] > 1 else ""
        return f"{cells['Date']}/{part}/{cells['Number']}{repeat}/{cells['DJ']}"


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every row as a JSON object of its columns.

    Raises:
        SourceError: the columns are missing, or nothing of the file can be read.
    """
    sets = _Sets()
    for found in read_rows(path, _SHAPE):
        if isinstance(found, Row):
            yield Answer(
                stream=STREAM,
                request_key=sets.key(found.cells),
                payload=found.as_json(),
                source_url=f"file:{path.name}",
                source_row=found.number,
            )
        else:
            yield found


KIND = Kind(
    name="boiler_room_1001tracklists",
    provider="1001tracklists",
    streams=(STREAM,),
    summary="Boiler Room set lists scraped from 1001Tracklists: CSV, one row per track played",
    example="cratelake ingest boiler_room_1001tracklists set_lists.csv.gz",
    patterns=("*.csv",),
    read=read,
    extractor_version="boiler_room_1001tracklists/1",
)
