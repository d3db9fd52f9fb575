"""Tracklist pages of 1001Tracklists: HTML of a saved page -> plain data.

The markup (rows ``div.tlpItem``, schema.org ``meta`` elements, cue inputs) was read off pages of 2022 to
2026; see docs on providers for the sources. A page that is no tracklist says so in ``status``: a blocked
visitor gets a forwarding or captcha page with status 200, and that must never look like an empty set.
"""

import html as entities
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

_BLOCK_SIGNS = (
    ("please wait, you will be forw", "forwarding page instead of the tracklist"),
    ("sent too many requests", "the site answers that it got too many requests"),
    ("captcha to unblock", "the site asks for a captcha to unblock"),
    ("challenges.cloudflare.com", "Cloudflare challenge instead of the tracklist"),
    ('name="g-recaptcha-response"', "captcha form instead of the tracklist"),
)
_SET_ADDRESS = re.compile(r"/tracklist/([0-9a-z]{4,12})(?:/|$)|//1001\.tl/([0-9a-z]{4,12})\b")
_DATE_AT_END = re.compile(r"\s*(\d{4}(?:-\d{2}(?:-\d{2})?)?)\s*$")
_DURATION = re.compile(r"P(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)")
_PARTS = (
    "meta[itemprop], input[id$=_cue_seconds], div.cue, span[id$=_tracknumber_value], "
    ".trackValue, .trackEditData, .trackStatus, .trackLabel"
)
_TAG = re.compile(r"<[^>]*>")
_JINGLE = re.compile(r"(intro|outro|interview|jingle|(hosted|presented) by .*|speech)", re.IGNORECASE)
_MASHUP = re.compile(r"\bmash-?up\b", re.IGNORECASE)
_NOBODY = frozenset({"", "ID"})
_PENDING = frozenset({"sugTog", "deleted"})
_NO_NODES: tuple[LexborNode, ...] = ()
Attributes = Mapping[str, str | None]
"""Attributes of a node. Asking selectolax for them builds a dictionary: once per node."""


@dataclass(frozen=True, slots=True)
class TracklistRow:
    """One row of a tracklist, in page order.

    Attributes:
        row_id: the site's id of the row (``data-id``), stable while the set is edited.
        position: 1-based, contiguous over all rows.
        line_no: the number the page shows; None for "w/" rows and parts of mashups.
        cue_ms: start in the recording (milliseconds), None if the page does not know it.
        cue_raw: what the page says of it: the visible clock, else the seconds.
        kind: track, unknown (ID), jingle, mashup, or mashup_element (one of the works in the mashup above).
        with_previous: played together with the row before ("w/"), or part of the mashup above.
        artist: all before the first " - " of the row's name; None if it says only "ID".
        title: all behind it, with version and with remarks such as "(ID Remix)"; None if it says only "ID".
        label: label, or labels with "/", the parent in brackets.
        track_id: the site's id of the track; None if it has none.
        duration_ms: length of the track (milliseconds).
        genre: genre of the track.
        raw: the whole visible name of the row.
    """

    row_id: str | None
    position: int
    line_no: int | None
    cue_ms: int | None
    cue_raw: str | None
    kind: str
    with_previous: bool
    artist: str | None
    title: str | None
    label: str | None
    track_id: str | None
    duration_ms: int | None
    genre: str | None
    raw: str


def _clean(text: str | None) -> str:
    if not text:
        return ""
    return text if text.isalnum() else " ".join(text.split())


def _attribute(node: LexborNode | None, name: str) -> str:
    return _clean(node.attributes.get(name)) if node is not None else ""


def _classes(attributes: Attributes) -> list[str]:
    return (attributes.get("class") or "").split()


def _text(node: LexborNode | None) -> str:
    return _clean(node.text()) if node is not None else ""


def set_id_of(address: str) -> str | None:
    """Id of the set that an address of the site (or its short form) names, else None."""
    found = _SET_ADDRESS.search(address)
    return (found.group(1) or found.group(2)) if found else None


