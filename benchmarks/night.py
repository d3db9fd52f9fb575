"""A night over real HTTP at size: limits, completeness and resuming, as the sandbox server counts them.

    python -m benchmarks.night --tracks 5000
    python -m benchmarks.night --tracks 5000 --trouble

The sandbox server runs in a process of its own with an ordinary night's faults. The run is killed while it
asks and started again; then the server's ledger and the lake say what came of it. With ``--trouble`` nothing
is killed, but one provider is dead and another refuses everything as too fast.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

_KILL_AFTER = 1000
"""Requests that the server has seen when the run is killed."""
console = Console()


def main() -> None:
    """Parse the arguments, run, report; exit code 1 if anything is not as it must be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tracks", type=int, default=5000, help="size of the sandbox world (default 5000)")
    parser.add_argument("--trouble", action="store_true", help="one provider dead, one throttling everything")
    arguments = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="cratelake-bench-"))
    try:
        sys.exit(0 if night(home, arguments.tracks, trouble=arguments.trouble) else 1)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def night(home: Path, tracks: int, *, trouble: bool) -> bool:
    """One night in `home`; whether all held."""
    from extractors.sandbox.delivery import deliver
    from extractors.sandbox.server.process import serving
    from extractors.sandbox.world import WorldSpec

    deliver(WorldSpec(tracks=tracks), home / "served")
    with serving(home / "served", speed=1000.0, faults=True) as address:
        os.environ |= {
            "CRATELAKE_HOME": str(home / "lake"),
            "CRATELAKE_SANDBOX_TRACKS": str(tracks),
            "CRATELAKE_HTTP_SANDBOX": address,
        }
        (home / "lake").mkdir()
        if trouble:
            _put(f"{address}/_sandbox/faults", {"beatport": {"dead": 1.0}, "musicbrainz": {"too_fast": 1.0}})
        else:
            _kill_while_asking(address)
        started = time.perf_counter()
        code = _run().wait()
        seconds = time.perf_counter() - started
        ledger = _get(f"{address}/_sandbox/ledger")
    console.print(f"the run {'after the kill ' if not trouble else ''}ended with {code} in {seconds:.0f} s")
    _table("What the server counted", ledger)
    held = code == 0 and all(one["violations"] == 0 for one in ledger.values())
    if trouble:
        _lake("select provider, state, since, reason from ops.provider_status order by provider")
    else:
        held = held and all(one["repeats"] == 0 for one in ledger.values())
        _lake(
            "select f.provider, count(distinct f.record_id) eligible, count(distinct o.record_id) asked "
            "from ops.enrichment_frontier f left join (select provider, unnest(record_ids) as record_id "
            "from ops.fetch_outcomes) o using (provider, record_id) where step = 'find' group by 1 order by 1"
        )
    _lake("select provider, outcome, count(*) as requests from ops.fetch_outcomes group by all order by all")
    return held


def _run() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", "from orchestration.cli import main; main()", "run"],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def _kill_while_asking(address: str) -> None:
    run = _run()
    while run.poll() is None:
        seen = sum(one["requests"] for one in _get(f"{address}/_sandbox/ledger").values())
        if seen >= _KILL_AFTER:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
            console.print(f"killed after {seen:,} requests")
            return
        time.sleep(0.2)
    console.print("the run ended before it could be killed")


def _lake(query: str) -> None:
    subprocess.run(
        [sys.executable, "-c", "from orchestration.cli import main; main()", "sql", "--lake", query],
        check=True,
    )


def _table(title: str, ledger: dict[str, Any]) -> None:
    columns = ("requests", "answered", "violations", "repeats", "refused")
    table = Table(title=title, title_justify="left")
    for column in ("provider", *columns, "faults"):
        table.add_column(column)
    for provider, counted in ledger.items():
        cells = [f"{counted[column]:,}" for column in columns]
        table.add_row(provider, *cells, f"{sum(counted['faults'].values()):,}")
    console.print(table)


def _get(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url) as response:  # noqa: S310 - loopback
        answer: dict[str, Any] = json.load(response)
        return answer


def _put(url: str, body: object) -> None:
    request = urllib.request.Request(url, json.dumps(body).encode(), method="PUT")  # noqa: S310 - loopback
    urllib.request.urlopen(request).close()  # noqa: S310


if __name__ == "__main__":
    main()
