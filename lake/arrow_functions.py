"""Text functions for DuckDB: Arrow batches in and out, each distinct value computed once per batch."""

from collections.abc import Callable

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from duckdb.func import FunctionNullHandling, PythonUDFType
from duckdb.sqltypes import VARCHAR


def register_text_function(
    connection: duckdb.DuckDBPyConnection, name: str, function: Callable[[str], str | None]
) -> None:
    """Make ``name(VARCHAR) -> VARCHAR`` callable in SQL; NULL in gives NULL out without a call.

    `function` has no side effects. A name the connection knows already stays as it is.
    """
    known = connection.execute(
        "select 1 from duckdb_functions() where function_name = $name limit 1", {"name": name}
    ).fetchone()
    if known:
        return

    def batch(values: pa.ChunkedArray | pa.Array) -> pa.Array:
        encoded = pc.dictionary_encode(values)
        chunks = encoded.chunks if isinstance(encoded, pa.ChunkedArray) else [encoded]
        results = []
        for chunk in chunks:
            computed = pa.array(
                [None if word is None else function(word) for word in chunk.dictionary.to_pylist()],
                pa.string(),
            )
            results.append(computed.take(chunk.indices))
        return pa.chunked_array(results, pa.string()).combine_chunks()

    connection.create_function(
        name,
        batch,
        [VARCHAR],
        VARCHAR,
        type=PythonUDFType.ARROW,
        null_handling=FunctionNullHandling.SPECIAL,
        side_effects=False,
    )