class _Parts:
    """The parts of one row that are read, found in one query: asking for each apart costs half the time."""

    __slots__ = ("cue", "labels", "meta", "number", "remarks", "seconds", "value")

    def __init__(self, row: LexborNode) -> None:
        self.meta: dict[str, str] = {}
        self.seconds = self.cue = self.number = self.value = None
        self.remarks: list[str] = []
        self.labels: list[str] = []
        for node in row.css(_PARTS):
            attributes = node.attributes
            if node.tag == "meta":
                self.meta.setdefault(attributes.get("itemprop") or "", _clean(attributes.get("content")))
                continue
            if node.tag == "input":
                self.seconds = _clean(attributes.get("value")) if self.seconds is None else self.seconds
                continue
            classes = _classes(attributes)
            text = _text(node)
            if "trackEditData" in classes or "trackStatus" in classes:
                self.remarks.append(text)
            if "trackLabel" in classes:
                self.labels.append(text)
            if "trackValue" in classes and self.value is None:
                self.value = text
            if "cue" in classes and node.tag == "div" and self.cue is None:
                self.cue = text
            if (attributes.get("id") or "").endswith("_tracknumber_value") and self.number is None:
                self.number = text


def _name(row: _Parts) -> str:
    """Name of a row: the machine-readable one, unless the page cut or garbled it; remarks behind it."""
    written = row.meta.get("name", "")
    visible = row.value or ""
    cut = len(visible) > len(written) and visible.endswith(written)
    name = visible if cut or "\ufffd" in written else written
    remarks = row.remarks
    return " ".join([name, *(remark for remark in remarks if remark and remark not in name)]).strip()


def _label(row: _Parts) -> str | None:
    """Label from the ``publisher`` meta, whose content is HTML written as text; else the visible one."""
    text = _clean(entities.unescape(_TAG.sub("", row.meta.get("publisher", ""))))
    if not text:
        text = "/".join(row.labels)
        text = re.sub(r"(?<=\S)\(", " (", text)
    return re.sub(r"\s*/\s*", "/", text) or None


def _duration_ms(written: str) -> int | None:
    """Milliseconds of an ISO-8601 duration (``PT4M32S``); None if there is none or it is zero."""
    found = _DURATION.fullmatch(written)
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return (hours * 3600 + minutes * 60 + seconds) * 1000 or None


def _clock_ms(text: str) -> int | None:
    if re.fullmatch(r"\d{1,4}(:[0-5]\d){1,2}", text) is None:
        return None
    total = 0
    for part in text.split(":"):
        total = total * 60 + int(part)
    return total * 1000


def _cue(row: _Parts) -> tuple[str | None, int | None]:
    """What the page says of the start, and milliseconds; zero counts only if the page shows it too."""
    seconds, shown = row.seconds or "", row.cue or ""
    if re.fullmatch(r"\d{1,7}(\.\d{1,9})?", seconds) and float(seconds) > 0:
        return shown or seconds, round(float(seconds) * 1000)
    return (shown or None), _clock_ms(shown)


def _kind(attributes: Attributes, artist: str | None, title: str | None, name: str) -> str:
    if "tlpSubTog" in _classes(attributes) or attributes.get("data-mashpos") == "true":
        return "mashup_element"
    unidentified = attributes.get("data-id") and attributes.get("data-isided") != "true"
    if unidentified or not name or name == "ID" or re.match(r"ID\b(?! \d)", title or ""):
        return "unknown"
    if _JINGLE.fullmatch(title or name) and (artist is None or _JINGLE.fullmatch(artist)):
        return "jingle"
    return "mashup" if attributes.get("data-mashup") or _MASHUP.search(name) else "track"


def _row(row: LexborNode, attributes: Attributes, position: int) -> TracklistRow:
    parts = _Parts(row)
    name = _name(parts)
    artist, dash, title = name.partition(" - ")
    if not dash:
        artist, title = "", name
    artist, title = artist.strip(), title.strip()
    kind = _kind(attributes, artist or None, title or None, name)
    number = parts.number or ""
    cue_raw, cue_ms = _cue(parts)
    return TracklistRow(
        row_id=_clean(attributes.get("data-id")) or None,
        position=position,
        line_no=int(number) if number.isascii() and number.isdigit() else None,
        cue_ms=cue_ms,
        cue_raw=cue_raw,
        kind=kind,
        with_previous="con" in _classes(attributes),
        artist=None if artist in _NOBODY else artist,
        title=None if title in _NOBODY else title,
        label=_label(parts),
        track_id=_clean(attributes.get("data-trackid")) or None,
        duration_ms=_duration_ms(parts.meta.get("duration", "")),
        genre=parts.meta.get("genre") or None,
        raw=name,
    )


