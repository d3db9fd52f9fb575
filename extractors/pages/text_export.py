"""Text exports of 1001Tracklists: the text of one export -> plain data, shaped as a page is.

What belongs here: the export's own format (see `extractors.files.tracklists_1001_exports`). It carries no
ids, no lengths and no links; the address at its end names the set.
"""

import json
import re
from typing import Any

from extractors.pages.set_head import DATE_AT_END, clean, people, set_id_of
from extractors.pages.tracklists_1001 import clock_ms, kind_of, names_of

_ROW = re.compile(
    r"(?P<with>w/ )?(?:\[(?P<cue>[\d:?]{1,9})\] )?(?P<name>[^\n]*?\S)"
    r"(?: \[(?P<label>[^\[\]]*(?:\[[^\[\]]*\])?[^\[\]]*)\])?"
)
_FAREWELL = "please set a backlink"
_LONGEST = 2_000
"""Characters of a line beyond which it is no row."""


def _row(line: str) -> dict[str, Any] | None:
    """A row as `TracklistRow` has it, without place; a heading is a note. None for an address."""
    found = _ROW.fullmatch(line)
    if found is None:
        return None
    heading = found["cue"] is None and found["with"] is None and " - " not in line
    if heading and "://" in line:
        return None
    name = line if heading else found["name"]
    artist, title = (None, line) if heading else names_of(name)
    return {
        "row_id": None,
        "line_no": None,
        "cue_ms": clock_ms(found["cue"] or ""),
        "cue_raw": found["cue"],
        "kind": "note" if heading else kind_of(artist, title, name),
        "with_previous": found["with"] is not None,
        "artist": artist,
        "title": title,
        "label": None if heading else found["label"],
        "track_id": None,
        "duration_ms": None,
        "genre": None,
        "raw": name,
    }


def parse_text_export(text: str) -> dict[str, Any]:
    """An export as data; never fails.

    Returns:
        ``status`` (tracklist or no_rows), ``reason``, ``id``, ``url``, ``title``, ``dj_names``, ``date``,
        ``event`` and ``rows`` (with the fields of `TracklistRow`), as `parse_tracklist_page` returns them.
    """
    lines = [line for line in map(clean, text.splitlines()) if line]
    title = lines[0] if lines else ""
    set_id = set_id_of(text)
    found = (
        _row(line) for line in lines[1:] if len(line) <= _LONGEST and not line.lower().startswith(_FAREWELL)
    )
    rows = [{**row, "position": place} for place, row in enumerate(filter(None, found), start=1)]
    if all(row["kind"] == "note" for row in rows):  # nothing but bare lines
        rows = []
    date = DATE_AT_END.search(title)
    named = title[: date.start()] if date else title
    scene = re.split(r" @ | - ", named, maxsplit=1)
    return {
        "status": "tracklist" if rows else "no_rows",
        "reason": None if rows else "no line of the export is a row of a tracklist",
        "id": set_id,
        "url": f"https://1001.tl/{set_id}" if set_id else None,
        "title": title or None,
        "dj_names": people(None, named),
        "date": date.group(1) if date else None,
        "event": clean(scene[1]) if len(scene) > 1 else None,
        "rows": rows,
    }


def parse_text_export_json(text: str) -> str:
    """`parse_text_export` as JSON text, for SQL."""
    return json.dumps(parse_text_export(text), ensure_ascii=False)
