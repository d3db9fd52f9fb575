"""Published gold beside PostgreSQL: the same data and questions, random keys, medians, 99th percentiles.

    python -m benchmarks.gold --tracks 1000000

Silver is filled from a sandbox world, gold built by the real models, the file published by the real step;
then the same tables go to the embedded PostgreSQL with the indexes the source document names. Each line asks
about --keys random keys, warm, through prepared statements. Milliseconds are those of the client, parsing
and fetching included; "busy" are the processor's, which say more on a machine that others use. The
rebuild lines time the models themselves, over --rebuild-tracks tracks.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from benchmarks import gold_postgres, gold_world
from benchmarks.gold_lines import ALL_SECONDS, LINES, REBUILDS

console = Console(width=120)
Taken = tuple[float, float]
"""Milliseconds on the clock and of the processor."""


def main() -> None:
    """Parse the arguments, build, measure, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tracks", type=int, default=1_000_000, help="tracks published (default 1000000)")
    parser.add_argument("--rebuild-tracks", type=int, default=100_000, help="tracks of the rebuild lines")
    parser.add_argument("--keys", type=int, default=200, help="random keys a line (default 200)")
    parser.add_argument("--memory", default="6GiB", help="memory limit of DuckDB (default 6GiB)")
    parser.add_argument("--without-postgres", action="store_true", help="the published file alone")
    parser.add_argument("--work", type=Path, help="keep what is built here, and use what is there")
    arguments = parser.parse_args()
    work = arguments.work or Path(tempfile.mkdtemp(prefix="cratelake-bench-"))
    os.environ |= {"CRATELAKE_HOME": str(work / "lake"), "CRATELAKE_MEMORY_LIMIT": arguments.memory}
    try:
        _run(work, arguments)
    finally:
        if not arguments.work:
            shutil.rmtree(work, ignore_errors=True)


def _run(work: Path, arguments: argparse.Namespace) -> None:
    from lake.postgres import postgres
    from lake.settings import Settings

    settings = Settings()
    work.mkdir(exist_ok=True)
    sql = gold_world.models(work)
    if not settings.published.exists():
        _publish(work / f"world-{arguments.tracks}.duckdb", sql, arguments.tracks)
    keys = _keys(settings.published, arguments.keys)
    gold = _gold(settings.published, keys)
    other: dict[str, list[Taken]] = {}
    server_name = ""
    if not arguments.without_postgres:
        with postgres(settings) as server:
            with server.connect() as connection, connection.cursor() as cursor:
                cursor.execute("show server_version")
                (version,) = cursor.fetchone()
                cursor.execute("select to_regclass('gold.loaded')")
                loaded = cursor.fetchone() != (None,)
            if not loaded:
                taken = gold_postgres.load(server, settings.published)
                console.print(f"copied to PostgreSQL in {sum(taken.values()):,.0f} s")
            server_name = f"PostgreSQL {version}"
            with server.connect() as connection:
                other = _postgres(connection, keys)
    _report(arguments, gold, other, server_name)
    _rebuild(work / f"world-{arguments.rebuild_tracks}.duckdb", sql, arguments.rebuild_tracks)


def _world(file: Path, tracks: int) -> duckdb.DuckDBPyConnection:
    """A connection to silver of a world of its own, made if it is not there."""
    from lake.connection import limited
    from lake.settings import Settings

    made = file.exists()
    connection = limited(Settings())
    connection.execute(f"attach '{file}' as lake; use lake")
    if not made:
        with console.status(f"silver of {tracks:,} tracks"):
            gold_world.fill_silver(connection, tracks)
    return connection


def _publish(world: Path, sql: dict[str, str], tracks: int) -> None:
    from lake.publish import publish
    from lake.settings import Settings
    from orchestration.gold import file
    from orchestration.gold.marts import published

    with _world(world, tracks) as connection:
        with console.status(f"gold of {tracks:,} tracks"):
            taken = gold_world.build(connection, sql)
        console.print(", ".join(f"{name} {seconds:,.1f} s" for name, seconds in taken.items()), style="dim")
        there = {
            row[0]
            for row in connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'gold'"
            ).fetchall()
        }
        marts = [mart for mart in published() if mart.name in there]
        start = time.perf_counter()
        with console.status("publish"):
            done = publish(
                connection, Settings(), {mart.name: mart.plan for mart in marts}, run_id="benchmark",
                finish=file.finish(marts), form=file.form(marts),
            )  # fmt: skip
        size = done.file.stat().st_size / 2**30
        console.print(
            f"published in {time.perf_counter() - start:,.0f} s: {size:.2f} GiB, {done.rows}", style="dim"
        )


