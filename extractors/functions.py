"""The parsers of raw answers as SQL functions; dbt's plugin and tests register them on their connection."""

import atexit
from functools import cache

import duckdb
import pyarrow as pa

from extractors.files.discogs_element import discogs_element
from extractors.files.respace import respace_label_row
from extractors.files.tracklist_text import parse_tracklist_file_json
from extractors.files.xml import xml_to_json
from extractors.pages.tracklists_1001 import parse_tracklist_page_json
from lake.arrow_functions import map_texts, register_text_function
from lake.parallel import Workers
from lake.settings import Settings

PAGES_WORTH_A_WORKER = 300
"""A page takes a millisecond, a worker a third of a second to start."""


def parse_tracklist_pages(pages: pa.Table) -> pa.Table:
    """`parse_tracklist_page_json` over one column of pages."""
    return map_texts(parse_tracklist_page_json, pages)


@cache
def _page_workers() -> Workers:
    workers = Workers(parse_tracklist_pages, processes=Settings().threads)
    atexit.register(workers.close)
    return workers


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the parsers (text -> JSON) callable in SQL, under the names they are registered by below."""
    register_text_function(connection, "xml_to_json", xml_to_json)
    register_text_function(
        connection,
        "parse_tracklist_page",
        parse_tracklist_page_json,
        workers=_page_workers(),
        worth=PAGES_WORTH_A_WORKER,
    )
    register_text_function(connection, "respace_label_row", respace_label_row)
    register_text_function(connection, "parse_tracklist_file", parse_tracklist_file_json)
    register_text_function(connection, "discogs_element", discogs_element)
