"""Pages of MixesDB: wikitext, as it is or inside an answer of the MediaWiki API -> plain data.

What belongs here: the structure of a page (sections, tracklist lines, file details, players, categories).
What a tracklist line says is read later, alike for all sources (`enrichment.text.tracklist`). Forms: docs on
providers, section 2, and the wiki's own examples.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HEADING = re.compile(r"^\s*(={2,6})\s*(.*?)\s*\1\s*$")
_CATEGORY = re.compile(r"\[\[\s*Category\s*:\s*([^\]|]+?)\s*(?:\|[^\]]*)?\]\]", re.IGNORECASE)
_PLAYER = re.compile(r"\{\{\s*Player\b(.*?)\}\}", re.DOTALL | re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s|{}<>\[\]]+")
_STANDARD = re.compile(r"\{\{\s*StandardShow(\d{1,2})(h|min)\b", re.IGNORECASE)
_HOURS = re.compile(r"\{\{\s*StandardShow\?h\s*\|\s*(\d{1,2})\s*\}\}", re.IGNORECASE)
_CELL = re.compile(r"^\|\s*~?\s*((?:\d{1,2}:)?\d{1,3}:\d{2})\b")
_STATE = re.compile(r"tracklist\s*:\s*(complete|incomplete|none)", re.IGNORECASE)
_ORIGINAL = re.compile(r"\{\{\s*(?:Repeat|Fake)\b[^{}]*?\|\s*Original\s*=\s*([^\n|}]+)", re.IGNORECASE)
_REDIRECT = re.compile(r"^\s*#redirect\s*\[\[([^\]|#]+)", re.IGNORECASE)
_MARKUP = re.compile(r"</?(?:list|br|small|big|nowiki|div|span|ref|s|u|i|b)\b[^<>]*>", re.IGNORECASE)
_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_ITEM = re.compile(r"^(?:[#*]+:?\s*|(?=\[[\d?][\d?:.]*\])|(?=\d{1,3}\.\s+\S)|(?=\.{3,}$)|(?=\?(?:$|\s)))")
_REMARK = re.compile(r"^'''([^']{1,40}:)'''\s*(?=\S)|^'''([^']{1,40})''':\s*(?=\S)")
_TITLE = re.compile(r"^('''?|;)(.*)$")
_TWO_PARTS = re.compile(r"^(?:[#*]+\s*)?\[(\d{1,2}):(\d{2})\]")
_TRACKLIST = re.compile(r"track ?lists?\b", re.IGNORECASE)
_OBJECT = re.compile(r"\s*\{\s*\"")  # wikitext that starts with a template starts with two braces
_LONGEST = 5_000
"""Characters of a line beyond which it is no row of a tracklist."""


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """(heading, line) of every line; the heading is that of its section of the second level."""
    section = ""
    for line in text.splitlines():
        heading = _HEADING.match(line)
        if heading and len(heading.group(1)) == 2:
            section = heading.group(2)
        elif heading:
            yield section, f";{heading.group(2)}"
        else:
            yield section, line.strip()


def _tracklist_lines(text: str) -> list[str]:
    """Lines of the tracklist sections; of a text without sections (a tracklist by itself) all lines."""
    lines = list(_sections(text))
    if not any(section for section, _ in lines):
        return [line for _, line in lines]
    return [line for section, line in lines if _TRACKLIST.match(section)]


def _rows(text: str) -> list[dict[str, str | None]]:
    """Lines of the tracklist (``text``) with the part of the mix they stand under (``part``)."""
    part: str | None = None
    rows: list[dict[str, str | None]] = []
    for written in _tracklist_lines(text):
        line = _MARKUP.sub("", _CATEGORY.sub("", written)).strip()
        if (
            not line
            or len(line) > _LONGEST
            or line.startswith(("{", "}", "|", "!", "--", "[[File:", "[[Image:"))
        ):
            continue
        item = _ITEM.match(line)
        bare = line[item.end() :].strip() if item else line
        if item is None:
            title = _TITLE.match(line)
            if (title and not _REMARK.match(line)) or " - " not in line:
                part = (
                    _LINK.sub(r"\1", (title.group(2) if title else line)).replace("'''", "").strip(" ;:'")
                    or None
                )
                continue
        bare = _REMARK.sub("", bare)
        if bare:
            rows.append({"text": bare, "part": part})
    return rows


def _clock_seconds(clock: str) -> int:
    total = 0
    for piece in clock.split(":"):
        total = total * 60 + int(piece)
    return total


def _duration_ms(text: str) -> int | None:
    """Length of the mix: the longest of its files, else what its show always lasts."""
    listed = [
        _clock_seconds(cell.group(1))
        for section, line in _sections(text)
        if section.lower() == "file details" and (cell := _CELL.match(line))
    ]
    if listed:
        return max(listed) * 1000 or None
    standard = _STANDARD.search(text)
    if standard:
        return int(standard.group(1)) * (3_600_000 if standard.group(2).lower() == "h" else 60_000) or None
    hours = _HOURS.search(text)
    return int(hours.group(1)) * 3_600_000 or None if hours else None


def _hours_and_minutes(text: str, duration_ms: int | None) -> bool:
    """Whether cues of two parts are h:mm here, not m:ss: as m:ss they would cover a sliver of the mix only.

    Read as m:ss, cues of a whole tracklist reach most of its length; where they reach less than a tenth, and
    as h:mm no more than all of it, they are hours and minutes.
    """
    found = [_TWO_PARTS.match(line) for line in _tracklist_lines(text)]
    cues = [(int(cue.group(1)), int(cue.group(2))) for cue in found if cue]
    if len(cues) < 5 or any(minutes > 59 for _, minutes in cues) or cues != sorted(cues):
        return False
    hours, minutes = cues[-1]
    short, long = hours * 60 + minutes, (hours * 60 + minutes) * 60
    if duration_ms is not None:
        return short * 1000 * 10 < duration_ms and long * 1000 <= duration_ms * 1.05
    return hours >= 1 and short / len(cues) < 20


def _status(text: str, rows: list[dict[str, str | None]]) -> tuple[str, str | None]:
    if _REDIRECT.match(text):
        return "redirect", "the page only leads to another one"
    if rows:
        return "tracklist", None
    if _ORIGINAL.search(text):
        return "repeat", "the page is a repeat whose tracklist stands with the original"
    return "no_rows", "the page has no line of a tracklist"


def parse_wikitext(text: str) -> dict[str, Any]:
    """The wikitext of one page as data; never fails.

    Returns:
        ``status`` (tracklist, repeat, redirect, no_rows), ``reason``, ``rows`` (``text``: a line without its
        list mark, ``part``: the heading it stands under), ``categories``, ``tracklist_state`` (complete,
        incomplete, none), ``duration_ms``, ``players`` (addresses), ``original`` (page that this one repeats
        or leads to) and ``hours_and_minutes`` (cues of two parts are h:mm).
    """
    text = _COMMENT.sub("", text)
    rows = _rows(text)
    status, reason = _status(text, rows)
    duration_ms = _duration_ms(text)
    categories = list(dict.fromkeys(_CATEGORY.findall(text)))
    state = next((found.group(1).lower() for found in map(_STATE.match, categories) if found), None)
    original = _ORIGINAL.search(text) or _REDIRECT.match(text)
    players = (address for player in _PLAYER.findall(text) for address in _ADDRESS.findall(player))
    return {
        "status": status,
        "reason": reason,
        "rows": rows,
        "categories": categories,
        "tracklist_state": state,
        "duration_ms": duration_ms,
        "players": list(dict.fromkeys(players)),
        "original": original.group(1).strip() if original else None,
        "hours_and_minutes": _hours_and_minutes(text, duration_ms),
    }


def _content(holder: object) -> str | None:
    """Text that an answer holds under one of the names its versions use (``*``, ``content``, or bare)."""
    if isinstance(holder, str):
        return holder
    if isinstance(holder, list):
        return _content(holder[0]) if holder else None
    if not isinstance(holder, dict):
        return None
    for name in ("*", "content", "slots", "main"):
        if name in holder:
            return _content(holder[name])
    return None


def api_pages(answer: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Pages in an answer of ``action=parse`` or ``action=query`` (both format versions); None if it is none.

    Each has ``title``, ``page_id``, ``revision_id``, ``text``, ``known``; a page the wiki does not know has
    no text, and its title is what was asked for.
    """
    parsed, query = answer.get("parse"), answer.get("query")
    if isinstance(parsed, dict):
        found: list[Any] = [
            {**parsed, "revisions": [{"*": _content(parsed.get("wikitext")), "revid": parsed.get("revid")}]}
        ]
    elif isinstance(query, dict) and isinstance(query.get("pages"), dict | list):
        pages = query["pages"]
        found = list(pages.values()) if isinstance(pages, dict) else pages
    else:
        return None
    return [
        _api_page(page) for page in found if isinstance(page, dict) and isinstance(page.get("title"), str)
    ]


