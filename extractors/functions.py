"""The parsers of raw answers as SQL functions; dbt's plugin and tests register them on their connection."""

import atexit
from functools import cache

import duckdb
import pyarrow as pa

from extractors.files.discogs_element import discogs_element
from extractors.files.respace import respace_label_row
from extractors.files.tracklist_text import parse_tracklist_file_json
from extractors.files.xml import xml_to_json
from extractors.pages.listening_log import parse_logged_mix_json
from extractors.pages.mixesdb import parse_mixesdb_page_json
from extractors.pages.text_export import parse_text_export_json
from extractors.pages.tracklists_1001 import parse_tracklist_page_json
from lake.arrow_functions import TextFunction, map_texts, register_text_function
from lake.parallel import Workers
from lake.settings import Settings

PAGES_WORTH_A_WORKER = 300
"""A page takes a millisecond, a worker a third of a second to start."""

_PARSERS: dict[str, TextFunction] = {
    "xml_to_json": xml_to_json,
    "respace_label_row": respace_label_row,
    "discogs_element": discogs_element,
    "parse_tracklist_file": parse_tracklist_file_json,
    "parse_text_export": parse_text_export_json,
    "parse_mixesdb_page": parse_mixesdb_page_json,
    "parse_logged_mix": parse_logged_mix_json,
}
"""SQL name -> parser; pages, which are many and slow, have workers of their own."""


def parse_tracklist_pages(pages: pa.Table) -> pa.Table:
    """`parse_tracklist_page_json` over one column of pages."""
    return map_texts(parse_tracklist_page_json, pages)


@cache
def _page_workers() -> Workers:
    workers = Workers(parse_tracklist_pages, processes=Settings().threads)
    atexit.register(workers.close)
    return workers


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the parsers of raw answers (text -> JSON) callable in SQL."""
    for name, function in _PARSERS.items():
        register_text_function(connection, name, function)
    register_text_function(
        connection,
        "parse_tracklist_page",
        parse_tracklist_page_json,
        workers=_page_workers(),
        worth=PAGES_WORTH_A_WORKER,
    )
