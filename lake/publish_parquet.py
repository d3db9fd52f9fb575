"""Publishing one table as a Parquet file, for readers that want no database.

Swapped in like the published file (`lake.aside`); what the file is stands in its metadata.
"""

import json
from pathlib import Path

import duckdb

from lake.aside import aside
from lake.publish import Published
from lake.settings import Settings
from lake.tables import fingerprint, one, quoted

ROW_GROUP = 122_880
"""Rows of a row group: DuckDB's own size, small enough that a reader of some months skips the others."""


def publish_parquet(
    connection: duckdb.DuckDBPyConnection, settings: Settings, name: str, *, order: str, run_id: str
) -> Published:
    """Copy one gold table into ``published/<name>/<name>.parquet``, sorted, unless it says the same already.

    Args:
        connection: connection with the lake attached.
        settings: where.
        name: table of schema ``gold``.
        order: columns to sort by, so that the statistics of row groups let readers skip them.
        run_id: recorded in the metadata, beside fingerprint, time and the descriptions of table and columns.
    """
    file = settings.published.parent / name / f"{name}.parquet"
    content = fingerprint(connection, f"gold.{name}")
    rows = {name: int(one(connection, f"select count(*) from gold.{name}")[0])}
    if file.exists() and metadata(file).get("fingerprint") == content:
        return Published(file, content, rows, replaced=False)
    told = {
        "fingerprint": content,
        "run_id": run_id,
        "published_at": str(one(connection, "select now()")[0]),
        **_descriptions(connection, name),
    }
    listed = ", ".join(f"{key}: {quoted(value)}" for key, value in told.items())
    with aside(file) as building:
        connection.execute(
            f"copy (from gold.{name} order by {order}) to {quoted(str(building))} "
            f"(format parquet, compression zstd, row_group_size {ROW_GROUP}, kv_metadata {{{listed}}})"
        )
    return Published(file, content, rows, replaced=True)


def metadata(file: Path) -> dict[str, str]:
    """What `publish_parquet` wrote about a file: fingerprint, run_id, published_at, description, columns.

    Raises:
        duckdb.Error: the file is no Parquet.
    """
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select decode(key), decode(value) from parquet_kv_metadata($file)", {"file": str(file)}
        ).fetchall()
    return dict(rows)


def _descriptions(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, str]:
    """The comments of a table and, as one JSON object, of its columns."""
    (table,) = one(
        connection,
        "select any_value(comment) from duckdb_tables() "
        "where database_name = 'lake' and schema_name = 'gold' and table_name = $name",
        {"name": name},
    )
    columns = connection.execute(
        "select column_name, comment from duckdb_columns() where database_name = 'lake' "
        "and schema_name = 'gold' and table_name = $name and comment is not null order by column_index",
        {"name": name},
    ).fetchall()
    return {"description": table or "", "columns": json.dumps(dict(columns), ensure_ascii=False)}
