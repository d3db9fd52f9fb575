"""Tracklists as people keep them: plain text, CSV, CUE sheets, M3U playlists. Pure: text in, rows out.

Belongs here: telling the format, and what each format says of a row. A line of plain text is not read further
here: that is staging's, with the parser that reads every other tracklist's lines.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

Row = dict[str, Any]
_TRACK = re.compile(r"^(?=[ \t]*TRACK[ \t]+\d+)", re.IGNORECASE | re.MULTILINE)
_COMMAND = re.compile(r'^\s*(TITLE|PERFORMER|ISRC)\s+(?:"([^"]*)"|(.*\S))', re.IGNORECASE)
_INDEX = re.compile(r"^\s*INDEX\s+01\s+(\d{1,4}):(\d{2}):(\d{2})\s*$", re.IGNORECASE | re.MULTILINE)
_EXTINF = re.compile(r"^#EXTINF:\s*(-?\d+(?:\.\d+)?)?[^,]*,(.*)$", re.IGNORECASE)
_FILE_END = re.compile(r"\.[A-Za-z0-9]{2,5}$")
_IS_TRACK = re.compile(r"\S\s+[-–—]\s+\S|^\s*[\[(]?\d{1,3}[:\])]|^\s*\d{1,3}[.)]\s|\bID\b")
_PARTED = re.compile(r"\S\s+[-–—]\s+\S|(?:^|\s)(?:ID|\?)(?:\s|$)")
_LISTED = re.compile(r"[\[(]?\d{1,3}(?::\d{2}){0,2}[\])]?[.)]?\s|[\[(][\d?:.]+[\])]|w/\s|\+\s")
_ENDS_CLAUSE = re.compile(r"(?<!\.)[.;:,]$")
_LONGEST_ROW = 200
ROWS_OF_A_LIST = 0.5
"""Share of its lines that must look like rows, else it is prose with dashes in it (`rows_among`).

Of 3,024 tracklists of MixesDB, written as text, none has less than 0.88 of them; of 421 texts that come with
software (READMEs, licences, changes) 420 have less than half, and nineteen in twenty less than 0.14.
"""
_COLUMNS = {
    "position": ("#", "no", "nr", "number", "pos", "position", "track number"),
    "artist": ("artist", "artists", "artist name", "performer", "track artist", "interpret", "künstler"),
    "title": ("title", "track", "track title", "track name", "name", "song", "titel"),
    "mix_name": ("mix", "mix name", "version", "remix"),
    "cue": ("cue", "time", "cue time", "start", "start time", "timestamp"),
    "label": ("label", "record label"),
    "catalog_number": ("catalog number", "catalogue number", "catalog#", "catno", "catalog"),
    "isrc": ("isrc",),
}
_NAMES = {name: column for column, names in _COLUMNS.items() for name in names}
_OVERLAY = re.compile(r"^w/\s*", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?:\d{1,3}|[A-H]\d{1,2})\s*[-.)]\s+(?=.+\s-\s)")
"""Number or side and place of a track before its name; "311 - Down" is none."""
_NUMBER_INSIDE = re.compile(r"\s-\s\d{1,3}\s-\s")


def format_of(text: str) -> str:
    """``cue``, ``m3u``, ``csv`` or ``text``, told by the contents."""
    lines = [line for line in text.splitlines() if line.strip()][:50]
    if any(re.match(r"\s*TRACK\s+\d+\s+\w+", line, re.IGNORECASE) for line in lines):
        return "cue"
    if any(line.upper().startswith(("#EXTM3U", "#EXTINF")) for line in lines):
        return "m3u"
    if lines and {"artist", "title"} <= set(_columns(_header(lines[0])[1])):
        return "csv"
    return "text"


def _header(line: str) -> tuple[str, list[str]]:
    """Delimiter of a table and the names in its first line, as written."""
    delimiter = max(",;\t", key=line.count)
    cells = next(csv.reader([line], delimiter=delimiter, strict=False), [])
    return delimiter, [cell.strip() for cell in cells]


def _columns(names: list[str]) -> list[str | None]:
    """What the columns of a table are; ``Artist Name(s)`` and ``Nr.`` are known without their ends."""
    return [_NAMES.get(name.lower().removesuffix("(s)").removesuffix(".")) for name in names]


def columns_of(text: str) -> list[str]:
    """Names in the first line of a table, as written; one for text that is no table."""
    line = next((line for line in text.removeprefix("\ufeff").splitlines() if line.strip()), "")
    return _header(line)[1]


def _of_csv(text: str) -> Iterator[Row]:
    first, _, rest = text.lstrip("\r\n \t").partition("\n")
    delimiter, names = _header(first.rstrip("\r"))
    columns = _columns(names)
    for cells in csv.reader(io.StringIO(rest, newline=""), delimiter=delimiter):
        if any(cell.strip() for cell in cells):
            # a column named twice ("Track", "Title"): the first that says something
            row: Row = {"raw": delimiter.join(cells)}
            for column, cell in zip(columns, cells, strict=False):
                if column and cell.strip():
                    row.setdefault(column, cell.strip())
            yield _with_overlay(row) | ({"clock": row["cue"]} if "cue" in row else {})


def _with_overlay(row: Row) -> Row:
    """A row with ``w/`` for its number or before its names is played together with the one above."""
    said = {name: row[name] for name in ("position", "artist", "title") if _OVERLAY.match(row.get(name, ""))}
    bare = {name: _OVERLAY.sub("", value) for name, value in said.items()}
    made = {name: value for name, value in (row | bare).items() if name != "position" and value != ""}
    return made | {"with_previous": True} if said else made


def _of_m3u(text: str) -> Iterator[Row]:
    said: Row = {}
    for line in map(str.strip, text.splitlines()):
        if found := _EXTINF.match(line):
            said = {"raw": line, "line": found[2].strip()}
            if found[1] and float(found[1]) > 0:
                said["duration_ms"] = round(float(found[1]) * 1000)
        elif line and not line.startswith("#"):
            name = _FILE_END.sub("", re.split(r"[/\\]", line)[-1])
            name = _NUMBER_INSIDE.sub(" - ", _NUMBERED.sub("", name), count=1)
            yield {"raw": line, "line": name} | {key: value for key, value in said.items() if value}
            said = {}
    if said:  # announced, but the list ends before its file
        yield said


def _of_cue(text: str) -> Iterator[Row]:
    """Rows of a CUE sheet; the sheet's own performer stands for tracks without one.

    Where the sheet names several files, times are those within a file and tell no place in the whole.
    """
    head, *tracks = _TRACK.split(text)
    one_file = len(re.findall(r"(?im)^\s*FILE\s", text)) <= 1
    performer = _cue_fields(head).get("PERFORMER", "")
    for track in tracks:
        fields = _cue_fields(track)
        row: Row = {
            "raw": "\n".join(line.strip() for line in track.splitlines() if line.strip()),
            "artist": fields.get("PERFORMER", performer),
            "title": fields.get("TITLE"),
            "isrc": fields.get("ISRC"),
        }
        if time := _INDEX.search(track):
            minutes, seconds, frames = (int(part) for part in time.groups())
            row["cue"] = f"{time[1]}:{time[2]}:{time[3]}"
            if one_file:  # 75 frames a second (Red Book)
                row["cue_ms"] = (minutes * 60 + seconds) * 1000 + round(frames * 1000 / 75)
        yield {name: value for name, value in row.items() if value is not None}


def _cue_fields(block: str) -> dict[str, str]:
    """Commands of a part of a CUE sheet with what they say, quotation marks taken off."""
    said = (_COMMAND.match(line) for line in block.splitlines())
    return {found[1].upper(): found[2] if found[2] is not None else found[3] for found in said if found}


def _of_text(text: str) -> Iterator[Row]:
    _, lines = _headed(text)
    yield from ({"raw": line, "line": line} for line in lines)


def _headed(text: str) -> tuple[list[str], list[str]]:
    """Lines before the first that looks like a track, and the lines from there on, blank ones left out."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = next((at for at, line in enumerate(lines) if _IS_TRACK.search(line)), 0)
    if first == 0 and len(lines) > 1 and re.search(r" @ |\b(19|20)\d\d\b", lines[0]):
        first = 1  # "Ada - Live @ Somewhere 2024-05-01" heads the list
    return lines[:first], lines[first:]


