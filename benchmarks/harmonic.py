"""Harmonic recommendations at size: the dbt model alone, over a generated ``gold.track_analytics``.

    python -m benchmarks.harmonic --tracks 1000000

Tempi crowd around those of the genres (half of all tracks at 119-131 BPM), keys are as uneven as in stores,
one track in twenty lacks its key and one its energy, one in five is another version of the track before it.
The bar: 1,000,000 tracks in under 60 s and 6 GiB. Processor time stands beside the time on the clock: on a
machine that others use it says more.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from duckdb_extensions import import_extension
from rich.console import Console
from rich.table import Table

from benchmarks.spine import Peak

PROJECT = Path(__file__).parents[1] / "dbt_project"
SECONDS, GIB = 60, 6.0
console = Console()

_PROFILE = """
cratelake:
  target: scratch
  outputs:
    scratch:
      type: duckdb
      path: "{home}/dbt.duckdb"
      database: lake
      schema: main
      threads: 1
      attach: [{{path: "ducklake:{home}/lake.ducklake", alias: lake, is_ducklake: true}}]
      config_options: {{temp_directory: "{home}/spill"}}
      settings: {{memory_limit: "{memory}", TimeZone: UTC, preserve_insertion_order: false}}
"""

# everything follows from a hash of the number: the same table on every machine
_TRACKS = """
create schema if not exists lake.gold;
create or replace table lake.gold.track_analytics as
with numbered as (
    select n, hash(n) as h, hash(n, 1) as i, hash(n, 2) as j, n - (hash(n, 3) % 5 = 0)::integer as work
    from range($tracks) as numbers (n)
),
tempi as (
    select
        *,
        ([124, 126, 128, 122, 140, 174, 100, 135])[1 + (h % 8)::integer]
        + (i % 600)::integer / 100 - 3 as tempo
    from numbered
)
select
    md5('track ' || n)::uuid as track_id,
    'Artist ' || work % 50000 || ' - Title ' || work || if(work < n, ' (Remix)', '') as full_track_name,
    'Artist ' || work % 50000 as artist,
    'Title ' || work as title,
    tempo::decimal(6, 2) as bpm,
    if(i % 20 = 0, null, camelot) as key,
    if(i % 20 = 0, null, [wheel.camelot, wheel.relative, wheel.minus_one, wheel.plus_one]) as compatible_keys,
    if(j % 20 = 0, null, (40 + sqrt((j % 3600)::integer)::integer) / 100.0)::double as energy,
    (power((h % 100000) / 100000, 4) * 100)::decimal(5, 2) as popularity_score
from tempi
inner join lake.gold.camelot_wheel as wheel on wheel.wheel_order = 1 + least(j % 24, j % 31, j % 43)::integer
"""


def main() -> None:
    """Parse the arguments, run, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tracks", type=int, default=1_000_000, help="tracks to generate (default 1000000)")
    parser.add_argument("--memory", default="4GiB", help="memory limit of DuckDB (default 4GiB)")
    arguments = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="cratelake-bench-"))
    try:
        bench(home, arguments.tracks, arguments.memory)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def bench(home: Path, tracks: int, memory: str) -> None:
    """Generate the tracks in a lake of its own, build the model once, and report."""
    (home / "profiles.yml").write_text(_PROFILE.format(home=home, memory=memory))
    _dbt(home, "seed")
    with duckdb.connect() as connection:
        import_extension("ducklake", con=connection)
        connection.execute(f"attach 'ducklake:{home}/lake.ducklake' as lake")
        connection.execute(_TRACKS, {"tracks": tracks})
    peak = Peak()
    started, used = time.perf_counter(), _processor_time()
    _dbt(home, "run", "--select", "harmonic_mixing_recommendations", watched=peak)
    whole, used = time.perf_counter() - started, _processor_time() - used
    [model] = json.loads((home / "target" / "run_results.json").read_text())["results"]
    with duckdb.connect() as connection:
        connection.execute(f"attach 'ducklake:{home}/lake.ducklake' as lake (read_only)")
        rows, given, full = connection.execute(
            "select sum(n), count(*), count(*) filter (n = 20) from (select count(*) as n "
            "from lake.gold.harmonic_mixing_recommendations group by track_id)"
        ).fetchall()[0]
    report = Table(title=f"Harmonic recommendations of {tracks:,} tracks", title_justify="left")
    for column in ("", "measured", "bar at 1,000,000"):
        report.add_column(column, justify="left" if not column else "right")
    report.add_row("the model", f"{model['execution_time']:.1f} s", f"{SECONDS} s")
    report.add_row("with dbt's start", f"{whole:.1f} s", "")
    report.add_row("processor time, dbt included", f"{used:.1f} s", "")
    report.add_row("peak memory", f"{peak.gib:.2f} GiB", f"{GIB:.0f} GiB")
    report.add_row("recommendations", f"{rows:,}", "")
    report.add_row("tracks given some, all 20", f"{given:,}, {full:,}", "")
    console.print(report)


def _processor_time() -> float:
    """Seconds that finished child processes spent on processors."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _dbt(home: Path, *command: str, watched: Peak | None = None) -> None:
    places = {"project-dir": PROJECT, "profiles-dir": home, "target-path": home / "target", "log-path": home}
    options = [word for name, path in places.items() for word in (f"--{name}", str(path))]
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("dbt")), *command, *options, "--quiet"], cwd=home
    )
    if watched:
        watched.watch(process.pid)
    if process.wait():
        raise SystemExit(process.returncode)


if __name__ == "__main__":
    main()
