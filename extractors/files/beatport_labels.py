"""Kind ``beatport_labels``: whole Beatport catalogues of labels, one CSV file per label.

Layout: ``Album`` ("Artists - Release"), ``Name`` ("Title(Mix)"), ``Artists``, ``Remixers``, ``Genre`` (these
three without any spaces), ``Bpm``, ``Key``, ``Length``, ``Catalog``. The label is the file's name. Line ends
are doubled (CR CR LF, or CR CR alone), which `extractors.files.reading.lines` sees through.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from extractors.files.delimited import Row, Shape, read_rows
from extractors.kind import Kind
from lake.bronze import Answer, Rejected

STREAM = "label_catalogue"
_SHAPE = Shape(
    stream=STREAM,
    columns=("Album", "Name", "Artists", "Remixers", "Genre", "Bpm", "Key", "Length", "Catalog"),
    required=("Name", "Artists"),
    what="Beatport label catalogues",
)


def label_of(file_name: str) -> str:
    """Label named by a catalogue's file name: ``who_s_afraid_of_138.csv.gz`` -> ``Who's Afraid Of 138``.

    Underscores are spaces, a lone ``s`` (or a ``t`` after ``n``) is what follows an apostrophe, words begin
    with a capital; capitals that are there stay.
    """
    stem = re.sub(r"(\.csv)?(\.gz)?$", "", file_name, flags=re.IGNORECASE)
    words = re.sub(r"[_\s]+", " ", stem).strip()
    words = re.sub(r"(?<=\w) (?:s(?= |$)|(?<=n )t(?= |$))", lambda found: "'" + found.group().strip(), words)
    return " ".join(word[:1].upper() + word[1:] for word in words.split(" "))


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every row as a JSON object of its columns; the request key begins with ``<label>/<catalog>/``.

    Raises:
        SourceError: the columns are missing, or nothing of the file can be read.
    """
    label = label_of(path.name)
    for found in read_rows(path, _SHAPE):
        if isinstance(found, Row):
            cells = found.cells
            yield Answer(
                stream=STREAM,
                request_key="/".join((label, cells["Catalog"], cells["Artists"], cells["Name"])),
                payload=found.as_json(),
                source_url=f"file:{path.name}",
                source_row=found.number,
            )
        else:
            yield found


KIND = Kind(
    name="beatport_labels",
    provider="beatport",
    streams=(STREAM,),
    summary="Beatport catalogue of one label: CSV named after the label, one row per track",
    example="cratelake ingest beatport_labels anjunabeats.csv.gz",
    patterns=("*.csv",),
    read=read,
    extractor_version="beatport_labels/1",
)
