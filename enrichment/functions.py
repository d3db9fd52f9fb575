"""The package's text functions as SQL functions of a DuckDB connection.

Belongs here: registration only. Each function is vectorised (one Arrow batch per call), computes once per
distinct value of the batch, maps null to null, and has no side effects. Structured answers are JSON text.
"""

import json
from collections.abc import Callable

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from duckdb.func import ARROW, SPECIAL
from duckdb.sqltypes import VARCHAR

from enrichment.musical_key import parse_key
from enrichment.text.fold import fold_key
from enrichment.text.tracklist import parse_tracklist_line, split_artist_title


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


def _artist_title_json(text: str) -> str:
    return json.dumps(split_artist_title(text), ensure_ascii=False)


FUNCTIONS: dict[str, Callable[[str], str | None]] = {
    "camelot": camelot,
    "fold_key": fold_key,
    "standard_key": standard_key,
    "parse_tracklist_line": _tracklist_line_json,
    "split_artist_title": _artist_title_json,
}
"""SQL name -> function of one non-null text; all are VARCHAR -> VARCHAR."""


def vectorised(function: Callable[[str], str | None]) -> Callable[[pa.ChunkedArray], pa.ChunkedArray]:
    """An Arrow form of a function of one text: once per distinct value, null to null."""

    def apply(column: pa.ChunkedArray) -> pa.ChunkedArray:
        encoded = pc.dictionary_encode(column)
        chunks = encoded.chunks if isinstance(encoded, pa.ChunkedArray) else [encoded]
        results = [
            pa.array([function(v) for v in chunk.dictionary.to_pylist()], pa.string()).take(chunk.indices)
            for chunk in chunks
        ]
        return pa.chunked_array(results, pa.string())

    return apply


def register(con: duckdb.DuckDBPyConnection) -> None:
    """Register `FUNCTIONS` on a connection; a second call for the same connection changes nothing."""
    known = {
        name for (name,) in con.execute("select distinct function_name from duckdb_functions()").fetchall()
    }
    for name, function in FUNCTIONS.items():
        if name not in known:
            con.create_function(
                name,
                vectorised(function),
                [VARCHAR],
                VARCHAR,
                type=ARROW,
                null_handling=SPECIAL,
                side_effects=False,
            )
