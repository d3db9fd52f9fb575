"""``cratelake match dedupe|eval|pairs``: duplicates in a list, a list against its truth, given pairs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import polars as pl
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from enrichment.lists import truth as truths
from enrichment.lists.dedupe import Deduped, Step, dedupe_frame, understood
from enrichment.lists.dedupe import dedupe as duplicates
from enrichment.lists.pairs import judge_frame
from enrichment.lists.reading import parse_mapping, read_file
from enrichment.lists.records import Listed
from enrichment.lists.releases import ReleaseList
from enrichment.matching.evaluation import Scores, calibration, cluster_level, pairwise, precision_at
from enrichment.matching.grouping import pairs_within
from lake.errors import LakeError
from orchestration.cli.console import err, out, table
from orchestration.cli.results import writable, write


@contextmanager
def _steps() -> Iterator[Step]:
    """A spinner on standard error that says what is being done."""
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=err, transient=True
    ) as progress:
        task = progress.add_task("reading", total=None)

        def show(text: str) -> None:
            progress.update(task, description=text)

        yield show


def dedupe(path: Path, target: Path, mapping: Sequence[str]) -> None:
    """Write the cluster of each row, and print what was found.

    Raises:
        LakeError: the list or the mapping is wrong, or `target` cannot be written.
    """
    fields = parse_mapping(mapping)
    _writable(target, path)
    with _steps() as step:
        frame = read_file(path)
        found = dedupe_frame(frame, fields, path, step=step)
    made = pl.DataFrame(
        {
            "record_id": found.listed.ids,
            "cluster_id": [found.listed.ids[g] for g in found.groups],
            "confidence": found.certainty.round(4),
        }
    )
    write(made, target)
    _print_understood(found.listed)
    _print_blocking(found)
    clusters = np.unique(found.groups, return_counts=True)[1]
    out.print(
        f"{len(found.groups):,} rows, {len(clusters):,} different {found.listed.noun}; "
        f"{int((clusters > 1).sum()):,} of them stand in more than one row. Written to {escape(str(target))}"
    )


def evaluate(path: Path, truth: str | None, matches: Path | None, mapping: Sequence[str], worst: int) -> None:
    """Measure the duplicates found against a column with the true cluster, or a file of matching record ids.

    Raises:
        LakeError: the list, the mapping or the truth is wrong.
    """
    fields = parse_mapping(mapping)
    if (truth is None) == (matches is None):
        raise LakeError(
            "the truth is not given" if truth is None else "two truths are given",
            "give either --truth COLUMN or --matches FILE",
        )
    with _steps() as step:
        frame = read_file(path)
        if truth is not None:
            known = truths.by_column(frame, truth, path)
            frame = frame.drop(truth)
        step(f"reading {frame.height:,} rows")
        listed = understood(frame, fields, path)
        if matches is not None:
            known = truths.by_pairs(listed, matches)
        found = duplicates(listed, step=step)
        step("measuring")
        pairs = pairwise(found.groups, known)
        clusters = cluster_level(found.groups, known)
    _print_understood(found.listed)
    _print_blocking(found)
    labels = known[found.left] == known[found.right]
    wanted = int(sum(n * (n - 1) // 2 for n in np.bincount(known).tolist()))
    met = int(labels.sum())
    rows: list[tuple[str, str, str, str]] = [
        ("pairs", *_shown(pairs)),
        ("clusters of two and more", *_shown(clusters)),
    ]
    out.print(table("Against the truth (95 % interval)", ("", "precision", "recall", "F1"), rows))
    sure = precision_at(found.confidence, labels, 0.9)
    possible = calibration(found.confidence, labels, above=0.01)
    out.print(
        f"blocking completeness {met / wanted if wanted else 1.0:.4f} ({met:,} of {wanted:,} true pairs are "
        f"among {len(labels):,} candidates)\n"
        f"calibration: ECE {calibration(found.confidence, labels).error:.4f} over all candidates, "
        f"{possible.error:.4f} over those of confidence 0.01 and more; "
        + ("no pair has" if np.isnan(sure) else f"precision {sure:.4f} at")
        + " confidence 0.9 and more"
    )
    if not wanted:
        out.print("[yellow]the truth has no matching rows[/yellow]: nothing here tells how much is found")
    _print_worst(found, known, worst)


def pairs(path: Path, target: Path, left: str, right: str, mapping: Sequence[str]) -> None:
    """Judge the pairs of a file: its columns, then confidence, decision and evidence.

    Raises:
        LakeError: a side has no title, the mapping is wrong, or `target` cannot be written.
    """
    fields = parse_mapping(mapping)
    _writable(target, path)
    with _steps() as step:
        frame = read_file(path)
        if left == right:
            raise LakeError(
                f"--left and --right are both {left!r}: each row would be judged with itself",
                "give the two beginnings of the columns, such as --left a_ --right b_",
            )
        clash = {"confidence", "decision", "evidence"} & set(frame.columns)
        if clash:
            raise LakeError(
                f"{path}: the file has a column {min(clash)}, which this command adds", "rename it"
            )
        judged = judge_frame(frame, left, right, fields, path, step=step)
    made = frame.with_columns(
        pl.Series("confidence", judged.confidence.round(4)),
        pl.Series("decision", ["match" if one else "no match" for one in judged.matches]),
        pl.Series("evidence", [json.dumps(one) for one in judged.evidence]),
    )
    write(made, target)
    _print_understood(judged.listed)
    vetoed = int((judged.vetoes != "").sum())
    out.print(
        f"{frame.height:,} pairs judged: {int(judged.matches.sum()):,} match, {vetoed:,} vetoed "
        f"(column evidence says why). Written to {escape(str(target))}"
    )


def _writable(target: Path, source: Path) -> None:
    if target.exists() and source.exists() and target.samefile(source):
        raise LakeError(f"{target}: --out is the file that is read", "choose another --out")
    writable(target)


def _print_understood(listed: Listed) -> None:
    """How the file was read, so that a wrong guess can be seen and mapped away."""
    err.print("read as: " + escape(", ".join(f"{c} = {f}" for f, c in listed.fields.items())), style="dim")
    if isinstance(listed, ReleaseList):
        err.print(escape(f"a list of releases; track lists: {listed.notation}"), style="dim")
    for unit in listed.lengths:
        unread = f", {unit.unread:,} not readable" if unit.unread else ""
        err.print(
            escape(f"lengths of source {unit.source or 'the file'}: {unit.notation}{unread}"), style="dim"
        )
    for habit in listed.habits:
        form = habit.form.removeprefix("\0")
        err.print(escape(f"source {habit.source or 'the file'}: {form} ({habit.rows:,} rows)"), style="dim")


def _print_blocking(found: Deduped) -> None:
    rule = "at most one row a source" if found.one_per_source else "sources may repeat a recording"
    err.print(
        f"{len(found.left):,} candidate pairs; caps cut {found.cut_keys:,} keys, "
        f"{found.keyless_rows:,} rows left without any; {rule}",
        style="dim",
    )


def _shown(scores: Scores) -> tuple[str, str, str]:
    def one(value: float, interval: tuple[float, float]) -> str:
        known = not np.isnan(interval).any()
        return f"{value:.4f}" + (f" ({interval[0]:.4f} to {interval[1]:.4f})" if known else "")

    return (
        one(scores.precision, scores.precision_interval),
        one(scores.recall, scores.recall_interval),
        one(scores.f1, scores.f1_interval),
    )


def _print_worst(found: Deduped, known: np.ndarray[tuple[int], np.dtype[np.int64]], worst: int) -> None:
    """The surest wrong pairs and the most doubted true ones."""
    a, b = pairs_within(found.groups)
    of: Mapping[tuple[int, int], int] = {
        pair: k for k, pair in enumerate(zip(found.left.tolist(), found.right.tolist(), strict=True))
    }
    errors = []
    for i, j in zip(a.tolist(), b.tolist(), strict=True):
        if known[i] != known[j]:
            k = of.get((i, j))
            errors.append((float(found.confidence[k]) if k is not None else 0.0, "wrongly joined", i, j))
    for i, j in zip(*pairs_within(known), strict=True):
        if found.groups[i] != found.groups[j]:
            k = of.get((int(i), int(j)))
            if k is None:
                errors.append((1.0, "never met", int(i), int(j)))
            else:
                errors.append((1.0 - float(found.confidence[k]), "missed", int(i), int(j)))
    errors.sort(key=lambda one: (-one[0], one[2], one[3]))
    rows = [
        (what, f"{wrong:.2f}", *(" / ".join(t for t in found.listed.shown[k] if t) for k in (i, j)))
        for wrong, what, i, j in errors[:worst]
    ]
    if rows:
        out.print(
            table(f"Worst of {len(errors):,} wrong pairs", ("", "how wrong", "row", "row"), rows, right=(1,))
        )
