"""What ``cratelake run`` ends with: rows per layer, quality, checks, truth, where gold lies, what next."""

import datetime as dt
import os
import shutil
import sys
from collections import Counter

import dagster as dg
import duckdb
from rich.panel import Panel
from rich.table import Table

from enrichment.engine import lake_connection
from lake.bronze import read_sql
from lake.postgres import postgres
from lake.settings import Settings
from lake.tables import one
from orchestration.cli.console import out, table
from quality.truth import Evaluation, evaluate

_LAYERS = ("staging", "silver", "ops", "gold")


def layer_rows(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int]]:
    """(layer, table, rows) of every table in the lake, in order of the layers."""
    names = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'lake' "
        "and list_contains($layers, schema_name) order by list_position($layers, schema_name), table_name",
        {"layers": list(_LAYERS)},
    ).fetchall()
    return [
        (schema, name, int(one(connection, f'select count(*) from {schema}."{name}"')[0]))
        for schema, name in names
    ]


def bronze_rows(connection: duckdb.DuckDBPyConnection, settings: Settings) -> list[tuple[str, str, int]]:
    """(provider, stream, rows) of every stream in bronze that has rows."""
    if not settings.bronze.exists():
        return []
    return connection.execute(
        f"select provider, stream, count(*) from {read_sql(settings.bronze)} group by all order by all"
    ).fetchall()


def quality_table(connection: duckdb.DuckDBPyConnection) -> Table:
    """How the tracks' quality scores are spread: band, tracks, bar."""
    rows = connection.execute(
        """
        select least(floor(quality_score * 10), 9)::int as band, count(*) as tracks
        from silver.enriched_tracks where quality_score is not null group by band order by band desc
        """
    ).fetchall()
    most = max((tracks for _, tracks in rows), default=1)
    bands = [
        (f"{band / 10:.1f}–{(band + 1) / 10:.1f}", tracks, "█" * max(1, round(40 * tracks / most)))
        for band, tracks in rows
    ]
    return table("Quality score of tracks", ("score", "tracks", ""), bands, right=(1,))


def providers_table(connection: duckdb.DuckDBPyConnection, run_id: str | None = None) -> Table:
    """How each provider stands, and what it was asked: today, or in one run."""
    asked = "run_id = $run_id" if run_id else "asked_at::date = current_date"
    rows = connection.execute(
        f"""
        with asked as (
            select provider, count(*) filter (outcome in ('answered', 'not_modified')) as answered,
                count(*) filter (outcome = 'not_found') as not_found,
                count(*) filter (outcome not in ('answered', 'not_modified', 'not_found', 'held')) as failed
            from ops.fetch_outcomes where {asked} group by provider
        )
        select s.provider, s.state, strftime(s.since, '%Y-%m-%d %H:%M'), coalesce(a.answered, 0),
            coalesce(a.not_found, 0), coalesce(a.failed, 0), s.reason
        from ops.provider_status s left join asked a on a.provider = s.provider order by s.provider
        """,
        {"run_id": run_id} if run_id else {},
    ).fetchall()
    columns = ("provider", "state", "since (UTC)", "answered", "not found", "failed", "why")
    title = "Providers, with what this run asked" if run_id else "Providers, with what was asked today"
    return table(title, columns, rows, right=(3, 4, 5))


def _truth(found: Evaluation) -> None:
    rows = [(one.field, one.filled, one.right, f"{one.accuracy:.2%}") for one in found.fields]
    out.print(
        table(
            "Against the sandbox's truth: values",
            ("field", "filled", "right", "accuracy"),
            rows,
            right=(1, 2, 3),
        )
    )
    out.print(
        f"matching: {found.records:,} records in {found.tracks:,} tracks (truly {found.true_tracks:,}); "
        f"pairs of records: precision {found.precision:.4f}, recall {found.recall:.4f}, F1 {found.f1:.4f}"
    )


def summary(settings: Settings, day: dt.date, result: dg.ExecuteInProcessResult, *, changed: bool) -> None:
    """Print what a finished run left behind; `changed` says whether the published file is a new one."""
    with postgres(settings) as server, lake_connection(settings, server) as connection:
        bronze = bronze_rows(connection, settings)
        (landed,) = one(
            connection,
            f"select count(*) from {read_sql(settings.bronze)} where ingest_date = $day",
            {"day": day},
        )
        out.print(table("Bronze", ("provider", "stream", "answers"), bronze, right=(2,)))
        out.print(providers_table(connection, result.run_id))
        layers = [row for row in layer_rows(connection) if row[0] != "staging"]
        out.print(table("Lake", ("layer", "table", "rows"), layers, right=(2,)))
        out.print(quality_table(connection))
        if (settings.sandbox / "truth").exists():
            _truth(evaluate(connection, settings.sandbox / "truth"))
    states = Counter(
        event.asset_check_evaluation_data.passed
        for event in result.all_events
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
    )
    failed = f", [yellow]{states[False]} with findings (not blocking)[/yellow]" if states[False] else ""
    published = "Published" if changed else "Published before, and unchanged:"
    if not landed:
        out.print(f"[yellow]no answers landed on {day}[/yellow]: there was nothing to build for that day")
    command = "cratelake" if shutil.which("cratelake") else os.path.relpath(sys.argv[0])
    out.print(
        Panel(
            f"[bold green]{published}[/bold green] {settings.published}\n"
            f"checks: {states[True]} passed{failed} · day {day} · run {result.run_id}\n\n"
            "What to try next\n"
            f'  {command} sql "select full_track_name, play_count, quality_score from track_analytics '
            'order by play_count desc limit 10"\n'
            f'  {command} explain "<artist - title>" bpm     where a value came from, and why it won\n'
            f"  {command} dev                               the Dagster UI: assets, checks, partitions\n"
            f"  {command} ingest --help                     bring in your own files",
            expand=False,
        )
    )
