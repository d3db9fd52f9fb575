"""``cratelake match dedupe`` beside Splink 5 on the five-source list, on this machine, in one run.

    python -m benchmarks.against_splink --data DIR

Splink lives in an environment of its own (`--environment`, made when missing) and is no dependency of ours.
Its setup (`splink_run`) is generous: written by someone who has studied this list, told that no source
repeats itself, its threshold the best of several by the truth. Ours is the command as anyone calls it; its
model was learned from this list, so that the held-out F1 of `benchmarks.matching` stands beside it. Splink
is run twice: on the file with cleaning of its own, and on the columns our reading made of it (whose time is
not counted), so that matching alone is compared. Times are those of the fastest of `--runs` runs in turn.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table

from benchmarks.matching import twenty_thousand
from enrichment.lists.reading import read_file
from enrichment.lists.records import from_frame
from enrichment.matching.evaluation import Scores, pairwise

REQUIREMENT = "splink==5.*"
ENVIRONMENT = Path(".cache/splink-venv")
Truth = np.ndarray[tuple[int], np.dtype[np.int64]]
Weights = tuple[float, ...]
WEIGHTS: Weights = (3.0, -3.0, 0.0, 1.5, 4.5, 6.0, 9.0)
"""Match weights Splink's pairs are clustered from; only the first is timed."""
NOT_FEATURES = dict.fromkeys(("TID", "CID", "CTID", "id"), "ignore")
FASTER = 3.0
"""Times we are to be faster than Splink, at a higher F1."""
console = Console(width=130)


@dataclass(frozen=True, slots=True)
class Run:
    """One way from file to clusters: seconds, seconds without training, of processor; peak memory; result."""

    name: str
    seconds: float
    untrained: float
    cpu: float
    peak_mb: float
    scores: Scores
    note: str


def environment(folder: Path) -> Path:
    """The interpreter of an environment with Splink, made if need be."""
    python = folder / "bin" / "python"
    probe = [str(python), "-c", "import splink"]
    if python.is_file() and not subprocess.run(probe, check=False, capture_output=True).returncode:
        return python
    console.print(f"installing {REQUIREMENT} into {folder}")
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", REQUIREMENT],
    ):
        made = subprocess.run(command, check=False, capture_output=True, text=True)
        if made.returncode:
            reason = (made.stderr.strip() or made.stdout.strip() or "no message").splitlines()[-1]
            sys.exit(
                f"{REQUIREMENT} cannot be installed into {folder}: {reason}\n"
                "This benchmark needs a package index once; everything else works without it."
            )
    return python


def ours(path: Path, folder: Path, truth: Truth) -> Run:
    """`cratelake match dedupe` as a process."""
    target = folder / "ours.parquet"
    command = [str(Path(sys.executable).with_name("cratelake")), "match", "dedupe", str(path)]
    command += [f"--map={column}={field}" for column, field in NOT_FEATURES.items()]
    started = time.perf_counter()
    with (folder / "errors").open("w+") as errors:
        process = subprocess.Popen([*command, "--out", str(target)], stdout=subprocess.DEVNULL, stderr=errors)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            sys.exit(f"match dedupe failed:\n{errors.read()[-2000:]}")
    scores = pairwise(_codes(pl.read_parquet(target)["cluster_id"]), truth)
    cpu = used.ru_utime + used.ru_stime
    return Run("cratelake", seconds, seconds, cpu, used.ru_maxrss / 1024, scores, "default threshold")


def splink(
    name: str,
    python: Path,
    source: Path,
    folder: Path,
    truth: Truth,
    *,
    weights: Weights,
) -> Run:
    """`splink_run` as a process; its best threshold by the truth."""
    folder.mkdir(exist_ok=True)
    asked = {"source": str(source), "out": str(folder), "weights": weights, "started": time.time()}
    command = [str(python), "-W", "ignore", str(Path(__file__).with_name("splink_run.py")), json.dumps(asked)]
    process = subprocess.run(command, check=False, capture_output=True, text=True)
    if process.returncode:
        sys.exit(f"Splink failed:\n{process.stderr[-2000:]}")
    told = json.loads(process.stdout.splitlines()[-1])
    took: dict[str, float] = told["took"]
    results = {}
    for weight in weights:
        found = pl.read_parquet(folder / f"{weight}.parquet").sort("unique_id")
        results[weight] = pairwise(_codes(found["cluster_id"]), truth)
    best = max(results, key=lambda weight: results[weight].f1)
    seconds = sum(took.values())
    steps = ", ".join(f"{step} {value:.1f}" for step, value in took.items())
    note = f"match weight {best:g}; {steps}; {told['pairs']:,} pairs"
    untrained = seconds - took["train"]
    return Run(name, seconds, untrained, told["cpu"], told["peak_mb"], results[best], note)


