"""The ``cratelake match`` commands: names and help; what they do is in the modules beside this one."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.help import examples

match = typer.Typer(
    name="match",
    help="Which records are the same track: in the lake, where people decide, and in anyone's own list.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
WHAT = "A record id, a track id, or the whole name of one track."
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; kept with the decision.")]
Actor = Annotated[str | None, typer.Option("--by", help="Who decides; default the user of this session.")]

ListFile = Annotated[
    Path,
    typer.Argument(help="CSV (comma, semicolon or tab) or Parquet file; CSV also as .gz.", metavar="FILE"),
]
Out = Annotated[Path, typer.Option("--out", "-o", help="Where to write the answer (.csv or .parquet).")]
Mapping = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="NAME=field",
        help="Say what a column means where its name does not: record_id, source, title, artist, album, "
        "length, year, isrc, label, catalog_number, number, mix_name, remixer; of releases tracks, genre; or "
        "ignore. May be repeated.",
    ),
]


@match.command(
    epilog=examples(
        'cratelake match confirm "Moby - Go" "Moby - Go!" --reason "one single, two spellings"',
        "cratelake match confirm 5c1f0e… 88a2bd… -r 'same ISRC on the sleeve'",
    )
)
def confirm(
    left: Annotated[str, typer.Argument(help=WHAT)],
    right: Annotated[str, typer.Argument(help=WHAT)],
    reason: Reason,
    by: Actor = None,
) -> None:
    """Say that two are the same track; every later run obeys."""
    from orchestration.cli import decide

    decide.confirm([left, right], reason, by)


@match.command(
    epilog=examples('cratelake match reject "Moby - Go" "Moby - Go (Remix)" --reason "another mix"')
)
def reject(
    left: Annotated[str, typer.Argument(help=WHAT)],
    right: Annotated[str, typer.Argument(help=WHAT)],
    reason: Reason,
    by: Actor = None,
) -> None:
    """Say that two are not the same track; every later run obeys."""
    from orchestration.cli import decide

    decide.reject(left, right, reason, by)


@match.command(epilog=examples("cratelake match merge TRACK TRACK TRACK --reason 'three spellings of one'"))
def merge(
    tracks: Annotated[list[str], typer.Argument(help=f"Two or more. {WHAT}", metavar="TRACK...")],
    reason: Reason,
    by: Actor = None,
) -> None:
    """Say that several tracks are one."""
    from lake.errors import LakeError
    from orchestration.cli import decide

    if len(tracks) < 2:
        raise LakeError("one track alone cannot be merged", "name two or more")
    decide.confirm(tracks, reason, by)


@match.command(epilog=examples("cratelake match split TRACK RECORD RECORD --reason 'that is the dub'"))
def split(
    track: Annotated[str, typer.Argument(help=WHAT)],
    records: Annotated[
        list[str], typer.Argument(help="Record ids that do not belong to it.", metavar="RECORD...")
    ],
    reason: Reason,
    by: Actor = None,
) -> None:
    """Say that records do not belong to the track they are in."""
    from orchestration.cli import decide

    decide.split(track, records, reason, by)


@match.command(epilog=examples("cratelake match undo 3f2a --reason 'wrong sleeve'"))
def undo(
    event: Annotated[str, typer.Argument(help="Event id, or how it begins.")],
    reason: Reason,
    by: Actor = None,
) -> None:
    """Take a decision back; an undo can be taken back too."""
    from orchestration.cli import decide

    decide.undo(event, reason, by)


@match.command(epilog=examples("cratelake match decisions"))
def decisions() -> None:
    """List what people decided, newest first."""
    from orchestration.cli import decide

    decide.listed()


@match.command(epilog=examples("cratelake match review", "cratelake match review --limit 100"))
def review(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Pairs to show.")] = 20,
) -> None:
    """List pairs too alike to dismiss and not alike enough to join, the most met first."""
    from orchestration.cli import decide

    decide.review(limit)


@match.command(epilog=examples('cratelake match explain "Moby - Go" "Moby - Go (Woodtick Mix)"'))
def explain(
    left: Annotated[str, typer.Argument(help=WHAT)], right: Annotated[str, typer.Argument(help=WHAT)]
) -> None:
    """Show each piece of evidence about two, what forbids them, the threshold and the runners-up."""
    from orchestration.cli import decide

    decide.explain(left, right)


@match.command(epilog=examples('cratelake match records "Moby - Go"'))
def records(track: Annotated[str, typer.Argument(help=WHAT)]) -> None:
    """List the records of a track, with how surely each belongs."""
    from orchestration.cli import decide

    decide.records(track)


@match.command(
    epilog=examples(
        "cratelake match dedupe mytracks.csv --out clusters.csv",
        "cratelake match dedupe export.csv.gz --map Song=title --map Shop=source --out clusters.csv",
        "cratelake match dedupe discs.csv --map Songs=tracks --out clusters.csv",
    )
)
def dedupe(file: ListFile, out: Out, map: Mapping = None) -> None:  # noqa: A002
    """Find the rows of a list that are the same recording: writes record_id, cluster_id, confidence.

    How a source writes lengths and years, and whether its fields hold two values ("Artist - Title"), is found
    out from the values and reported. Versions (remixes, live) stay apart. A list with track lists (a column
    tracks or tracklist, or track01, track02...) is one of releases; other discs of a set are other releases.
    """
    from orchestration.cli import match_lists as command

    command.dedupe(file, out, map or [])


@match.command(
    name="eval",
    epilog=examples(
        "cratelake match eval labelled.csv --truth cluster --worst 20",
        "cratelake match eval discs.csv --matches pairs.csv",
    ),
)
def evaluate(
    file: ListFile,
    truth: Annotated[
        str | None, typer.Option(help="Column with the true cluster; it is not looked at otherwise.")
    ] = None,
    matches: Annotated[
        Path | None,
        typer.Option(help="File whose first two columns are record ids of matches (the true pairs)."),
    ] = None,
    map: Mapping = None,  # noqa: A002
    worst: Annotated[int, typer.Option(min=0, help="Wrong pairs to show.")] = 10,
) -> None:
    """Measure the duplicates found in a labelled list, with intervals, calibration and the worst errors."""
    from orchestration.cli import match_lists as command

    command.evaluate(file, truth, matches, map or [], worst)


@match.command(
    epilog=examples(
        "cratelake match pairs pairs.csv --left a_ --right b_ --out judged.csv",
        "cratelake match pairs shops.csv --left itunes_ --right amazon_ --map Name=title -o judged.csv",
    )
)
def pairs(
    file: ListFile,
    left: Annotated[str, typer.Option(help="What the columns of the left records begin with.")],
    right: Annotated[str, typer.Option(help="What the columns of the right records begin with.")],
    out: Out,
    map: Mapping = None,  # noqa: A002
) -> None:
    """Judge given pairs: adds confidence, decision and the evidence (each feature's value and weight)."""
    from orchestration.cli import match_lists as command

    command.pairs(file, out, left, right, map or [])
