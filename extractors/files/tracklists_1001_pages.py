"""Kind ``1001tracklists_pages``: saved pages of 1001Tracklists, as HTML files or as JSON Lines.

A page without rows goes to bronze as it is, and staging says so. What a browser saved in place of a page (a
forwarding or captcha page, an error) is refused, kept with its reason, and takes the place of no page.
Lines of ``pages.jsonl`` are objects with ``url`` and ``html``, and may have ``http_status`` and
``fetched_at`` (ISO 8601 with offset).
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extractors.errors import SourceError
from extractors.files.json_text import jsonl_lines, parse_object, text_of
from extractors.files.reading import DamagedError, cut_off, flaw, refused, text_chunks
from extractors.kind import Kind
from extractors.pages.set_head import set_id_of
from extractors.pages.tracklists_1001 import parse_tracklist_page
from lake.bronze import Answer, Rejected

STREAM = "pages"
_HTML = "text/html"
_WHAT = "a saved page of 1001Tracklists"
_ADDRESS = re.compile(r'<(?:link|meta)[^>]+(?:rel|property)="(?:canonical|og:url)"[^>]*>', re.IGNORECASE)
_IN_ITS_PLACE = frozenset({"blocked", "error"})
"""States of what stood there instead of the page."""
_SAVE_AGAIN = "open the page in a browser until it shows the tracklist, save it again and ingest it again"


def _named_in(html: str) -> str | None:
    """Id of the set that the page's own head names."""
    for tag in _ADDRESS.finditer(html[:100_000]):
        found = set_id_of(tag.group())
        if found:
            return found
    return None


def _stem(path: Path) -> str:
    return re.sub(r"(\.html?)?(\.gz)?$", "", path.name, count=1, flags=re.IGNORECASE)


def _answer_or_refusal(path: Path, answer: Answer) -> Answer | Rejected:
    """The answer, unless its page is what the site shows to those it does not let in."""
    if "tlpItem" in answer.payload:  # it has rows: no need to parse it here
        return answer
    page = parse_tracklist_page(answer.payload)
    if page["status"] not in _IN_ITS_PLACE:
        return answer
    named = f"{answer.request_key.removeprefix('tracklist/')}: {page['reason']}"
    return refused(
        STREAM,
        path,
        answer.source_row or 1,
        field="html",
        reason=named,
        remedy=_SAVE_AGAIN,
        raw=answer.payload,
    )


def _read_html(path: Path) -> Iterator[Answer | Rejected]:
    html = ""
    try:
        for chunk in text_chunks(path):
            html += chunk
    except DamagedError as damage:
        damage.rest = html
        yield cut_off(STREAM, path, 0, damage)
        return
    problem = flaw(html)
    if problem is None and parse_tracklist_page(html)["status"] == "not_a_page":
        problem = f"this is not {_WHAT}"
    if problem is not None:
        remedy = "save the page as UTF-8 HTML (page source, not an archive or a screenshot)"
        raise SourceError(path.name, problem, remedy, row=1)
    set_id = _named_in(html)
    answer = Answer(
        stream=STREAM,
        request_key=f"tracklist/{set_id or _stem(path)}",
        payload=html,
        content_type=_HTML,
        source_entity_id=set_id,
        source_url=f"file:{path.name}",
        source_row=1,
    )
    yield _answer_or_refusal(path, answer)


def _fetched_at(value: object) -> datetime | None:
    """A time with offset as UTC.

    Raises:
        ValueError: it is something else.
    """
    if value is None:
        return None
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError("the time has no offset from UTC")
    return moment.astimezone(UTC)


def _read_line(path: Path, row: int, line: str) -> Answer | Rejected:
    page, problem = parse_object(line)
    field = "(row)"
    fetched_at: datetime | None = None
    if not problem:
        for field in ("url", "html"):
            if text_of(page.get(field)) is None:
                problem = "the value is missing or is not a text"
                break
    status: Any = page.get("http_status")
    if not problem and not (status is None or (type(status) is int and 100 <= status <= 599)):
        field, problem = "http_status", "this is not an HTTP status"
    if not problem:
        try:
            fetched_at = _fetched_at(page.get("fetched_at"))
        except (ValueError, OverflowError) as error:
            field, problem = "fetched_at", f"this is not a time with offset ({error})"
    if problem:
        remedy = "give an object with url and html (and http_status, fetched_at if known) per line"
        return refused(STREAM, path, row, field=field, reason=problem, remedy=remedy, raw=line)
    url, html = str(page["url"]), str(page["html"])
    set_id = set_id_of(url) or _named_in(html)
    answer = Answer(
        stream=STREAM,
        request_key=f"tracklist/{set_id or url}",
        payload=html,
        content_type=_HTML,
        source_entity_id=set_id,
        source_url=url,
        source_row=row,
        http_status=status,
        fetched_at=fetched_at,
    )
    return _answer_or_refusal(path, answer)


def _read_jsonl(path: Path) -> Iterator[Answer | Rejected]:
    row = 0
    try:
        for count, (row, line) in enumerate(jsonl_lines(path), start=1):
            found = _read_line(path, row, line)
            if count == 1 and isinstance(found, Rejected) and '"html"' not in line:
                reason = f"this is not a file of saved pages: {found.reason}"
                raise SourceError(path.name, reason, found.remedy, row, found.field)
            yield found
    except DamagedError as damage:
        yield cut_off(STREAM, path, row, damage)


def read(path: Path) -> Iterator[Answer | Rejected]:
    """The page of an HTML file, or every page of a JSON Lines file.

    Raises:
        SourceError: the file holds no page of the site, or cannot be read.
    """
    name = path.name.lower().removesuffix(".gz")
    return _read_jsonl(path) if name.endswith((".jsonl", ".ndjson")) else _read_html(path)


KIND = Kind(
    name="1001tracklists_pages",
    provider="1001tracklists",
    streams=(STREAM,),
    summary="saved 1001Tracklists pages: HTML files, or pages.jsonl with url and html per line",
    example="cratelake ingest 1001tracklists_pages saved_pages/",
    patterns=("*.html", "*.htm", "pages*.jsonl"),
    read=read,
    extractor_version="1001tracklists_pages/2",
)
