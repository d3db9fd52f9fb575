"""``cratelake ingest``: files into bronze, with what became of each."""

from collections.abc import Callable, Iterator, Sequence
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
from extractors.ingest import IngestReport
from extractors.ingest import Progress as Reading
from extractors.ingest import ingest as ingest_files
from extractors.registry import kind as kind_named
from lake.errors import LakeError
from lake.settings import Settings
from orchestration.cli.console import err, out, table
from orchestration.partitions import today

_LISTED = 20


def ingest(name: str, paths: Sequence[Path]) -> None:
    """Bring files of one kind into bronze and print a table of what came in.

    Raises:
        SourceError: unknown kind or path.
        LakeError: a file was refused; the others are in.
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
        for error in report.refused:
            err.print(f"[red]refused[/red] {escape(str(error))}")
        raise LakeError(
            f"{len(report.refused)} of {len(report.files)} files were refused",
            "mend them and ingest again; good rows that were read are in bronze",
        )
    if not report.files:
        raise LakeError(
            f"no file of kind {name} found", f"it takes files named {', '.join(kind.patterns)} (also .gz)"
        )


@contextmanager
def reading_shown(what: str) -> Iterator[Callable[[Reading], None]]:
    """A progress bar while files are read: rows, time, and what is left where the reader tells."""
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(),
        TextColumn("{task.fields[rows]:,} rows"), TimeElapsedColumn(), TextColumn("left"),
        TimeRemainingColumn(), console=err, transient=True,
    ) as progress:  # fmt: skip
        task = progress.add_task(what, total=None, rows=0)

        def show(reading: Reading) -> None:
            progress.update(
                task,
                description=escape(reading.file.name),
                rows=reading.rows,
                completed=reading.bytes_read,
                total=reading.size if reading.bytes_read else None,
            )

        yield show


def inbox() -> None:
    """Take the files that wait in the inbox and print what became of each.

    Raises:
        LakeError: a file was refused, or somebody else is taking files.
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
        rows.append((one.kind, one.file.name, *counts, "refused" if one.refused else "done"))
    if rows:
        out.print(table("inbox", ("kind", "file", "rows", "new", "rejected", ""), rows, right=(2, 3, 4)))
    else:
        out.print(f"nothing waits in {settings.inbox}; lay files into the folder of their kind")
    refused = [one for one in taken if one.refused]
    for one in refused:
        err.print(f"[red]refused[/red] {escape(one.kind)}: {escape(str(one.refused))}")
    if any(one.report and one.report.new for one in taken):
        out.print("[bold]cratelake run[/bold] builds on what is new")
    if refused:
        raise LakeError(
            f"{len(refused)} of {len(taken)} files were refused",
            f"they lie in {drop.REFUSED}/ of their folder, each beside its reason",
        )


def _print(report: IngestReport) -> None:
    # what needs a person comes first, so that a long list cannot hide it
    files = sorted(report.files, key=lambda file: (not file.refused, not file.rejected))
    rows = [
        (file.file.name, file.answers, file.new, file.rejected, "refused" if file.refused else "in bronze")
        for file in files[:_LISTED]
    ]
    if rest := files[_LISTED:]:
        sums = (sum(file.answers for file in rest), sum(file.new for file in rest))
        state = "refused" if rest[0].refused else "in bronze"
        rows.append((f"… {len(rest)} more", *sums, sum(file.rejected for file in rest), state))
    out.print(
        table(
            f"{report.kind.name} → {report.kind.provider}",
            ("file", "rows", "new", "rejected", ""),
            rows,
            right=(1, 2, 3),
        )
    )
    for file in report.files:
        if file.first_rejected:
            one = file.first_rejected
            err.print(
                f"[yellow]rejected[/yellow] {escape(one.file)} row {one.row}, {escape(one.field)}: "
                f"{escape(one.reason)}. {escape(one.remedy)}"
                + (f" ({file.rejected - 1} more like it or others)" if file.rejected > 1 else "")
            )
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
