"""Kind ``discogs_dump``: releases of a monthly Discogs dump (``discogs_YYYYMMDD_releases.xml.gz``, CC0).

One answer per ``<release>`` element, read in constant memory: a full dump has many millions of them. The
dump's other files (artists, labels, masters) are not read by this kind.
"""

from collections.abc import Iterator
from pathlib import Path

from extractors.files.reading import DamagedError, cut_off, refused
from extractors.files.xml import element_text, elements
from extractors.kind import Kind
from lake.bronze import Answer, Rejected

STREAM = "releases_xml"


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every release of the file as the XML text of its element.

    Raises:
        SourceError: the file is no list of releases, or nothing of it can be read.
    """
    row = 0
    try:
        found = elements(path, "releases", lambda element: element.tag == "release", "Discogs releases")
        for row, release in enumerate(found, start=1):
            text = element_text(release)
            number = release.get("id", "")
            if number.isascii() and number.isdigit():
                yield Answer(
                    stream=STREAM,
                    request_key=f"releases/{number}",
                    payload=text,
                    content_type="application/xml",
                    source_entity_id=number,
                    source_url=f"file:{path.name}",
                    source_row=row,
                )
            else:
                reason = "the release has no number" if not number else "the release's id is not a number"
                remedy = "take the file from the Discogs dumps unchanged"
                yield refused(STREAM, path, row, field="id", reason=reason, remedy=remedy, raw=text)
    except DamagedError as damage:
        yield cut_off(STREAM, path, row, damage)


KIND = Kind(
    name="discogs_dump",
    provider="discogs",
    streams=(STREAM,),
    summary="releases of a monthly Discogs dump: one answer per <release>, any size",
    example="cratelake ingest discogs_dump discogs_20200806_releases.xml.gz",
    patterns=("*releases*.xml",),
    read=read,
    extractor_version="discogs_dump/1",
)