def _api_page(page: dict[str, Any]) -> dict[str, Any]:
    revisions = page.get("revisions")
    revision = revisions[0] if isinstance(revisions, list) and revisions else None
    revision = revision if isinstance(revision, dict) else {}
    return {
        "title": page["title"],
        "page_id": page.get("pageid"),
        "revision_id": revision.get("revid"),
        "text": _content(revision),
        "known": "missing" not in page and "invalid" not in page,
    }


def parse_mixesdb_page(payload: str) -> dict[str, Any]:
    """What an answer of the stream ``pages`` says: wikitext, or a JSON object that holds some.

    Returns:
        ``pages``: of each what `parse_wikitext` returns, with ``title``, ``page_id`` and ``revision_id``
        (null where the answer does not say). A page the wiki does not know has the status ``missing``, an
        answer of the API that holds none ``error``.
    """
    try:
        answer = json.loads(payload) if _OBJECT.match(payload) else None
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        return {"pages": [_page({}, payload)]}
    if isinstance(answer.get("tracklist"), str):
        return {"pages": [_page({}, answer["tracklist"])]}
    pages = api_pages(answer)
    if pages is None:
        error = answer.get("error")
        info = error.get("info") if isinstance(error, dict) else None
        problem = {"status": "error", "reason": str(info or "no page in this answer")}
        return {"pages": [_page({}, "") | problem]}
    return {"pages": [_page(page, page["text"]) for page in pages]}


def _page(head: dict[str, Any], text: str | None) -> dict[str, Any]:
    parsed = parse_wikitext(text or "")
    if text is None:
        parsed |= {"status": "missing", "reason": "the wiki has no such page"}
    return {name: head.get(name) for name in ("title", "page_id", "revision_id")} | parsed


def parse_mixesdb_page_json(payload: str) -> str:
    """`parse_mixesdb_page` as JSON text, for SQL."""
    return json.dumps(parse_mixesdb_page(payload), ensure_ascii=False)
