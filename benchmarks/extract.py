"""Asking at full speed: how many answers a second reach bronze from one core, and with how much memory.

    python -m benchmarks.extract --answers 100000

The sandbox server runs in a process of its own with its limits lifted. The client asks for ever new things of
Spotify and Beatport through the whole stack (cache, credentials, retry, rate limit, circuit, judge) and ends
with the answers in bronze; it is held to one core. Where other programs use the machine too, the answers per
second of its own processor time tell more than those per second of the clock.
"""

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

_SPEED = 1e6
_THREADS = 5
_PER_TRACK = 4
"""Things that can be asked about a track of the sandbox, at least."""
console = Console()


def main() -> None:
    """Parse the arguments, run, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--answers", type=int, default=100_000, help="answers to ask for (default 100000)")
    parser.add_argument("--profile", action="store_true", help="print where the client's time goes")
    arguments = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="cratelake-bench-"))
    try:
        bench(home, arguments.answers, profile=arguments.profile)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def bench(home: Path, answers: int, *, profile: bool) -> None:
    """Ask for `answers` things and print the report."""
    from extractors.http.settings import HttpSettings
    from extractors.http.stack import Ground
    from extractors.sandbox.delivery import deliver
    from extractors.sandbox.server.process import serving
    from extractors.sandbox.world import WorldSpec

    deliver(WorldSpec(tracks=max(200, answers // _PER_TRACK + 100)), home / "sandbox")
    with serving(home / "sandbox", speed=_SPEED, faults=False) as address:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # the server was started before
        http = HttpSettings(sandbox=address, sandbox_speed=_SPEED)
        ground = Ground(home / "bronze", home / "http", http)
        if profile:
            import cProfile
            import pstats

            with cProfile.Profile() as profiler:
                _ask(home, ground, answers, threads=0)
            pstats.Stats(profiler).sort_stats("tottime").print_stats(35)
            return
        _report(answers, *_ask(home, ground, answers, threads=_THREADS))


def _questions(home: Path) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """(provider, what to ask its client), without an end to speak of."""
    for provider in ("spotify", "beatport"):
        isrcs: set[str] = set()
        with (home / "sandbox" / provider / "tracks_api.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                track = json.loads(line)
                number = track["id"]
                yield provider, lambda client, number=number: client.track_request(number)
                if provider == "spotify":
                    yield provider, lambda client, number=number: client.features_request(number)
                isrc = track.get("isrc") or track.get("external_ids", {}).get("isrc")
                if isrc and isrc not in isrcs:
                    isrcs.add(isrc)
                    yield provider, lambda client, isrc=isrc: client.isrc_request(isrc)


def _ask(home: Path, ground: Any, answers: int, threads: int) -> tuple[float, float, list[tuple[int, float]]]:
    """Seconds by the clock, of processor time, and (answers, resident MiB) on the way."""
    from extractors.http.settings import Mode
    from extractors.sources.registry import source

    process = psutil.Process()
    memory: list[tuple[int, float]] = []
    began, used = time.perf_counter(), time.process_time()
    done = 0
    for provider in ("spotify", "beatport"):
        one = source(provider)
        one = replace(one, limit=replace(one.limit, concurrent=_THREADS))
        asked = [ask for name, ask in _questions(home) if name == provider][: answers - done]
        with one.open(ground, one.settings(mode=Mode.SANDBOX)) as client:

            def ask(question: Callable[[Any], Any], client: Any = client) -> None:
                client.ask(question(client))

            left = iter(asked)
            with ThreadPoolExecutor(max(threads, 1)) as pool:
                while batch := list(islice(left, 1000)):
                    for _ in pool.map(ask, batch) if threads else map(ask, batch):
                        done += 1
                    memory.append((done, process.memory_info().rss / 2**20))
    return time.perf_counter() - began, time.process_time() - used, memory


def _report(answers: int, seconds: float, used: float, memory: list[tuple[int, float]]) -> None:
    done = memory[-1][0]
    table = Table(title=f"{done:,} answers into bronze, one core", title_justify="left")
    for column in ("answers", "resident MiB"):
        table.add_column(column, justify="right")
    for count, mebibytes in memory[:: max(len(memory) // 10, 1)]:
        table.add_row(f"{count:,}", f"{mebibytes:,.0f}")
    console.print(table)
    console.print(
        f"{done / seconds:,.0f} answers/s by the clock, {done / used:,.0f} per second of processor time"
    )
    console.print(json.dumps({"answers": done, "seconds": round(seconds, 1), "cpu_seconds": round(used, 1)}))
    if done < answers:
        console.print(f"the world had no more than {done:,} things to ask")


if __name__ == "__main__":
    main()
