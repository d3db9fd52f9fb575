"""The spine at size: a sandbox world from bronze to published gold, timed stage by stage.

    python -m benchmarks.spine --tracks 100000

Making the world and bringing its files into bronze come first and are reported apart; the measured way starts
with bronze in place and ends with the published file. Runs the real job in a process of its own, and reads
the stage times from Dagster's own event log.
"""

import argparse
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from orchestration.fetching import ASKED

_STAGES = {
    "bronze_streams": "verify bronze",
    "staging_files": "staging of files (dbt)",
    "ops__enrichment_frontier": "plan",
    "staging_answers": "staging of answers (dbt)",
    "silver__quarantine": "quarantine",
    "silver__track_records": "track records",
    "match_tracks": "matching",
    "resolve_tracks": "waterfall",
    "tie_playlists": "playlists",
    "credit_artists": "artists",
    "gold_models": "gold (dbt)",
    "gold__provider_scorecard": "scorecard",
    "gold__artist_network": "network",
    "gold__data_freshness": "freshness",
    "published__gold": "audit and publish",
}
console = Console()


def main() -> None:
    """Parse the arguments, run, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--tracks", type=int, default=100_000, help="size of the sandbox world (default 100000)"
    )
    parser.add_argument("--keep", type=Path, help="build in this directory and keep it")
    arguments = parser.parse_args()
    home = arguments.keep or Path(tempfile.mkdtemp(prefix="cratelake-bench-"))
    try:
        bench(home, arguments.tracks)
    finally:
        if not arguments.keep:
            shutil.rmtree(home, ignore_errors=True)


def bench(home: Path, tracks: int) -> None:
    """Build a lake of `tracks` sandbox tracks in `home` and print the report."""
    os.environ |= {"CRATELAKE_HOME": str(home), "CRATELAKE_SANDBOX_TRACKS": str(tracks)}
    # all answers are in bronze before the clock starts: nobody is asked (benchmarks/extract.py measures that)
    os.environ |= {f"CRATELAKE_{name.upper()}_MODE": "recorded" for name in ASKED}
    started = time.perf_counter()
    answers = _prepare(home, tracks)
    console.print(
        f"world and bronze: {tracks:,} tracks, {answers:,} answers in {time.perf_counter() - started:.1f} s"
    )
    peak = Peak()
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("cratelake")), "run"], stdout=subprocess.DEVNULL
    )
    peak.watch(process.pid)
    if process.wait():
        sys.exit("the run failed; see the messages above")
    total = time.perf_counter() - started
    _report(tracks, total, peak.gib)


def _prepare(home: Path, tracks: int) -> int:
    from extractors.ingest import ingest
    from extractors.registry import kind
    from extractors.sandbox.delivery import deliver
    from extractors.sandbox.world import WorldSpec

    day = dt.datetime.now(dt.UTC).date()
    delivery = deliver(WorldSpec(tracks=tracks), home / "sandbox")
    return sum(
        ingest(kind(one.kind), [one.path], home / "bronze", ingest_date=day).new for one in delivery.files
    )


class Peak:
    """Highest resident memory of a process and its children, in GiB; Postgres, with its own share, apart."""

    gib = 0.0

    def watch(self, pid: int) -> None:
        """Follow process `pid` from now on, until it ends."""
        threading.Thread(target=self._watch, args=(pid,), daemon=True).start()

    def _watch(self, pid: int) -> None:
        try:
            process = psutil.Process(pid)
            while process.is_running():
                family = [process, *process.children(recursive=True)]
                used = sum(one.memory_info().rss for one in family if "postgres" not in one.name())
                self.gib = max(self.gib, used / 2**30)
                time.sleep(0.2)
        except psutil.NoSuchProcess:
            return


def _report(tracks: int, total: float, peak: float) -> None:
    from lake.settings import Settings
    from orchestration.instance import instance

    with instance(Settings()) as opened:
        run = opened.get_run_records(limit=1)[0]
        steps = {
            one.step_key: (one.end_time or 0) - (one.start_time or 0)
            for one in opened.get_run_step_stats(run.dagster_run.run_id)
        }
    rest = sum(seconds for key, seconds in steps.items() if key not in _STAGES)
    inside = (run.end_time or 0) - (run.start_time or 0)
    table = Table(
        title=f"Bronze to published gold, {tracks:,} sandbox tracks, {os.cpu_count()} cores",
        title_justify="left",
    )
    for column in ("stage", "seconds", "tracks/s"):
        table.add_column(column, justify="left" if column == "stage" else "right")
    rows = [(label, steps[key]) for key, label in _STAGES.items() if key in steps]
    rows += [
        ("asset checks and all else", rest),
        ("between the steps", inside - sum(steps.values())),
    ]
    for label, seconds in rows:
        table.add_row(label, f"{seconds:.1f}", f"{tracks / seconds:,.0f}" if seconds > 0 else "")
    table.add_section()
    table.add_row("bronze to published gold", f"{inside:.1f}", f"{tracks / inside:,.0f}")
    console.print(table)
    console.print(
        f"and {total - inside:.1f} s to start the command, to score the result against the truth, and to stop"
    )
    console.print(f"peak memory {peak:.2f} GiB")
    measured = {"tracks": tracks, "seconds": round(inside, 1), "command_seconds": round(total, 1)}
    console.print(json.dumps(measured | {"peak_gib": round(peak, 2)}))


if __name__ == "__main__":
    main()