def _people(heading: LexborNode | None, title: str) -> list[str]:
    """DJs of the set: those the heading links, and names before the "@" that it does not link."""
    nodes = heading.css("a") if heading is not None else _NO_NODES
    linked = [_text(node) for node in nodes if re.match(r"/(dj|artist)/", _attribute(node, "href"))]
    before = re.split(r" @ | - ", title, maxsplit=1)[0] if re.search(r" @ | - ", title) else ""
    for name in sorted(linked, key=len, reverse=True):
        before = before.replace(name, " & ", 1)
    others = re.split(r"\s(?:&|vs\.?|b2b|x|and)\s|,", f" {before} ", flags=re.IGNORECASE)
    return [name for name in (*linked, *(other.strip(" &") for other in others)) if name]


def _head(tree: LexborHTMLParser) -> dict[str, Any]:
    """What the page says of the set, rows apart."""
    address = _attribute(tree.css_first("link[rel=canonical]"), "href") or _attribute(
        tree.css_first("meta[property='og:url']"), "content"
    )
    heading = tree.css_first("h1")
    title = (
        _attribute(tree.css_first("meta[property='og:title']"), "content")
        or _text(tree.css_first("#pageTitle"))
        or re.sub(r"\s*\|[^|]*$", "", _text(tree.css_first("title")))
    )
    date = _DATE_AT_END.search(title)
    in_address = re.search(r"-(\d{4}-\d{2}-\d{2})\.html", address)
    named = title[: date.start()] if date else title
    scene = re.split(r" @ | - ", named, maxsplit=1)
    return {
        "id": set_id_of(address),
        "url": address or None,
        "title": title or None,
        "dj_names": _people(heading if heading is not None and heading.css("a") else None, named),
        "date": date.group(1) if date else (in_address.group(1) if in_address else None),
        "event": _clean(scene[1]) if len(scene) > 1 else None,
    }


def _status(html: str, rows: list[TracklistRow]) -> tuple[str, str | None]:
    if rows:
        return "tracklist", None
    text = html.lower()
    for sign, reason in _BLOCK_SIGNS:
        if sign in text:
            return "blocked", reason
    if "1001tracklists" in text or "1001.tl/" in text:
        return "no_rows", "the page has no track rows (not logged in, or nothing entered yet)"
    return "not_a_page", "this is no page of 1001Tracklists"


def _plain(row: TracklistRow) -> dict[str, Any]:
    """The row as a dictionary; `dataclasses.asdict` copies deeply and costs a third of the whole page."""
    return {name: getattr(row, name) for name in TracklistRow.__slots__}


def parse_tracklist_page(html: str) -> dict[str, Any]:
    """A saved tracklist page as data; never fails, says in ``status`` what the page is.

    Returns:
        ``status`` (tracklist, blocked, no_rows, not_a_page), ``reason`` (None for a tracklist), ``id``,
        ``url``, ``title``, ``dj_names``, ``date`` (as written: YYYY-MM-DD, or less), ``event``, and ``rows``
        (each with the fields of `TracklistRow`). Pending suggestions and deleted rows are left out.
    """
    tree = LexborHTMLParser(html.encode("utf-8", "replace").decode())
    items = [(node, node.attributes) for node in tree.css("div.tlpItem")]
    kept = [item for item in items if _PENDING.isdisjoint(_classes(item[1]))]
    rows = [_row(node, attributes, position) for position, (node, attributes) in enumerate(kept, start=1)]
    status, reason = _status(html, rows)
    return {"status": status, "reason": reason, **_head(tree), "rows": [_plain(row) for row in rows]}


def parse_tracklist_page_json(html: str) -> str:
    """`parse_tracklist_page` as JSON text, for SQL."""
    return json.dumps(parse_tracklist_page(html), ensure_ascii=False)
