"""The ``cratelake match`` commands: names and help; what they do is in the modules beside this one."""

from typing import Annotated

import typer

match = typer.Typer(
    name="match",
    help="Which records are the same track: what people decide about it, and what waits for a decision.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
_WHAT = "A record id, a track id, or the whole name of one track."
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; kept with the decision.")]
Actor = Annotated[str | None, typer.Option("--by", help="Who decides; default the user of this session.")]


def _examples(*lines: str) -> str:
    return "[bold]Examples[/bold]\n\n" + "\n\n".join(f"  $ {line}" for line in lines)


@match.command(
    epilog=_examples(
        'cratelake match confirm "Moby - Go" "Moby - Go!" --reason "one single, two spellings"',
        "cratelake match confirm 5c1f0e… 88a2bd… -r 'same ISRC on the sleeve'",
    )
)
def confirm(
    left: Annotated[str, typer.Argument(help=_WHAT)],
    right: Annotated[str, typer.Argument(help=_WHAT)],
    reason: Reason,
    by: Actor = None,
) -> None:
    """Say that two are the same track; every later run obeys."""
    from orchestration.cli import decide

    decide.confirm([left, right], reason, by)


@match.command(
    epilog=_examples('cratelake match reject "Moby - Go" "Moby - Go (Remix)" --reason "another mix"')
)
def reject(
    left: Annotated[str, typer.Argument(help=_WHAT)],
    right: Annotated[str, typer.Argument(help=_WHAT)],
    reason: Reason,
    by: Actor = None,
) -> None:
    """Say that two are not the same track; every later run obeys."""
    from orchestration.cli import decide

    decide.reject(left, right, reason, by)


@match.command(epilog=_examples("cratelake match merge TRACK TRACK TRACK --reason 'three spellings of one'"))
def merge(
    tracks: Annotated[list[str], typer.Argument(help=f"Two or more. {_WHAT}", metavar="TRACK...")],
    reason: Reason,
    by: Actor = None,
) -> None:
    """Say that several tracks are one."""
    from lake.errors import LakeError
    from orchestration.cli import decide

    if len(tracks) < 2:
        raise LakeError("one track alone cannot be merged", "name two or more")
    decide.confirm(tracks, reason, by)


@match.command(epilog=_examples("cratelake match split TRACK RECORD RECORD --reason 'that is the dub'"))
def split(
    track: Annotated[str, typer.Argument(help=_WHAT)],
    records: Annotated[
        list[str], typer.Argument(help="Record ids that do not belong to it.", metavar="RECORD...")
    ],
    reason: Reason,
    by: Actor = None,
) -> None:
    """Say that records do not belong to the track they are in."""
    from orchestration.cli import decide

    decide.split(track, records, reason, by)


@match.command(epilog=_examples("cratelake match undo 3f2a --reason 'wrong sleeve'"))
def undo(
    event: Annotated[str, typer.Argument(help="Event id, or how it begins.")],
    reason: Reason,
    by: Actor = None,
) -> None:
    """Take a decision back; an undo can be taken back too."""
    from orchestration.cli import decide

    decide.undo(event, reason, by)


@match.command(epilog=_examples("cratelake match decisions"))
def decisions() -> None:
    """List what people decided, newest first."""
    from orchestration.cli import decide

    decide.listed()


@match.command(epilog=_examples("cratelake match review", "cratelake match review --limit 100"))
def review(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Pairs to show.")] = 20,
) -> None:
    """List pairs too alike to dismiss and not alike enough to join, the most met first."""
    from orchestration.cli import decide

    decide.review(limit)


@match.command(epilog=_examples('cratelake match explain "Moby - Go" "Moby - Go (Woodtick Mix)"'))
def explain(
    left: Annotated[str, typer.Argument(help=_WHAT)], right: Annotated[str, typer.Argument(help=_WHAT)]
) -> None:
    """Show each piece of evidence about two, what forbids them, the threshold and the runners-up."""
    from orchestration.cli import decide

    decide.explain(left, right)


@match.command(epilog=_examples('cratelake match records "Moby - Go"'))
def records(track: Annotated[str, typer.Argument(help=_WHAT)]) -> None:
    """List the records of a track, with how surely each belongs."""
    from orchestration.cli import decide

    decide.records(track)
