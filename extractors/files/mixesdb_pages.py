"""Kind ``mixesdb_pages``: pages of MixesDB, as a scraper, the MediaWiki API or a person saved them.

Layouts: one JSON object of page paths (``/w/2005-01-02_-_...``), each with the page's wikitext under
``tracklist``; answers of ``api.php`` (``action=parse`` or ``action=query``, both format versions), one per
file or per line; or the wikitext itself in a file named after the page (``2005-01-02 - ... .wiki``).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from extractors.errors import SourceError
from extractors.files.json_text import jsonl_lines, object_members, parse_object, text_of
from extractors.files.reading import DamagedError, cut_off, flaw, refused, text_chunks
from extractors.kind import Kind
from extractors.pages.mixesdb import api_pages, parse_mixesdb_page
from lake.bronze import Answer, Rejected

STREAM = "pages"
_WHAT = "MixesDB pages"
_SITE = "https://www.mixesdb.com"
_API_MEMBERS = ('"parse"', '"query"', '"error"', '"batchcomplete"', '"continue"', '"warnings"')
_STEM = re.compile(r"(\.(?:wiki|txt))?(\.gz)?$", re.IGNORECASE)
_REMEDY = "fetch the page again from the wiki"


def page_title(path: str) -> str:
    """Title of the page at a path of the wiki: ``/w/A_%26_B`` -> ``A & B``."""
    return unquote(re.sub(r"^/?(?:w|db)/(?:index\.php/)?", "", path)).replace("_", " ").strip()


def _saved(path: Path, row: int, name: str, text: str) -> Answer | Rejected:
    """A member of a scraper's file: page path and what was saved of it."""
    page, problem = parse_object(text)
    if not problem and text_of(page.get("tracklist")) is None:
        problem = "the value is missing or is not a text"
    if problem:
        field = "tracklist" if page else "(row)"
        raw = f"{name}: {text}"
        return refused(STREAM, path, row, field=field, reason=problem, remedy=_REMEDY, raw=raw)
    title = page_title(name)
    return Answer(
        stream=STREAM,
        request_key=f"pages/{title}",
        payload=text,
        source_url=_SITE + name if name.startswith("/") else f"file:{path.name}",
        source_row=row,
    )


def _answer(path: Path, row: int, text: str) -> Answer | Rejected:
    """An answer of the API."""
    answer, problem = parse_object(text)
    pages = None if problem else api_pages(answer)
    if not problem and not pages:
        error = answer.get("error")
        info = error.get("info") if isinstance(error, dict) else None
        problem = f"the wiki answers with an error: {info}" if info else "the answer holds no page"
    if problem or not pages:
        return refused(STREAM, path, row, field="(row)", reason=problem, remedy=_REMEDY, raw=text)
    titles = "|".join(page["title"] for page in pages)
    return Answer(
        stream=STREAM,
        request_key=f"pages/{titles}",
        payload=text,
        source_entity_id=str(pages[0]["page_id"]) if len(pages) == 1 and pages[0]["page_id"] else None,
        source_url=f"{_SITE}/w/api.php",
        source_row=row,
    )


def _wikitext(path: Path) -> Answer:
    text = "".join(text_chunks(path))
    problem = flaw(text)
    if not problem and parse_mixesdb_page(text)["pages"][0]["status"] == "no_rows":
        problem = f"this is not a file of {_WHAT}: it has no line of a tracklist"
    if problem:
        raise SourceError(path.name, problem, "give the page's wikitext as UTF-8", row=1)
    title = page_title(_STEM.sub("", path.name))
    return Answer(
        stream=STREAM,
        request_key=f"pages/{title}",
        payload=text,
        content_type="text/x-wiki",
        source_url=f"file:{path.name}",
        source_row=1,
    )


def _pages(path: Path) -> Iterator[Answer | Rejected]:
    """Pages of a JSON file of either layout, told by the first member of its object."""
    members = object_members(path, _WHAT)
    first = next(members, None)
    if first is not None and f'"{first[0]}"' not in _API_MEMBERS:
        yield _saved(path, 1, *first)
        for row, member in enumerate(members, start=2):
            yield _saved(path, row, *member)
        return
    text = "".join(text_chunks(path))
    if parse_object(text)[1]:  # not one object: one a line
        for row, line in jsonl_lines(path):
            yield _answer(path, row, line)
    else:
        yield _answer(path, 1, text)


def read(path: Path) -> Iterator[Answer | Rejected]:
    """Every page of the file.

    Raises:
        SourceError: the file holds no page of the wiki, or nothing of it can be read.
    """
    row = 0
    try:
        if path.name.lower().removesuffix(".gz").endswith((".json", ".jsonl")):
            for row, page in enumerate(_pages(path), start=1):
                if row == 1 and isinstance(page, Rejected) and '"tracklist"' not in page.raw:
                    raise SourceError(path.name, f"this is not a file of {_WHAT}: {page.reason}", _REMEDY, 1)
                yield page
        else:
            yield _wikitext(path)
    except DamagedError as damage:
        yield cut_off(STREAM, path, row, damage)


KIND = Kind(
    name="mixesdb_pages",
    provider="mixesdb",
    streams=(STREAM,),
    summary="MixesDB pages: wikitext by page path (JSON), answers of its MediaWiki API, or .wiki files",
    example="cratelake ingest mixesdb_pages essential_mix.json.gz",
    patterns=("*.json", "*.jsonl", "*.wiki"),
    read=read,
    extractor_version="mixesdb_pages/1",
)
