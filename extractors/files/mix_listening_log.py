"""Kind ``mix_listening_log``: a listener's log of DJ mixes in Markdown, and the artists it knows in YAML.

Layout: ``# Program``, ``## Year or event`` (a year also as ``# 2022``), then per mix ``### Title date`` with
a quote (``> score/10 | length | n tracks``, links) and the tracks that were liked (``- Title _(Version)_ -
[Artist](link)``). The YAML file is a list of ``name`` and ``rym`` (address). A mix or an artist is one
answer, exactly as written.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from extractors.errors import SourceError
from extractors.files.reading import DamagedError, Overlong, cut_off, flaw, lines, refused, text_chunks
from extractors.kind import Kind
from lake.bronze import Answer, Rejected

MIXES, ARTISTS = "mixes", "artists"
_REMEDY = "correct the entry and ingest the file again"
_YEAR = re.compile(r"(?:19|20)\d\d\s*$")
_ITEM = re.compile(r"^  - name:\s*(\S.*)$")


def _blocks(path: Path) -> Iterator[tuple[int, str, str, str]]:
    """(first line, stream, key, text) of each entry."""
    yaml = path.name.lower().removesuffix(".gz").endswith((".yaml", ".yml"))
    program, group, key, start, block = path.name, "", "", 0, ""
    for number, line in enumerate(lines(text_chunks(path)), start=1):
        text = line.rstrip("\r\n")
        item = _ITEM.match(text) if yaml else None
        heading = None if yaml else re.match(r"(#{1,3}) +(\S.*)$", text)
        if (item or heading) and block:
            yield start, ARTISTS if yaml else MIXES, key, block
            block = ""
        if item:
            key, start, block = item.group(1), number, line
        elif heading and len(heading.group(1)) == 3:
            key, start, block = "/".join(filter(None, (program, group, heading.group(2)))), number, line
        elif heading and (len(heading.group(1)) == 2 or _YEAR.match(heading.group(2))):
            group = heading.group(2)
        elif heading:
            program, group = heading.group(2), ""
        elif block:  # with an overlong line in it, an entry is refused whole
            whole = not isinstance(line, Overlong) and not isinstance(block, Overlong)
            block = block + line if whole else Overlong(block + line)
    if block:
        yield start, ARTISTS if yaml else MIXES, key, block


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every mix of a Markdown log, or every artist of a YAML list.

    Raises:
        SourceError: the file holds none, or nothing of it can be read.
    """
    entries = 0
    try:
        for row, stream, key, text in _blocks(path):
            entries += 1
            problem = flaw(text)
            if problem:
                yield refused(stream, path, row, field="(row)", reason=problem, remedy=_REMEDY, raw=text)
                continue
            yield Answer(
                stream=stream,
                request_key=f"{stream}/{key}",
                payload=text,
                content_type="text/markdown" if stream == MIXES else "application/yaml",
                source_url=f"file:{path.name}",
                source_row=row,
            )
    except DamagedError as damage:
        yield cut_off(MIXES, path, entries, damage)
        return
    if not entries:
        reason = 'this is not a listening log: no line begins with ### (a mix) or "  - name:" (an artist)'
        raise SourceError(
            path.name, reason, "give the Markdown log of a program, or the YAML list of artists", row=1
        )


KIND = Kind(
    name="mix_listening_log",
    provider="listening_log",
    streams=(MIXES, ARTISTS),
    summary="a listener's log of DJ mixes: Markdown with score and liked tracks per mix, YAML with artists",
    example="cratelake ingest mix_listening_log Broadcasts/",
    patterns=("*.md", "*.yaml"),
    read=read,
    extractor_version="mix_listening_log/2",
)