def _codes(values: pl.Series) -> Truth:
    return values.rank("dense").cast(pl.Int64).to_numpy()


def columns(path: Path, target: Path) -> None:
    """Our reading of the list as columns for Splink."""
    frame = read_file(path)
    listed = from_frame(frame, NOT_FEATURES, path)
    records = listed.records
    said = [v.replace("|", " ").replace(":", " ") for v in records.version]
    pl.DataFrame(
        {
            "unique_id": np.arange(1, len(records) + 1),
            "source_dataset": listed.sources,
            "title": [f"{t} {v}".strip() for t, v in zip(records.title, said, strict=True)],
            "artist": records.artist,
            "album": records.release,
            "length": records.length,
            "year": records.year,
            "number": records.number,
        }
    ).with_columns(pl.col("length", "year", "number").fill_nan(None)).write_parquet(target)


def main() -> None:
    """Run both in turn, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--environment", type=Path, default=ENVIRONMENT)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    path = given.data / "musicbrainz_20k.csv.gz"
    if not path.is_file():
        sys.exit(f"{path}: no such file; give the folder that holds it: make bench-splink DATA=DIR")
    python = environment(given.environment)
    truth = _codes(read_file(path)["CID"])
    runs: list[Run] = []
    with tempfile.TemporaryDirectory(prefix="cratelake-splink-") as name:
        folder = Path(name)
        cleaned = folder / "columns.parquet"
        columns(path, cleaned)
        for turn in range(given.runs):
            weights = WEIGHTS if turn == 0 else WEIGHTS[:1]
            runs.append(ours(path, folder, truth))
            runs.append(splink("Splink, own cleaning", python, path, folder / "own", truth, weights=weights))
            runs.append(
                splink("Splink, our columns", python, cleaned, folder / "columns", truth, weights=weights)
            )
    report(runs)
    for measure, _, figure, _ in twenty_thousand(path)[:2]:
        console.print(f"ours, {measure}: {figure}")


def report(runs: list[Run]) -> None:
    """The table: of each way the fastest run and the best result; and the bar."""
    table = Table(
        "", "seconds", "without training", "processor s", "peak MB", "P", "R", "F1",
        title="Duplicates of the 20K list",
    )  # fmt: skip
    names = list(dict.fromkeys(run.name for run in runs))
    fastest = {n: min((r for r in runs if r.name == n), key=lambda r: r.seconds) for n in names}
    least = {n: min(r.cpu for r in runs if r.name == n) for n in names}
    best = {n: max((r for r in runs if r.name == n), key=lambda r: r.scores.f1) for n in names}
    for name in names:
        run, scores = fastest[name], best[name].scores
        table.add_row(
            name, f"{run.seconds:.1f}", f"{run.untrained:.1f}",
            f"{least[name]:.1f}", f"{run.peak_mb:,.0f}",
            f"{scores.precision:.4f}", f"{scores.recall:.4f}", f"{scores.f1:.4f}",
        )  # fmt: skip
    console.print(table)
    mine = fastest["cratelake"]
    for name in names[1:]:
        times, work = fastest[name].seconds / mine.seconds, least[name] / least["cratelake"]
        higher = mine.scores.f1 - best[name].scores.f1
        met = "met" if times >= FASTER and higher > 0 else "not met"
        console.print(
            f"{name}: {times:.1f} times our time, {work:.1f} our processor time; our F1 is {higher:+.4f} "
            f"above. The bar ({FASTER:g} times faster, higher F1) is {met}. Splink: {best[name].note}"
        )


if __name__ == "__main__":
    main()
