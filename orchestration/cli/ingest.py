"""``cratelake ingest`` and ``cratelake inbox``: files into bronze, with what became of each."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from extractors import inbox as drop
from extractors.ingest import FileReport, IngestReport, Refusals
from extractors.ingest import Progress as Reading
from extractors.ingest import ingest as ingest_files
from extractors.registry import kind as kind_named
from lake.errors import LakeError
from lake.settings import Settings
from orchestration.cli.console import err, out, table
from orchestration.partitions import today

_LISTED = 20
_REASONS = 10


def ingest(name: str, paths: Sequence[Path]) -> None:
    """Bring files of one kind into bronze and print a table of what came in.

    Raises:
        SourceError: unknown kind or path.
        LakeError: a file was refused or broke off; the others are in.
    """
    settings = Settings()
    kind = kind_named(name)
    with reading_shown(name) as show:
        report = ingest_files(kind, paths, settings.bronze, ingest_date=today(), progress=show)
    _print(report)
    if (settings.sandbox / "world.json").exists():
        err.print(
            "[yellow]note[/yellow] this lake also holds the sandbox world, which is made up. For a lake of "
            "real data alone use a new home: CRATELAKE_HOME=… cratelake ingest …"
        )
    if report.refused:
        for file in report.refused:
            err.print(f"[red]{_verdict(file)}[/red] {escape(str(file.refused))}")
        raise LakeError(
            f"{len(report.refused)} of {len(report.files)} files could not be read to their end",
            "mend them and ingest again; good rows that were read are in bronze",
        )
    if not report.files:
        named = f"of a folder it takes files named {', '.join(kind.patterns)} (also .gz)"
        example = next((one for one in report.left_alone if not one.name.startswith(".")), None)
        if example:
            named += f"; given by itself a file is taken whatever its name: cratelake ingest {name} {example}"
        raise LakeError(f"no file of kind {name} found", named)


@contextmanager
def reading_shown(what: str) -> Iterator[Callable[[Reading], None]]:
    """A progress bar while files are read: rows, time, and what is left where the reader tells.

    Raises:
        KeyboardInterrupt: the same, saying how many rows are in.
    """
    stored: dict[Path, int] = {}
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(),
        TextColumn("{task.fields[rows]:,} rows"), TimeElapsedColumn(), TextColumn("left"),
        TimeRemainingColumn(), console=err, transient=True,
    ) as progress:  # fmt: skip
        task = progress.add_task(what, total=None, rows=0)

        def show(reading: Reading) -> None:
            stored[reading.file] = reading.stored
            progress.update(
                task,
                description=escape(reading.file.name),
                rows=reading.rows,
                completed=reading.bytes_read,
                total=reading.size if reading.bytes_read else None,
            )

        try:
            yield show
        except KeyboardInterrupt as error:
            where = f" in {list(stored)[-1].name}" if stored else ""
            raise KeyboardInterrupt(
                f"stopped{where}: {sum(stored.values()):,} rows read are in bronze; the same command goes "
                "on, and nothing is stored twice"
            ) from error


def inbox() -> None:
    """Take the files that wait in the inbox and print what became of each.

    Raises:
        LakeError: a file was refused or broke off, or somebody else is taking files.
    """
    settings = Settings()
    drop.prepare(settings.inbox)
    try:
        with reading_shown("inbox") as show:
            taken = drop.take(settings.inbox, settings.bronze, ingest_date=today(), settled=0, progress=show)
    except drop.BusyError as error:
        raise LakeError(
            "files are being taken from the inbox already", "wait for it, then look again"
        ) from error
    rows = []
    for one in taken:
        report = one.report
        counts = (report.answers, report.new, report.rejected) if report else (0, 0, 0)
        rows.append((one.kind, one.file.name, *counts, one.state))
    if rows:
        out.print(table("inbox", ("kind", "file", "rows", "new", "rejected", ""), rows, right=(2, 3, 4)))
    else:
        waiting = f"nothing waits in {settings.inbox}/<kind>/; lay files into the folder of their kind"
        out.print(escape(waiting))
    _print_refusals([one.report for one in taken if one.report])
    for lost in drop.astray(settings.inbox):
        err.print(
            f"[yellow]not taken[/yellow] {escape(lost.name)} lies in inbox/ itself, which does not say what "
            "it is: it belongs into inbox/<kind>/, as inbox/tracklist_files/"
        )
    refused = [one for one in taken if one.refused]
    for one in refused:
        verdict = _verdict(one.report) if one.report else "refused"
        err.print(f"[red]{verdict}[/red] {escape(one.kind)}/{escape(str(one.refused))}")
    if any(one.report and one.report.new for one in taken):
        out.print("[bold]cratelake run[/bold] builds on what is new")
    if refused:
        raise LakeError(
            f"{len(refused)} of {len(taken)} files could not be read to their end",
            f"they lie in {drop.REFUSED}/ of their folder, each beside its reason",
        )


def _print(report: IngestReport) -> None:
    # what needs a person comes first, so that a long list cannot hide it
    files = sorted(report.files, key=lambda file: (not file.refused, not file.rejected))
    rows = [(file.file.name, file.answers, file.new, file.rejected, file.state) for file in files[:_LISTED]]
    if rest := files[_LISTED:]:
        sums = (sum(file.answers for file in rest), sum(file.new for file in rest))
        state = "see below" if rest[0].refused else "in bronze"
        rows.append((f"… {len(rest)} more", *sums, sum(file.rejected for file in rest), state))
    out.print(
        table(
            f"{report.kind.name} → {report.kind.provider}",
            ("file", "rows", "new", "rejected", ""),
            rows,
            right=(1, 2, 3),
        )
    )
    _print_refusals(report.files)
    for file in report.files:
        if file.resumed:
            err.print(
                f"went on behind row {file.resumed:,} of {escape(file.file.name)}, where it was stopped"
            )
    if report.left_alone:
        names = ", ".join(path.name for path in report.left_alone[:6])
        err.print(
            f"left alone, not of this kind: {escape(names)}{' …' if len(report.left_alone) > 6 else ''}",
            style="dim",
        )
    if report.new:
        out.print(f"{report.new:,} new rows in bronze; [bold]cratelake run[/bold] builds on them")
    else:
        out.print("nothing new for bronze")


def _verdict(file: FileReport) -> str:
    return "broken off" if file.broken_off else "refused"


def _print_refusals(files: Iterable[FileReport]) -> None:
    """Why rows were rejected, what most have first: one line a reason."""
    reasons: dict[tuple[str, str], Refusals] = {}
    for one in (one for file in files for one in file.refusals):
        same = reasons.setdefault(Refusals.reason(one.first), Refusals(one.first))
        same.rows += one.rows
    told = sorted(reasons.values(), key=lambda one: -one.rows)
    for one in told[:_REASONS]:
        first = one.first
        err.print(
            f"[yellow]rejected[/yellow] {escape(first.file)} row {first.row:,}, {escape(first.field)}: "
            f"{escape(first.reason)}. {escape(first.remedy)}"
            + (f" ({one.rows:,} rows like it)" if one.rows > 1 else "")
        )
    if rest := told[_REASONS:]:
        rows = sum(one.rows for one in rest)
        err.print(f"[yellow]rejected[/yellow] {rows:,} more rows for {len(rest):,} more reasons")
