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

from extractors.pages.set_head import clean, parse_head, text_of

_BLOCK_SIGNS = (
    ("please wait, you will be forw", "forwarding page instead of the tracklist"),
    ("sent too many requests", "the site answers that it got too many requests"),
    ("captcha to unblock", "the site asks for a captcha to unblock"),
    ("challenges.cloudflare.com", "Cloudflare challenge instead of the tracklist"),
    ('name="g-recaptcha-response"', "captcha form instead of the tracklist"),
)
_ERROR_PAGE = re.compile(
    r"<(?:title|h1)[^>]*>\s*((?:error )?(?:4\d\d|5\d\d)\b[^<]{0,60}|page not found|not found|bad gateway"
    r"|service unavailable|internal server error|access denied)"
)
_DURATION = re.compile(r"P(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)")
_PARTS = (
    "meta[itemprop], input[id$=_cue_seconds], div.cue, span[id$=_tracknumber_value], "
    ".trackValue, .trackEditData, .trackStatus, .trackLabel"
)
_TAG = re.compile(r"<[^>]*>")
_JINGLE = re.compile(r"(intro|outro|interview|jingle|(hosted|presented) by .*|speech)", re.IGNORECASE)
_PRODUCED = re.compile(r"(?<=\S)\((?:Co-)?Prod\. by [^)]*\)")
"""A producer's credit, which the page glues to the visible title."""
_BEGINNING = 40
_CUT_AT = 245
"""Characters that the machine-readable name of a long mashup is cut to, from its start."""
_MASHUP = re.compile(r"\bmash-?up\b", re.IGNORECASE)
_VERSUS = re.compile(r"\svs\.?\s", re.IGNORECASE)
_UNKNOWN = re.compile(r"^ID\b(?! \d)|\(ID (?:remix|edit|bootleg|mashup|rework)\)", re.IGNORECASE)
_NOBODY = frozenset({"", "ID"})
_PENDING = frozenset({"sugTog", "deleted"})
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


def _classes(attributes: Attributes) -> list[str]:
    return (attributes.get("class") or "").split()


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
                self.meta.setdefault(attributes.get("itemprop") or "", clean(attributes.get("content")))
                continue
            if node.tag == "input":
                self.seconds = clean(attributes.get("value")) if self.seconds is None else self.seconds
                continue
            classes = _classes(attributes)
            text = text_of(node)
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
    visible = _PRODUCED.sub("", row.value or "")
    cut = not written or visible.find(written[:_BEGINNING]) > 0 or _CUT_AT <= len(written) < len(visible)
    name = visible if cut or "\ufffd" in written else written
    remarks = row.remarks
    return " ".join([name, *(remark for remark in remarks if remark and remark not in name)]).strip()


def _label(row: _Parts) -> str | None:
    """Label from the ``publisher`` meta, whose content is HTML written as text; else the visible one."""
    text = clean(entities.unescape(_TAG.sub("", row.meta.get("publisher", ""))))
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


def clock_ms(text: str) -> int | None:
    """Milliseconds of a clock (``mm:ss``, ``h:mm:ss``); None if the text is none."""
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
    return (shown or None), clock_ms(shown)


def names_of(name: str) -> tuple[str | None, str | None]:
    """Artist and title of a row's name, parted at its first " - "; None for what says only "ID"."""
    artist, dash, title = name.partition(" - ")
    if not dash:
        artist, title = "", name
    artist, title = artist.strip(), title.strip()
    return None if artist in _NOBODY else artist, None if title in _NOBODY else title


def kind_of(artist: str | None, title: str | None, name: str) -> str:
    """Whether a row of this name is a track, a mashup, a jingle or unknown."""
    if not name or name == "ID" or title is None or _UNKNOWN.search(title):
        return "unknown"
    if _JINGLE.fullmatch(title) and (artist is None or _JINGLE.fullmatch(artist)):
        return "jingle"
    versus = artist is not None and _VERSUS.search(artist) and _VERSUS.search(title)
    return "mashup" if versus or _MASHUP.search(name) else "track"


def _kind(attributes: Attributes, artist: str | None, title: str | None, name: str) -> str:
    if "tlpSubTog" in _classes(attributes) or attributes.get("data-mashpos") == "true":
        return "mashup_element"
    if attributes.get("data-id") and attributes.get("data-isided") != "true":
        return "unknown"
    kind = kind_of(artist, title, name)
    return "mashup" if kind == "track" and attributes.get("data-mashup") else kind


def _row(row: LexborNode, attributes: Attributes, position: int) -> TracklistRow:
    parts = _Parts(row)
    name = _name(parts)
    artist, title = names_of(name)
    number = parts.number or ""
    cue_raw, cue_ms = _cue(parts)
    return TracklistRow(
        row_id=clean(attributes.get("data-id")) or None,
        position=position,
        line_no=int(number) if number.isascii() and number.isdigit() else None,
        cue_ms=cue_ms,
        cue_raw=cue_raw,
        kind=_kind(attributes, artist, title, name),
        with_previous="con" in _classes(attributes),
        artist=artist,
        title=title,
        label=_label(parts),
        track_id=clean(attributes.get("data-trackid")) or None,
        duration_ms=_duration_ms(parts.meta.get("duration", "")),
        genre=parts.meta.get("genre") or None,
        raw=name,
    )


def _status(html: str, rows: list[TracklistRow]) -> tuple[str, str | None]:
    if rows:
        return "tracklist", None
    text = html.lower()
    for sign, reason in _BLOCK_SIGNS:
        if sign in text:
            return "blocked", reason
    error = _ERROR_PAGE.search(text)
    if error is not None:
        return "error", f"the site answers with an error: {' '.join(error.group(1).split())}"
    if "1001tracklists" in text or "1001.tl/" in text:
        return "no_rows", "the page has no track rows (not logged in, or nothing entered yet)"
    return "not_a_page", "this is no page of 1001Tracklists"


def _plain(row: TracklistRow) -> dict[str, Any]:
    """The row as a dictionary; `dataclasses.asdict` copies deeply and costs a third of the whole page."""
    return {name: getattr(row, name) for name in TracklistRow.__slots__}


def parse_tracklist_page(html: str) -> dict[str, Any]:
    """A saved tracklist page as data; never fails, says in ``status`` what the page is.

    Returns:
        ``status`` (tracklist, blocked, error, no_rows, not_a_page), ``reason`` (None for a tracklist), what
        `parse_head` says of the set, and ``rows`` (each with the fields of `TracklistRow`). Pending
        suggestions and deleted rows are left out.
    """
    tree = LexborHTMLParser(html.encode("utf-8", "replace").decode())
    items = [(node, node.attributes) for node in tree.css("div.tlpItem")]
    kept = [item for item in items if _PENDING.isdisjoint(_classes(item[1]))]
    rows = [_row(node, attributes, position) for position, (node, attributes) in enumerate(kept, start=1)]
    status, reason = _status(html, rows)
    return {"status": status, "reason": reason, **parse_head(tree), "rows": [_plain(row) for row in rows]}


def parse_tracklist_page_json(html: str) -> str:
    """`parse_tracklist_page` as JSON text, for SQL."""
    return json.dumps(parse_tracklist_page(html), ensure_ascii=False)
