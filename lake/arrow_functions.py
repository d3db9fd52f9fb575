"""Text functions for DuckDB: Arrow batches in and out, each distinct value computed once per batch."""

from collections.abc import Callable

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from duckdb.func import FunctionNullHandling, PythonUDFType
from duckdb.sqltypes import VARCHAR

from lake.parallel import Workers, collector_paused

TextFunction = Callable[[str], str | None]


def map_texts(function: TextFunction, texts: pa.Table) -> pa.Table:
    """`function` over the one column of `texts`; null stays null."""
    words = [None if word is None else function(word) for word in texts[0].to_pylist()]
    return pa.table({"text": pa.array(words, pa.string())})


def register_text_function(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    function: TextFunction,
    *,
    workers: Workers | None = None,
    worth: int = 0,
) -> None:
    """Make ``name(VARCHAR) -> VARCHAR`` callable in SQL; NULL in gives NULL out without a call.

    A name the connection knows already stays as it is.

    Args:
        connection: connection to register it on.
        name: name in SQL.
        function: text to text, without side effects.
        workers: run the same over a table (`map_texts`) in processes of their own, for a function that takes
            a millisecond a text or more.
        worth: texts that are worth a worker.
    """
    if _is_known(connection, name):
        return

    def batch(values: pa.ChunkedArray | pa.Array) -> pa.Array:
        encoded = pc.dictionary_encode(values)
        chunks = encoded.chunks if isinstance(encoded, pa.ChunkedArray) else [encoded]
        results = []
        for chunk in chunks:
            distinct = pa.table({"text": chunk.dictionary})
            if workers:
                computed = workers.map(distinct, worth=worth)
            else:
                with collector_paused():
                    computed = map_texts(function, distinct)
            results.append(computed[0].combine_chunks().take(chunk.indices))
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


def _is_known(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether SQL can call it; asking ``duckdb_functions()``, which lists thousands, takes 20 ms."""
    try:
        connection.execute(f"explain select {name}(null::varchar)")
    except duckdb.CatalogException:
        return False
    return True