def rows_among(lines: list[str]) -> int:
    """How many lines look like rows of a tracklist: parted by a dash or numbered, no part of a sentence."""
    return sum(
        bool(_PARTED.search(line) or _LISTED.match(line))
        and len(line) <= _LONGEST_ROW
        and not _ENDS_CLAUSE.search(line)
        for line in lines
    )


def _title_of(text: str, form: str) -> dict[str, str | None]:
    """What the file says of the whole list: title, DJ, date as written."""
    if form == "cue":
        head = _TRACK.split(text)[0]
        fields = _cue_fields(head)
        date = re.search(r"(?im)^\s*REM\s+DATE\s+\"?([\d-]+)", head)
        return {
            "title": fields.get("TITLE"),
            "dj": fields.get("PERFORMER"),
            "date": date[1] if date else None,
        }
    if form == "m3u":
        named = re.search(r"(?im)^#PLAYLIST:\s*(.+?)\s*$", text)
        return {"title": named[1] if named else None, "dj": None, "date": None}
    heads = _headed(text)[0] if form == "text" else []
    title = heads[0].lstrip("# ").strip() if heads else None
    date = re.search(r"\b(?:19|20)\d\d-\d\d-\d\d\b", " ".join(heads))
    dj = re.match(r"(.+?)\s+(?:@|[-–—]\s)", title) if title else None
    return {"title": title, "dj": dj[1] if dj else None, "date": date[0] if date else None}


_READERS: dict[str, Callable[[str], Iterator[Row]]] = {
    "csv": _of_csv, "m3u": _of_m3u, "cue": _of_cue, "text": _of_text,
}  # fmt: skip


def parse_tracklist_file(text: str) -> dict[str, Any]:
    """A tracklist file as a dict: ``format``, ``title``, ``dj``, ``date`` (as written), ``rows`` in order.

    A row has ``raw`` (as written) and what the format gives of ``line`` (free text to be read), ``artist``,
    ``title``, ``mix_name``, ``cue`` (as written), ``clock`` (the same where it is h:mm:ss) or ``cue_ms``,
    ``label``, ``catalog_number``, ``isrc``, ``duration_ms``, ``with_previous`` (played with the row above).

    Raises:
        ValueError: it is a table that cannot be split into cells.
    """
    text = text.removeprefix("\ufeff")
    form = format_of(text)
    try:
        rows = list(_READERS[form](text))
    except csv.Error as error:
        raise ValueError(f"the table cannot be split into cells ({error})") from error
    return {"format": form, **_title_of(text, form), "rows": rows}


def parse_tracklist_file_json(text: str) -> str:
    """`parse_tracklist_file` as JSON for SQL; a file that its reader would have refused has no rows."""
    try:
        found = parse_tracklist_file(text)
    except ValueError as error:
        found = {"format": "unreadable", "error": str(error), "rows": []}
    return json.dumps(found, ensure_ascii=False)
