"""Kind ``djmix_tracklists``: tracklists of DJ mixes from MixesDB in the JSON layout of the DJ Mix Dataset.

Layout: a JSON array of mixes with ``id``, ``title``, ``url``, ``audio_url``, ``tracklist`` [{``id``: YouTube
id or null, ``title``: the raw line}] and ``tags`` [{``key``: ``Category:...``}] (Kim, Yang and Nam, DAFx
2022).
"""

from collections.abc import Iterator
from pathlib import Path

from extractors.errors import SourceError
from extractors.files.json_text import array_elements, parse_object, text_of
from extractors.files.reading import DamagedError, cut_off, refused
from extractors.kind import Kind
from lake.bronze import Answer, Rejected

STREAM = "djmix_mixes"
_WHAT = "DJ Mix Dataset mixes"


def _read_mix(path: Path, row: int, text: str) -> Answer | Rejected:
    mix, problem = parse_object(text)
    field, remedy = "(row)", "correct the row and ingest the file again"
    if not problem:
        for field in ("id", "title"):
            if text_of(mix.get(field)) is None:
                problem = "the value is missing or is not a text"
                break
        else:
            field = "tracklist"
            problem = "" if isinstance(mix.get(field), list) else "the value is missing or is not a list"
    if problem:
        return refused(STREAM, path, row, field=field, reason=problem, remedy=remedy, raw=text)
    return Answer(
        stream=STREAM,
        request_key=f"mixes/{mix['id']}",
        payload=text,
        source_entity_id=str(mix["id"]),
        source_url=f"file:{path.name}",
        source_row=row,
    )


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every mix of the file, its text exactly as written.

    Raises:
        SourceError: the file is no array of mixes, or nothing of it can be read.
    """
    row = 0
    fits = False
    try:
        for row, text in enumerate(array_elements(path, _WHAT), start=1):
            found = _read_mix(path, row, text)
            if isinstance(found, Rejected) and not fits and '"tracklist"' not in text:
                reason = f"this is not a file of {_WHAT}: {found.reason}"
                remedy = "give a JSON array of mixes with id, title and tracklist"
                raise SourceError(path.name, reason, remedy, row, found.field)
            fits = True
            yield found
    except DamagedError as damage:
        yield cut_off(STREAM, path, row, damage)


KIND = Kind(
    name="djmix_tracklists",
    provider="mixesdb",
    streams=(STREAM,),
    summary="MixesDB tracklists in the JSON layout of the DJ Mix Dataset: one mix per element of the array",
    example="cratelake ingest djmix_tracklists djmix-dataset.json.gz",
    patterns=("*.json",),
    read=read,
    extractor_version="djmix_tracklists/1",
)
