"""``cratelake parse``: what is read from a saved payload; ``cratelake sandbox serve``: a world to try on."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pydantic_core import PydanticSerializationError
from rich.markup import escape

from extractors.errors import SourceError
from extractors.files.json_text import jsonl_lines
from extractors.files.reading import DamagedError, flaw, text_chunks
from extractors.pages.tracklists_1001 import parse_tracklist_page
from extractors.sandbox.server import listening, make_app, serve
from extractors.sandbox.server.app import HOST
from extractors.sandbox.server.faults import DEFAULT, Faults
from extractors.sandbox.server.wires import WIRES
from extractors.sources.registry import source
from extractors.sources.source import AUTO, Stream
from lake.settings import Settings
from orchestration.cli.console import err, out
from orchestration.fetching import sandbox_delivery

_PAGES = "1001tracklists"
"""The one provider whose answers are pages."""


def parse(provider: str, stream: str, file: Path) -> None:
    """Print the rows of a payload as JSON lines; keys that we do not know go to standard error.

    A file of JSON lines (``.jsonl``) holds one payload on each.

    Raises:
        SourceError: it is no payload of the stream; says where and why.
        FetchError: it is the provider's own error message.
    """
    if provider == _PAGES:
        _parse_page(stream, file)
        return
    asked = source(provider, beside=(_PAGES,))
    told: Counter[Stream] = Counter()
    unknown: set[str] = set()
    for place, text in _payloads(file):
        known, payload = asked.parse(stream, text, place)
        rows = payload.rows()
        try:
            lines = [row.model_dump_json(by_alias=True) for row in rows]
        except PydanticSerializationError as error:
            raise SourceError(place, f"a row cannot be printed ({error})", "save the answer again") from None
        for line in lines:
            out.print(line, markup=False, highlight=False, soft_wrap=True)
        unknown.update(key for one in (payload, *rows) for key in one.unknown_keys)
        told[known] += len(rows)
    for known, rows_told in told.items():
        err.print(f"{_rows(rows_told)} of {provider} {known.name} ({known.what})")
    if unknown:
        err.print(f"kept, but not read: {escape(', '.join(sorted(unknown)))}")


def _parse_page(stream: str, file: Path) -> None:
    """Print the rows of a saved tracklist page.

    Raises:
        SourceError: it is none; says whether the site blocked the visitor, or showed no rows.
    """
    if stream not in {AUTO, "pages"}:
        raise SourceError(file.name, f"{_PAGES} has no stream {stream}", "use auto or pages")
    ((place, html),) = _payloads(file)
    page = parse_tracklist_page(html)
    rows = page.pop("rows")
    if page["status"] != "tracklist":
        raise SourceError(place, page["reason"], "save the page again, logged in and with its rows shown")
    for row in rows:
        text = json.dumps(row, ensure_ascii=False)
        out.print(text, markup=False, highlight=False, soft_wrap=True)
    head = ", ".join(f"{name} {value}" for name, value in page.items() if value and name != "status")
    err.print(f"{_rows(len(rows))} of {_PAGES} pages (a tracklist): {escape(head)}")


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _payloads(file: Path) -> Iterator[tuple[str, str]]:
    """What a file is called in errors, and its text; for JSON lines, each line's."""
    try:
        if file.name.removesuffix(".gz").endswith(".jsonl"):
            for number, line in jsonl_lines(file):
                yield f"{file.name}, row {number}", _text(file.name, line)
        else:
            yield file.name, _text(file.name, "".join(text_chunks(file)))
    except DamagedError as damage:
        raise SourceError(file.name, damage.reason, "save the provider's answer again") from damage


def _text(name: str, text: str) -> str:
    if "\0" in text:
        raise SourceError(
            name, "the file holds NUL bytes: it is binary, or UTF-16 without a mark", "save it as UTF-8"
        )
    problem = flaw(text)
    if problem is not None:
        raise SourceError(name, problem.replace("the row", "the file"), "save it as UTF-8")
    return text


def serve_sandbox(port: int, *, speed: float, faults: bool) -> None:
    """Serve the sandbox world of this lake's settings until Ctrl-C.

    Raises:
        LakeError: the port is taken.
    """
    settings = Settings()
    listener = listening(port)
    delivery = sandbox_delivery(settings)
    chosen = Faults({provider: dict(DEFAULT) for provider in WIRES} if faults else {})
    app = make_app(delivery.root, chosen, speed)
    err.print(f"{', '.join(WIRES)} at http://{HOST}:{port}/, {delivery.spec.tracks:,} tracks; Ctrl-C ends it")
    serve(app, listener)
