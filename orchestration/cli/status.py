"""``cratelake status``: what the lake holds, what ran last, what is published."""

import contextlib

import duckdb

from lake.connection import connect
from lake.postgres import postgres
from lake.settings import Settings
from orchestration.cli.console import out, table
from orchestration.cli.lakes import require_lake
from orchestration.cli.summary import bronze_rows, layer_rows, providers_table, quality_table


def status() -> None:
    """Print bronze by stream, rows by table, quality, the last runs and the published file."""
    settings = Settings()
    require_lake(settings)
    with postgres(settings) as server, connect(settings, server, read_only=True) as connection:
        out.print(f"home {settings.root}")
        out.print(
            table("Bronze", ("provider", "stream", "answers"), bronze_rows(connection, settings), right=(2,))
        )
        layers = layer_rows(connection)
        empty = sum(1 for layer, _, rows in layers if layer == "staging" and not rows)
        out.print(table("Lake", ("layer", "table", "rows"), [row for row in layers if row[2]], right=(2,)))
        out.print(f"{empty} staging tables are empty: nothing of their streams was ingested", style="dim")
        if ("ops", "provider_status") in {(layer, name) for layer, name, _ in layers}:
            out.print(providers_table(connection))
        if ("silver", "enriched_tracks") in {(layer, name) for layer, name, _ in layers}:
            out.print(quality_table(connection))
            _runs(connection)
    if settings.published.exists():
        with contextlib.closing(duckdb.connect(str(settings.published), read_only=True)) as published:
            row = published.execute("select published_at::varchar, run_id from published").fetchone()
        out.print(
            f"published {settings.published} ({row[0]}, run {row[1]})"
            if row
            else f"published {settings.published}"
        )
    else:
        out.print("nothing is published yet: run `cratelake run`")


def _runs(connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.execute(
        """
        select finished_at::varchar, ingest_date::varchar, status, tracks_resolved, tracks_changed,
            attempts_new, config_hash, left(run_id, 8)
        from ops.enrichment_pipeline_runs order by started_at desc limit 5
        """
    ).fetchall()
    columns = ("finished", "day", "status", "tracks", "changed", "new attempts", "configuration", "run")
    out.print(table("Last enrichment runs", columns, rows, right=(3, 4, 5)))
