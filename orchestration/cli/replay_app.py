"""The ``cratelake replay`` commands: names and help; what they do is in `orchestration.cli.replay`."""

import datetime as dt
from typing import Annotated

import typer

from orchestration.cli.help import examples
from orchestration.cli.match_app import WHAT, Actor, Reason

replay = typer.Typer(
    name="replay",
    help="Decide fields once more from recorded answers: see what comes out differently and why, correct it, "
    "take it back.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

PlanId = Annotated[
    str, typer.Argument(help="Id of a plan, or how it begins; last is the newest.", metavar="PLAN")
]
Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
Tracks = Annotated[
    list[str] | None, typer.Option("--tracks", help=f"May be repeated. {WHAT}", metavar="TRACK")
]
BronzeIds = Annotated[
    list[str] | None,
    typer.Option(
        "--bronze-ids", help="Ids of answers, with commas: the tracks they belong to.", metavar="IDS"
    ),
]
Day = Annotated[
    dt.datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="A day of ingestion: the tracks its answers touched."),
]
Quarantined = Annotated[
    bool, typer.Option("--quarantined", help="The tracks of answers that stand in quarantine.")
]
Everything = Annotated[bool, typer.Option("--all", help="All tracks.")]
Fields = Annotated[
    list[str] | None, typer.Option("--fields", help="Fields, with commas; default all.", metavar="FIELDS")
]
Config = Annotated[
    str,
    typer.Option(
        "--config",
        help="Configuration that decides: current, run:<id> (that of a former run) or file:<path>.",
        metavar="CONFIG",
    ),
]
Code = Annotated[
    str | None,
    typer.Option("--code", help="A word about the code, e.g. what was mended; kept with its version."),
]
Live = Annotated[
    bool,
    typer.Option("--live", help="Ask providers about the tracks first; else recorded answers alone decide."),
]


@replay.command(epilog=examples('cratelake replay find "deadmau5 - Strobe" bpm'))
def find(
    track: Annotated[str, typer.Argument(help=WHAT)],
    field: Annotated[str | None, typer.Argument(help="One field; default all.")] = None,
    json: Json = False,
) -> None:
    """Find the run that decided a value of a track."""
    from orchestration.cli import replay as command

    command.find(track, field, as_json=json)


@replay.command(epilog=examples("cratelake replay run 3f2a", "cratelake replay run 3f2a --json"))
def run(
    run_id: Annotated[str, typer.Argument(help="Id of a run, or how it begins.", metavar="RUN_ID")],
    json: Json = False,
) -> None:
    """Show what a run had in hand: configuration, code version, inputs."""
    from orchestration.cli import replay as command

    command.run(run_id, as_json=json)


@replay.command(
    epilog=examples(
        'cratelake replay plan --tracks "deadmau5 - Strobe" --fields bpm --config run:3f2a -r "130 or 128?"',
        "cratelake replay plan --day 2026-11-19 --reason 'tempo parser mended' --code 'half beats'",
        "cratelake replay plan --all --config file:waterfall-new.yml --reason 'new thresholds'",
        "cratelake replay plan --tracks 'deadmau5 - Strobe' --live --reason 'what do they say today?'",
    )
)
def plan(  # noqa: PLR0917 - options, not positions
    reason: Reason,
    tracks: Tracks = None,
    bronze_ids: BronzeIds = None,
    day: Day = None,
    quarantined: Quarantined = False,
    everything: Everything = False,
    fields: Fields = None,
    config: Config = "current",
    code: Code = None,
    by: Actor = None,
    limit: Annotated[int, typer.Option(min=0, help="How many differences to print.")] = 20,
    live: Live = False,
) -> None:
    """Decide once more and say what comes out differently, and why; changes nothing.

    The comparison goes to ops.replay_diffs, with a verdict per field: configuration, code, data or person.
    """
    from orchestration.cli import replay as command

    chosen = command.Chosen(tracks, bronze_ids, day, quarantined, everything)
    asked = command.wanted(chosen, fields=fields, config=config, code=code, reason=reason, actor=by)
    command.plan(asked, limit, live=live)


@replay.command(epilog=examples("cratelake replay apply 7c41", "cratelake replay apply last"))
def apply(plan: PlanId, by: Actor = None) -> None:
    """Store what a plan found, as a correction; the next run publishes it."""
    from orchestration.cli import replay as command

    command.apply(plan, by)


@replay.command(epilog=examples("cratelake replay undo 7c41"))
def undo(plan: PlanId, by: Actor = None) -> None:
    """Take a correction back: its fields get the values they had, unless they have changed since."""
    from orchestration.cli import replay as command

    command.undo(plan, by)


@replay.command("list", epilog=examples("cratelake replay list"))
def listed(
    limit: Annotated[int, typer.Option(min=1, help="How many of each to print.")] = 20,
) -> None:
    """List plans and requests, newest last."""
    from orchestration.cli import replay as command

    command.listed(limit)


@replay.command(epilog=examples("cratelake replay show 7c41", "cratelake replay show 7c41 --json"))
def show(
    plan: PlanId,
    limit: Annotated[int, typer.Option(min=0, help="How many differences to print.")] = 50,
    json: Json = False,
) -> None:
    """Show a plan: what was replayed, and each field that came out differently."""
    from orchestration.cli import replay as command

    command.show(plan, limit, as_json=json)


@replay.command(
    epilog=examples(
        "cratelake replay request --day 2026-11-19 --fields bpm --reason 'tempo parser mended'",
        "cratelake replay request --quarantined --reason 'rules were mended' --apply",
    )
)
def request(  # noqa: PLR0917 - options, not positions
    reason: Reason,
    tracks: Tracks = None,
    bronze_ids: BronzeIds = None,
    day: Day = None,
    quarantined: Quarantined = False,
    everything: Everything = False,
    fields: Fields = None,
    config: Config = "current",
    code: Code = None,
    by: Actor = None,
    apply: Annotated[bool, typer.Option("--apply", help="Apply the plan as soon as it is made.")] = False,
) -> None:
    """Queue a replay; the Dagster daemon (`cratelake dev`) works it."""
    from orchestration.cli import replay as command

    chosen = command.Chosen(tracks, bronze_ids, day, quarantined, everything)
    command.request(
        command.wanted(chosen, fields=fields, config=config, code=code, reason=reason, actor=by),
        apply=apply,
    )
