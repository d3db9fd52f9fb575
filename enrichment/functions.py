"""The package's text functions as SQL functions of a DuckDB connection.

Belongs here: registration only. Each function is vectorised (one Arrow batch per call), computes once per
distinct value of the batch, maps null to null, and has no side effects. Structured answers are JSON text.
"""

import json
from collections.abc import Callable

import duckdb

from enrichment.musical_key import parse_key
from enrichment.text.fold import fold, fold_key
from enrichment.text.set_title import parse_set_title_json
from enrichment.text.tracklist import parse_tracklist_line, split_artist_title
from enrichment.values import clean_iswc, duration_ms
from lake.arrow_functions import register_text_function


def camelot(text: str) -> str | None:
    """Camelot form of a key in any notation (``6A``); None if the text is no key."""
    key = parse_key(text)
    return key.camelot if key else None


def standard_key(text: str) -> str | None:
    """Standard form of a key in any notation (``G minor``); None if the text is no key."""
    key = parse_key(text)
    return key.standard if key else None


def _tracklist_line_json(text: str) -> str:
    return json.dumps(parse_tracklist_line(text), ensure_ascii=False)


def _any_duration(text: str) -> str | None:
    found = duration_ms(text)
    return None if found is None else str(found)


def _artist_title_json(text: str) -> str:
    return json.dumps(split_artist_title(text), ensure_ascii=False)


FUNCTIONS: dict[str, Callable[[str], str | None]] = {
    "camelot": camelot,
    "clean_iswc": clean_iswc,
    "duration_in_ms": _any_duration,
    "fold": fold,
    "fold_key": fold_key,
    "standard_key": standard_key,
    "parse_set_title": parse_set_title_json,
    "parse_tracklist_line": _tracklist_line_json,
    "split_artist_title": _artist_title_json,
}
"""SQL name -> function of one non-null text; all are VARCHAR -> VARCHAR."""


def register(con: duckdb.DuckDBPyConnection) -> None:
    """Register `FUNCTIONS` on a connection; a second call for the same connection changes nothing."""
    for name, function in FUNCTIONS.items():
        register_text_function(con, name, function)
