"""The waterfall at size: every attempt on record, one day's change, and how long explaining a value takes.

    python -m benchmarks.waterfall --tracks 1000000

A sandbox lake of a smaller size is built first (or given: --seed-home), and its records and members are
copied under new ids until there are as many tracks as asked for: so providers, shares and faults are the
sandbox's, while staging and matching, which are not measured here, run once. Then, in a lake of its own:

- the waterfall decides all tracks in twelve fields (--fields all: in all of them), every attempt logged;
- one track in a hundred gets another answer, and the next day is decided;
- `cratelake explain` is asked about tracks, as a process of its own, start-up included.

Seconds of processor time stand beside those on the clock: on a machine that others use they say more.
"""

import argparse
import datetime as dt
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import psutil
import yaml
from rich.console import Console
from rich.table import Table

from benchmarks.spine import Peak

TWELVE = (
    *("title", "artist", "spotify_id", "isrc", "bpm", "key", "energy"),
    *("genre", "label", "catalog_number", "release_date", "duration_ms"),
)
FIRST, SECOND = dt.date(2026, 1, 1), dt.date(2026, 1, 2)
console = Console()


def main() -> None:
    """Parse the arguments, run, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tracks", type=int, default=1_000_000, help="tracks to decide (default 1000000)")
    parser.add_argument("--fields", choices=("12", "all"), default="12", help="fields decided (default 12)")
    parser.add_argument("--memory", default="6GiB", help="memory limit of DuckDB (default 6GiB)")
    parser.add_argument("--seed-tracks", type=int, default=20_000, help="sandbox tracks that are copied")
    parser.add_argument("--seed-home", type=Path, help="a lake that was run already, instead of making one")
    arguments = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="cratelake-bench-"))
    try:
        seed = arguments.seed_home or _sandbox(work / "seed", arguments.seed_tracks)
        _export(seed, work)
        os.environ |= {"CRATELAKE_HOME": str(work / "lake"), "CRATELAKE_MEMORY_LIMIT": arguments.memory}
        _measure(work, arguments.tracks, every_field=arguments.fields == "all")
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _sandbox(home: Path, tracks: int) -> Path:
    console.print(f"a sandbox lake of {tracks:,} tracks is made first")
    environment = os.environ | {"CRATELAKE_HOME": str(home), "CRATELAKE_SANDBOX_TRACKS": str(tracks)}
    command = [str(Path(sys.executable).with_name("cratelake")), "run"]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return home


def _export(home: Path, folder: Path) -> None:
    from lake.connection import connect
    from lake.postgres import postgres
    from lake.settings import Settings

    settings = Settings(home=home)
    with postgres(settings) as server, connect(settings, server, read_only=True) as lake:
        for table in ("track_records", "track_members"):
            lake.execute(f"copy (from silver.{table}) to '{folder}/{table}.parquet'")


def _measure(folder: Path, tracks: int, *, every_field: bool) -> None:
    from enrichment import config, pipeline
    from enrichment.engine import Day, lake_connection
    from lake.postgres import postgres
    from lake.settings import Settings
    from lake.tables import one

    document = yaml.safe_load(config.DEFAULT_FILE.read_text(encoding="utf-8"))
    if not every_field:
        document["fields"] = {name: document["fields"][name] for name in TWELVE}
    chosen = config.parse(document)
    settings, peak = Settings(), Peak()
    with postgres(settings) as server:
        with lake_connection(settings, server) as lake:
            with _Clock("records copied"):
                _copy(lake, folder, tracks)
            records, members = one(
                lake,
                "select count(*), (select count(distinct track_id) from silver.track_members) "
                "from silver.track_records",
            )
            peak.watch(os.getpid())
            with _Clock("all tracks") as full:
                done = pipeline.resolve(lake, Day(FIRST), chosen, "all")
            changed = _change(lake)
            with _Clock("one day") as day:
                again = pipeline.resolve(lake, Day(SECOND), chosen, "day")
            asked = [
                row[0]
                for row in lake.execute(
                    "select track_id::varchar from silver.field_provenance where field = 'bpm' "
                    "order by hash(track_id) limit 5"
                ).fetchall()
            ]
        explained = [_explain(track) for track in asked]
    table = Table(
        title=f"{members:,} tracks, {records:,} records, {len(chosen.fields)} fields, {os.cpu_count()} cores",
        title_justify="left",
    )
    for column in ("what", "seconds", "processor seconds", "attempts"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for label, clock, result in (("all tracks", full, done), (f"{changed:,} tracks of a day", day, again)):
        table.add_row(label, f"{clock.wall:.1f}", f"{clock.cpu:.1f}", f"{result.attempts_new:,}")
    walls, cpus = ([one_[i] for one_ in explained] for i in (0, 1))
    table.add_row(
        "explain (median of 5)", f"{statistics.median(walls):.2f}", f"{statistics.median(cpus):.2f}", ""
    )
    console.print(table)
    share = day.wall / full.wall
    console.print(
        f"a day of {changed / members:.1%} costs {share:.1%} of all; peak memory {peak.gib:.2f} GiB"
    )
    measured = {
        "tracks": members,
        "records": records,
        "attempts": done.attempts_new,
        "seconds": round(full.wall, 1),
        "cpu_seconds": round(full.cpu, 1),
        "day_seconds": round(day.wall, 2),
        "day_share": round(share, 4),
        "explain_seconds": round(statistics.median(walls), 2),
        "peak_gib": round(peak.gib, 2),
    }
    console.print(json.dumps(measured))


def _copy(lake: duckdb.DuckDBPyConnection, folder: Path, tracks: int) -> None:
    """Copy the seed's tracks under new ids until there are `tracks`."""
    from lake.tables import one

    execute = lake.execute
    (seed,) = one(lake, f"select count(distinct track_id) from '{folder}/track_members.parquet'")
    copies = -(-tracks // seed)
    kept = f"(copy * {seed} + dense) < {tracks}"
    execute(
        f"create temp table numbered as select track_id, row_number() over (order by track_id) - 1 as dense "
        f"from (select distinct track_id from '{folder}/track_members.parquet')"
    )
    execute(
        f"""
        insert into silver.track_members by name
        select m.* replace (
            md5(concat(record_id, copy)) as record_id, stable_uuid(concat(track_id, copy)) as track_id,
            date '{FIRST}' as changed_on)
        from '{folder}/track_members.parquet' m join numbered using (track_id), range({copies}) c(copy)
        where {kept}
        """
    )
    execute(
        f"""
        insert into silver.track_records by name
        select r.* replace (
            md5(concat(record_id, copy)) as record_id, md5(concat(r.bronze_id, copy)) as bronze_id,
            date '{FIRST}' as ingest_date, date '{FIRST}' as first_seen)
        from '{folder}/track_records.parquet' r
        join (select record_id, track_id from '{folder}/track_members.parquet') m using (record_id)
        join numbered using (track_id), range({copies}) c(copy)
        where {kept}
        """
    )
    execute(
        "insert into silver.record_answers select record_id, bronze_id, ingest_date from silver.track_records"
    )


def _change(lake: duckdb.DuckDBPyConnection) -> int:
    """Give the first record of one track in a hundred another answer of the second day; how many tracks."""
    from lake.tables import one, transaction

    execute = lake.execute
    execute(
        f"""
        create temp table changed as
        select r.* replace (md5(r.bronze_id || 'again') as bronze_id, date '{SECOND}' as ingest_date,
            r.fetched_at + interval 1 day as fetched_at, r.bpm + 1 as bpm, (r.bpm + 1)::varchar as bpm_raw)
        from silver.track_records r
        where record_id in (
            select min(record_id) from silver.track_members where hash(track_id) % 100 = 0 group by track_id)
        """
    )

    def work() -> None:
        execute("delete from silver.track_records where record_id in (select record_id from changed)")
        execute("insert into silver.track_records from changed")
        execute("insert into silver.record_answers select record_id, bronze_id, ingest_date from changed")

    transaction(lake, work, message="another answer")
    return int(one(lake, "select count(*) from changed")[0])


def _explain(track: str) -> tuple[float, float]:
    """Seconds on the clock and of the processor for one `cratelake explain`."""
    script = "from orchestration.cli import main; main()"
    started = time.perf_counter()
    process = psutil.Popen(
        [sys.executable, "-c", script, "explain", track, "bpm", "--json"], stdout=subprocess.PIPE
    )
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status or not json.loads(said)["attempts"]:
        sys.exit("explain failed; see the messages above")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime


class _Clock:
    """Seconds a block takes, on the clock and of this process's processor time."""

    wall = cpu = 0.0

    def __init__(self, label: str) -> None:
        self.label = label

    def __enter__(self) -> "_Clock":
        self.started, self.used = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall, self.cpu = time.perf_counter() - self.started, time.process_time() - self.used
        console.print(f"{self.label}: {self.wall:.1f} s ({self.cpu:.1f} s of the processor)")


if __name__ == "__main__":
    main()
