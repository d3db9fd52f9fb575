"""Duplicates of a long list: a sandbox world told by three providers, deduplicated, timed step by step.

    python -m benchmarks.long_list --rows 200000

The list is made first and reported apart; the measured way is that of ``cratelake match dedupe`` from the
file to the clusters, in a process of its own. Sandbox names are drawn from a small vocabulary, so that words
are less telling than those of a real list; the figures are of speed and memory first.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table

PROVIDERS = ("beatport", "spotify", "musicbrainz")
_ROWS_PER_TRACK = 1.6
"""About as many rows the three tell of a track."""


def sandbox_list(rows: int) -> pl.DataFrame:
    """A list of `rows` rows: what three providers tell of the tracks of one world; ``track`` is the truth."""
    from extractors.sandbox.credits import title_with, with_version, wording
    from extractors.sandbox.views import Views
    from extractors.sandbox.world import WorldSpec, make_world

    spec = WorldSpec(tracks=round(rows / _ROWS_PER_TRACK))
    views = Views(make_world(spec))
    told = []
    for provider in PROVIDERS:
        lens = views.lens(provider, views.records(provider, 0, spec.tracks))
        pieces = wording(lens)
        credit = pl.concat_str("artist_1", "artist_2", "artist_3", separator=", ", ignore_nulls=True)
        told.append(
            pl.DataFrame(
                {
                    "source": pl.Series([provider]).new_from_index(0, lens.told.height),
                    "title": with_version(title_with(pieces, " (feat. {})"), pieces["version"]),
                    "artist": pieces.select(credit.alias("artist"))["artist"],
                    "album": lens.told["album"],
                    "length": lens.duration_ms,
                    "date": lens.date_text,
                    "isrc": lens.isrc,
                    "label": lens.label_name,
                    "track": lens.told["track"],
                }
            )
        )
    made = pl.concat(told)
    if made.height < rows:
        raise ValueError(f"the world tells only {made.height:,} rows, not {rows:,}")
    return made.sample(rows, shuffle=True, seed=1)


def measure(path: Path) -> dict[str, object]:
    """Deduplicate the list in this process; seconds of each step, peak memory and F1."""
    from enrichment.lists.dedupe import dedupe_frame
    from enrichment.lists.reading import read_file
    from enrichment.matching.evaluation import pairwise

    started = time.perf_counter()
    steps: list[tuple[str, float]] = []
    frame = read_file(path)
    truth = frame["track"].cast(pl.Int64).to_numpy()
    found = dedupe_frame(
        frame.drop("track"), {}, path, step=lambda text: steps.append((text, time.perf_counter()))
    )
    ended = time.perf_counter()
    ends = [at for _, at in steps[1:]] + [ended]
    return {
        "steps": [(text, end - at) for (text, at), end in zip(steps, ends, strict=True)],
        "total": ended - started,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "groups": len(np.unique(found.groups)),
        "f1": pairwise(found.groups, truth).f1,
    }


def main() -> None:
    """Make the list, measure, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure)))
        return
    with tempfile.TemporaryDirectory(prefix="cratelake-list-") as folder:
        path = Path(folder) / "list.parquet"
        sandbox_list(given.rows).write_parquet(path)
        command = [sys.executable, "-m", "benchmarks.long_list", "--measure", str(path)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    table = Table("step", "seconds", title=f"Duplicates of {given.rows:,} sandbox rows")
    for text, seconds in found["steps"]:
        table.add_row(text, f"{seconds:.1f}")
    table.add_row("file to clusters", f"{found['total']:.1f}", style="bold")
    Console(width=100).print(
        table, f"{found['groups']:,} recordings, F1 {found['f1']:.4f}, peak {found['peak_mb']:,.0f} MB"
    )


if __name__ == "__main__":
    main()
