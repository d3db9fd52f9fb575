"""The parsers of raw answers as SQL functions; dbt's plugin and tests register them on their connection."""

import duckdb

from extractors.files.respace import respace_label_row
from extractors.files.xml import xml_to_json
from extractors.pages.tracklists_1001 import parse_tracklist_page_json
from lake.arrow_functions import register_text_function


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `xml_to_json`, `parse_tracklist_page` and `respace_label_row` (text -> JSON) callable in SQL."""
    register_text_function(connection, "xml_to_json", xml_to_json)
    register_text_function(connection, "parse_tracklist_page", parse_tracklist_page_json)
    register_text_function(connection, "respace_label_row", respace_label_row)