def _keys(file: Path, size: int) -> dict[str, list[tuple[Any, ...]]]:
    """Keys of every line whose table is published."""
    with duckdb.connect(str(file), read_only=True) as connection:
        there = {row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()}
        found = {
            line.label: gold_world.sample(connection, line.keys, size)
            for line in LINES
            if line.needs in there
        }
    return {label: (rows * (size // len(rows) + 1))[:size] for label, rows in found.items() if rows}


def _gold(file: Path, keys: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[Taken]]:
    from lake.settings import Settings

    with duckdb.connect(str(file), read_only=True) as connection:
        connection.execute(f"set threads = {Settings().threads}")
        columns = {
            row[0]
            for row in connection.execute("select column_name from (describe top_tracks_by_genre)").fetchall()
        }
        period = " and period_kind = 'all'" if "period_kind" in columns else ""

        def ask(name: str, key: Sequence[Any]) -> None:
            values = ", ".join("'" + str(one).replace("'", "''") + "'" for one in key)
            connection.execute(f"execute {name}({values})").fetchall()

        taken = {}
        for number, line in enumerate(LINES):
            if line.label in keys:
                connection.execute(f"prepare line_{number} as {line.gold.replace('{all}', period)}")
                taken[line.label] = _timed(
                    keys[line.label], lambda key, name=f"line_{number}": ask(name, key)
                )
        return taken


def _postgres(connection: Any, keys: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[Taken]]:
    with connection.cursor() as cursor:
        cursor.execute("set search_path = gold")
        cursor.execute(
            "select 1 from pg_attribute where attrelid = 'top_tracks_by_genre'::regclass "
            "and attname = 'period_kind'"
        )
        period = " and period_kind = 'all'" if cursor.fetchone() else ""

        def ask(name: str, key: Sequence[Any]) -> None:
            cursor.execute(f"execute {name}({', '.join(['%s'] * len(key))})", tuple(map(str, key)))
            cursor.fetchall()

        taken = {}
        for number, line in enumerate(LINES):
            if line.label in keys:
                text = (line.postgres or line.gold).replace("{all}", period)
                parameters = ", ".join(["text"] * len(keys[line.label][0]))
                cursor.execute(f"prepare line_{number} ({parameters}) as {text}")
                taken[line.label] = _timed(
                    keys[line.label], lambda key, name=f"line_{number}": ask(name, key)
                )
        return taken


def _timed(keys: Sequence[tuple[Any, ...]], ask: Callable[[Sequence[Any]], None]) -> list[Taken]:
    """Milliseconds of each key, after a tenth of them has warmed the caches."""
    for key in keys[: len(keys) // 10]:
        ask(key)
    taken = []
    for key in keys:
        start, busy = time.perf_counter(), time.process_time()
        ask(key)
        taken.append(((time.perf_counter() - start) * 1000, (time.process_time() - busy) * 1000))
    return taken


def _report(
    arguments: argparse.Namespace, gold: dict[str, list[Taken]], other: dict[str, list[Taken]], server: str
) -> None:
    beside = f", beside {server}" if server else ""
    title = f"{arguments.tracks:,} tracks, {arguments.keys} keys a line, ms, {os.cpu_count()} cores{beside}"
    table = Table("query", title=title, title_justify="left")
    for column in ("document", "at least", "aim", "median", "p99", "busy", "pg median", "pg p99"):
        table.add_column(column, justify="right")
    table.add_column("verdict")
    for line in LINES:
        bars = (f"< {line.document:g}", f"< {line.bar:g}", f"{line.aim:g}")
        if line.label not in gold:
            table.add_row(line.label, *bars, *["-"] * 5, f"no {line.needs}")
            continue
        median, p99, busy = _figures(gold[line.label])
        theirs = [f"{one:.2f}" for one in _figures(other[line.label])[:2]] if other else ["-", "-"]
        ours = [f"{one:.2f}" for one in (median, p99, busy)]
        table.add_row(line.label, *bars, *ours, *theirs, _verdict(median, line.bar, line.aim))
    console.print(table)


def _figures(taken: list[Taken]) -> tuple[float, float, float]:
    """Median and 99th percentile on the clock, median of the processor."""
    clock = [one for one, _ in taken]
    return (
        statistics.median(clock),
        statistics.quantiles(clock, n=100)[98],
        statistics.median(busy for _, busy in taken),
    )


def _verdict(figure: float, bar: float, aim: float) -> str:
    if figure <= aim:
        return "[green]aim[/green]"
    return "at least" if figure < bar else "[red]missed[/red]"


def _rebuild(world: Path, sql: dict[str, str], tracks: int) -> None:
    """Build gold three times, report the best of each."""
    with _world(world, tracks) as connection:
        runs = [gold_world.build(connection, sql) for _ in range(3)]
    best = {name: min(run[name] for run in runs) for name in sql}
    table = Table(title=f"Rebuild of {tracks:,} tracks, seconds, best of three", title_justify="left")
    for column in ("what", "bar", "aim", "seconds", "verdict"):
        table.add_column(column, justify="left" if column in {"what", "verdict"} else "right")
    lines = [(label, best[name], bar) for label, name, bar in REBUILDS if name in best]
    lines.append((f"all {len(best)} models", sum(best.values()), ALL_SECONDS))
    for label, seconds, bar in lines:
        figures = (f"< {bar:g}", f"{bar / 3:.2g}", f"{seconds:.2f}")
        table.add_row(label, *figures, _verdict(seconds, bar, bar / 3))
    console.print(table)
    console.print(", ".join(f"{name} {seconds:.2f}" for name, seconds in best.items()), style="dim")


if __name__ == "__main__":
    sys.exit(main())
