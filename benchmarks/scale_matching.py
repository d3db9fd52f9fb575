"""Matching at size: a million sandbox records from staging to tracks, then ten thousand more against them.

    python -m benchmarks.scale_matching --tracks 257000

The world goes through bronze and dbt's staging first, in a process of its own and untimed. Timed is what
comes after: parsing the names into ``silver.track_records``, and matching. The answers to one record in a
hundred are held back for a second day. Peak memory is the measuring process's and its workers' together;
Postgres has its share apart.
"""

import argparse
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from benchmarks.spine import Peak

DAYS = (dt.date(2026, 3, 1), dt.date(2026, 3, 2))
console = Console()


def main() -> None:
    """Parse the arguments, prepare in one process, measure in another, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tracks", type=int, default=257_000, help="size of the sandbox world")
    parser.add_argument("--held-back", type=int, default=13_000, help="answers that come on the second day")
    parser.add_argument("--keep", type=Path, help="build in this directory and keep it")
    parser.add_argument(
        "--prepare", action="store_true", help="only make the world and its staging in --keep"
    )
    parser.add_argument("--measure", action="store_true", help="only measure what --keep holds")
    arguments = parser.parse_args()
    home = arguments.keep or Path(tempfile.mkdtemp(prefix="cratelake-bench-"))
    os.environ["CRATELAKE_HOME"] = str(home)
    try:
        if arguments.prepare:
            prepare(home, arguments.tracks, arguments.held_back)
        elif arguments.measure:
            measure()
        else:
            command = [sys.executable, "-m", "benchmarks.scale_matching", "--keep", str(home)]
            sizes = ["--tracks", str(arguments.tracks), "--held-back", str(arguments.held_back)]
            subprocess.run([*command, *sizes, "--prepare"], check=True)
            subprocess.run([*command, "--measure"], check=True)
    finally:
        if not arguments.keep:
            shutil.rmtree(home, ignore_errors=True)


def prepare(home: Path, tracks: int, held_back: int) -> None:
    """The world in bronze and in staging, a share of its answers dated a day later."""
    from enrichment.engine import lake_connection, staging_relations
    from extractors.ingest import ingest
    from extractors.registry import kind
    from extractors.sandbox.delivery import deliver
    from extractors.sandbox.world import WorldSpec
    from lake import bronze
    from lake.postgres import postgres
    from lake.settings import Settings
    from lake.tables import one
    from orchestration.assets.bronze import ANSWERED, STREAMS
    from orchestration.prepare import ensure_manifest, install_extensions
    from orchestration.resources import DBT_DIRECTORY, dbt_variables

    install_extensions()
    ensure_manifest()
    started = time.perf_counter()
    settings = Settings()
    for file in deliver(WorldSpec(tracks=tracks), home / "sandbox").files:
        ingest(kind(file.kind), [file.path], settings.bronze, ingest_date=DAYS[0])
    answered = [(provider, stream) for provider, streams in ANSWERED.items() for stream in streams]
    for provider, stream in (*STREAMS, *answered):
        bronze.ensure_stream(settings.bronze, provider, stream)
    with postgres(settings) as server:
        with lake_connection(settings, server):
            pass  # the schemas dbt writes to
        subprocess.run(
            [
                str(Path(sys.executable).with_name("dbt")), "--quiet", "run",
                "--select", "path:models/staging",
                "--project-dir", str(DBT_DIRECTORY), "--profiles-dir", str(DBT_DIRECTORY),
                "--target-path", str(home / "dbt"), "--log-path", str(home / "dbt"),
            ],
            env=os.environ | dbt_variables(settings, server, DAYS[0].isoformat()),
            check=True,
        )  # fmt: skip
        with lake_connection(settings, server) as connection:
            relations = [
                table for suffix in ("_tracks", "_plays") for table in staging_relations(connection, suffix)
            ]
            rows = {table: one(connection, f"select count(*) from {table}")[0] for table in relations}
            share = round(sum(rows.values()) / held_back)
            for table in relations:
                connection.execute(
                    f"update {table} set ingest_date = date '{DAYS[1]}' where hash(bronze_id) % {share} = 0"
                )
    console.print(
        f"world, bronze, staging: {sum(rows.values()):,} rows in {time.perf_counter() - started:.0f} s"
    )


def measure() -> None:
    """Time both days on the lake in ``CRATELAKE_HOME``; print seconds, counts and peak memory."""
    from enrichment import config, matching, records
    from enrichment.engine import Day, lake_connection
    from enrichment.matching import blocking
    from lake.postgres import postgres
    from lake.settings import Settings
    from lake.tables import one

    settings = Settings()
    peak = Peak()
    peak.watch(os.getpid())
    table = Table(title=f"Matching at size, {os.cpu_count()} cores", title_justify="left")
    for column in ("", "new records", "parse s", "match s", "together s", "pairs", "tracks"):
        table.add_column(column, justify="left" if not column else "right")
    measured: dict[str, Any] = {}
    with postgres(settings) as server:
        for name, day in zip(("full", "increment"), map(Day, DAYS), strict=True):
            with lake_connection(settings, server) as connection:  # as each step of a run has its own
                (before,) = one(connection, "select count(*) from silver.track_records")
                parse, _ = _timed(lambda: records.build(connection, day))  # noqa: B023 - called at once
            with lake_connection(settings, server) as connection:
                match, matched = _timed(
                    lambda: matching.match_day(connection, day, config.load())  # noqa: B023
                )
                (after,) = one(connection, "select count(*) from silver.track_records")
                (tracks,) = one(connection, "select count(distinct track_id) from silver.track_members")
                if day.date == DAYS[0]:
                    truth = _against_the_truth(connection, settings.sandbox / "truth")
                    cut = blocking.cut_by_kind(connection)
            numbers = (f"{parse:.1f}", f"{match:.1f}", f"{parse + match:.1f}")
            table.add_row(name, f"{after - before:,}", *numbers, f"{matched.pairs_judged:,}", f"{tracks:,}")
            measured[name] = {
                "records": after - before, "parse": round(parse, 1), "match": round(match, 1),
                "seconds": round(parse + match, 1),
            }  # fmt: skip
    measured["peak_gib"] = round(peak.gib, 2)
    console.print(table)
    console.print(truth)
    for kind, blocks, nodes, pairs in cut:
        console.print(f"cut by {kind}: {blocks:,} blocks, {nodes:,} nodes in them, {pairs:,} pairs")
    console.print(f"peak memory {measured['peak_gib']} GiB")
    console.print(json.dumps(measured))


def _against_the_truth(connection: duckdb.DuckDBPyConnection, truth: Path) -> str:
    """How complete blocking is and how right the clusters are, over the answers that have an id."""
    from quality.truth import completeness, evaluate

    found = evaluate(connection, truth)
    return (
        f"blocking is {completeness(connection):.4f} complete; clusters of {found.records:,} records: "
        f"precision {found.precision:.4f}, recall {found.recall:.4f}"
    )


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


if __name__ == "__main__":
    main()
