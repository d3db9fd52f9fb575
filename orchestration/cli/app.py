"""The typer application: names the commands and their help; what they do is in the modules beside it."""

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from extractors.frontier.frequency import Frequency
from extractors.registry import KINDS
from orchestration.cli.console import Commands
from orchestration.cli.export_app import export
from orchestration.cli.help import examples
from orchestration.cli.match_app import WHAT, Actor, Reason, match
from orchestration.cli.replay_app import replay

app = typer.Typer(
    name="cratelake",
    help="A lakehouse for electronic-music metadata: every field says where it came from and why it won.",
    epilog="Start with: cratelake run",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    add_completion=False,
)

app.add_typer(match)
app.add_typer(replay)
app.add_typer(export)
sandbox = typer.Typer(name="sandbox", help="The made-up world to try things on.", no_args_is_help=True)
app.add_typer(sandbox)


class Format(StrEnum):
    """How rows are printed."""

    table = "table"
    csv = "csv"
    json = "json"


@app.command(
    epilog=examples(
        "cratelake run", "cratelake run --day 2026-11-19", "CRATELAKE_SANDBOX_TRACKS=20000 cratelake run"
    )
)
def run(
    day: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="UTC day of ingestion to build; default today."),
    ] = None,
) -> None:
    """Run the nightly job: bring in the day's answers, decide, check, publish.

    An empty lake gets the sandbox world, a made-up universe with known truth, so that there is something
    to see.
    """
    from orchestration.cli import run as command

    command.run(day.date() if day else None)


@app.command(
    epilog="[bold]Kinds[/bold]\n\n"
    + "\n\n".join(
        f"  [bold]{one.name}[/bold] (provider {one.provider}): {one.summary}\n\n    $ {one.example}"
        for one in KINDS.values()
    )
)
def ingest(
    kind: Annotated[
        str, typer.Argument(help="What the files are; see the list of kinds below.", metavar="KIND")
    ],
    paths: Annotated[
        list[Path], typer.Argument(help="Files, or folders to take fitting files from.", metavar="PATH...")
    ],
) -> None:
    """Bring files into bronze as what they are; the next run builds on them.

    Nothing is lost: a file that is not of the kind is refused with the reason, bad rows of a good file go to
    quarantine, and content that is in bronze already adds nothing.
    """
    from orchestration.cli import ingest as command

    command.ingest(kind, paths)


@app.command(
    epilog=examples(
        "cratelake inbox    # the first time: makes the folders",
        "cp friday.txt $CRATELAKE_HOME/inbox/tracklist_files/ && cratelake inbox",
        "cat $CRATELAKE_HOME/inbox/*/refused/*.reason.txt",
    )
)
def inbox() -> None:
    """Make the folders CRATELAKE_HOME/inbox/KIND/, and take the files that wait in them into bronze.

    Taken files move to done/; what was refused or broke off, to refused/ beside a text that says why.

    While `cratelake dev` runs, a sensor does the same every half minute.
    """
    from orchestration.cli import ingest as command

    command.inbox()


@app.command(
    epilog=examples(
        "cratelake parse spotify auto track.json",
        "cratelake parse discogs releases_api release.json.gz",
        "cratelake parse listenbrainz auto export.jsonl",
        "cratelake parse 1001tracklists auto page.html",
    )
)
def parse(
    provider: Annotated[str, typer.Argument(help="Whose answer it is.", metavar="PROVIDER")],
    stream: Annotated[str, typer.Argument(help="Stream it belongs to, or auto.", metavar="STREAM")],
    file: Annotated[Path, typer.Argument(help="The saved payload, also as .gz.", metavar="FILE")],
) -> None:
    """Print what is read from one saved answer of a provider, as JSON rows, or why nothing is.

    Files of JSON lines hold one answer on each.
    """
    from orchestration.cli import sources as command

    command.parse(provider, stream, file)


@sandbox.command(epilog=examples("cratelake sandbox serve", "cratelake sandbox serve --speed 1 --faults"))
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = 8700,
    speed: Annotated[
        float,
        typer.Option(
            min=0.001, help="How many times as fast as the providers' the limits are; 1: as theirs."
        ),
    ] = 1000.0,
    faults: Annotated[
        bool, typer.Option("--faults", help="Let go wrong what goes wrong on an ordinary night.")
    ] = False,
) -> None:
    """Serve the sandbox world over HTTP as its providers would, until Ctrl-C.

    Clients ask it if CRATELAKE_<PROVIDER>_MODE is sandbox, as fast as CRATELAKE_HTTP_SANDBOX_SPEED (1000)
    says. What it saw: /_sandbox/ledger; what goes wrong can
    be changed with PUT /_sandbox/faults.
    """
    from orchestration.cli import sources as command

    command.serve_sandbox(port, speed=speed, faults=faults)


@app.command(
    epilog=examples(
        "cratelake fetch --plan",
        "cratelake fetch",
        "cratelake fetch --provider musicbrainz --all",
        'cratelake fetch --track-uuid "deadmau5 - Strobe"',
        "cratelake fetch --retry-dead",
    )
)
def fetch(
    *,
    track: Annotated[
        list[str] | None, typer.Option("--track-uuid", "--track", help=f"Ask about this track now. {WHAT}")
    ] = None,
    bulk: Annotated[bool, typer.Option("--bulk", help="Within the nightly budgets; the default.")] = False,
    everything: Annotated[
        bool,
        typer.Option("--all", help="All that need it: never asked, or over 30 days ago; budgets left aside."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--plan", "--dry-run", help="Show the plan; ask and write nothing.")
    ] = False,
    retry_dead: Annotated[
        bool, typer.Option("--retry-dead", help="Try again what gave up: ops.dead_letters, and charts.")
    ] = False,
    provider: Annotated[list[str] | None, typer.Option(help="Ask these providers alone.")] = None,
) -> None:
    """Ask providers about what the waterfall lacks, the most valuable tracks first.

    A run does this too. Whatever was answered before the command is stopped is not asked again.
    """
    from orchestration.cli import fetch as command

    if bulk and (everything or track):
        raise typer.BadParameter("give one of --bulk, --all and --track-uuid")
    command.fetch(
        track or [], everything=everything, retry_dead=retry_dead, dry_run=dry_run, providers=provider or []
    )


@app.command(
    epilog=examples(
        "cratelake tracklists 2wrmg6f1 https://1001.tl/1pn8l919",
        "cratelake tracklists --missing 20",
        "cratelake tracklists --status",
        "cratelake tracklists --resume",
    )
)
def tracklists(
    sets: Annotated[
        list[str] | None, typer.Argument(help="Ids or addresses of sets.", metavar="[SET]...")
    ] = None,
    *,
    missing: Annotated[
        int | None,
        typer.Option(min=1, max=500, help="So many sets known without rows, most looked at first."),
    ] = None,
    status: Annotated[
        bool, typer.Option("--status", help="Whether the site may be asked, and why not.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="You have looked: take the stop after a barrier back.")
    ] = False,
) -> None:
    """Ask 1001Tracklists for pages of sets: opt-in, slow, a few a day, and never past a barrier.

    Needs CRATELAKE_1001TRACKLISTS_LIVE=true and CRATELAKE_HTTP_CONTACT. One request in four seconds, at most
    CRATELAKE_1001TRACKLISTS_DAILY (50) a day; the first captcha or interstitial stops it until you say
    --resume. Saved pages need none of this: cratelake ingest 1001tracklists_pages.
    """
    from orchestration.cli import tracklists as command

    if status:
        command.status()
    elif resume:
        command.resume()
    else:
        command.fetch(sets or [], missing=missing)


@app.command(
    epilog=examples(
        "cratelake create-sync-schedule --provider beatport --chart-id 500000 --frequency weekly",
    )
)
def create_sync_schedule(
    chart_id: Annotated[str, typer.Option(help="The provider's id of the chart.")],
    frequency: Annotated[Frequency, typer.Option(help="How often it is synced.")] = Frequency.WEEKLY,
    provider: Annotated[str, typer.Option(help="Whose chart it is.")] = "beatport",
) -> None:
    """Have a chart synced daily, weekly or monthly by the nightly run."""
    from orchestration.cli import fetch as command

    command.create_schedule(provider, chart_id, frequency)


@app.command(epilog=examples("cratelake list-sync-schedules"))
def list_sync_schedules() -> None:
    """List the scheduled charts: when each is due, how its syncs went, and which gave up and why."""
    from orchestration.cli import fetch as command

    command.list_schedules()


@app.command(epilog=examples("cratelake remove-sync-schedule --provider beatport --chart-id 500000"))
def remove_sync_schedule(
    chart_id: Annotated[str, typer.Option(help="The provider's id of the chart.")],
    provider: Annotated[str, typer.Option(help="Whose chart it is.")] = "beatport",
) -> None:
    """Have a scheduled chart synced no more."""
    from orchestration.cli import fetch as command

    command.remove_schedule(provider, chart_id)


@app.command(
    epilog=examples("cratelake sync-chart-rankings --all", "cratelake sync-chart-rankings --chart-id 500000")
)
def sync_chart_rankings(
    chart_id: Annotated[str | None, typer.Option(help="One scheduled chart, due or not.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All scheduled charts that are due.")] = False,
) -> None:
    """Bring in the entries of scheduled charts."""
    from orchestration.cli import fetch as command

    if (chart_id is None) != everything:
        raise typer.BadParameter("give --chart-id or --all")
    command.sync_charts(chart_id)


@app.command(
    epilog=examples(
        'cratelake sql "select full_track_name, play_count from track_analytics order by 2 desc limit 5"',
        'cratelake sql --format csv "from top_tracks_by_genre" > top.csv',
        'cratelake sql --lake "select outcome, count(*) from ops.enrichment_transformations group by 1"',
        'cratelake sql --as-of 2026-11-20T14:00:00Z "select count(*) from track_analytics"',
        'cratelake sql --as-of 41 "from silver.enriched_tracks limit 5"',
    )
)
def sql(
    query: Annotated[str, typer.Argument(help="One SQL statement (DuckDB).")],
    lake: Annotated[
        bool,
        typer.Option("--lake", help="Ask the live lake (silver, ops, staging) instead of published gold."),
    ] = False,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Ask the lake as it was: a snapshot's number, or a time with its zone."),
    ] = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="How to print rows.")] = Format.table,  # noqa: A002
) -> None:
    """Query the published gold, with --lake the live lake, with --as-of the lake as it was; read-only."""
    from orchestration.cli import sql as command

    command.sql(query, lake=lake, style=format.value, as_of=as_of)


@app.command(epilog=examples("cratelake snapshots", "cratelake snapshots --all --json"))
def snapshots(
    every: Annotated[bool, typer.Option("--all", help="All of them, not only the newest 30.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
) -> None:
    """List the states of the lake that can still be read: when, by whom, with which message."""
    from orchestration.cli import past as command

    command.snapshots(every=every, as_json=json)


@app.command(
    epilog=examples(
        "cratelake diff --from 41",
        "cratelake diff --from 2026-11-19T03:00:00Z --to 2026-11-20T03:00:00Z",
        "cratelake diff --from 41 --to 57 --table track_analytics --json",
    )
)
def diff(
    earlier: Annotated[str, typer.Option("--from", help="A snapshot's number, or a time with its zone.")],
    later: Annotated[str | None, typer.Option("--to", help="The same; default now.")] = None,
    table: Annotated[str | None, typer.Option("--table", help="One gold table; default all.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, with every changed cell.")] = False,
) -> None:
    """Show what changed in gold between two states of the lake, and which transactions changed it."""
    from orchestration.cli import past as command

    command.diff(earlier, later, table, as_json=json)


@app.command(
    epilog=examples(
        'cratelake explain "deadmau5 - Strobe"',
        'cratelake explain "deadmau5 - Strobe" bpm --raw',
        'cratelake explain "deadmau5 - Strobe" genre_primary --json | jq .attempts',
    )
)
def explain(
    track: Annotated[str, typer.Argument(help='"Artist - Title" (a part will do), or a track id.')],
    field: Annotated[
        str | None, typer.Argument(help="One field, or a column of silver or gold, e.g. bpm; default all.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print attempts as JSON.")] = False,
    raw: Annotated[bool, typer.Option("--raw", help="Print the raw answers the attempts rest on.")] = False,
) -> None:
    """Show where each value came from, what else was tried and why it won."""
    from orchestration.cli import explain as command

    command.explain(track, field, as_json=json, raw=raw)


@app.command(
    epilog=examples(
        'cratelake pin "deadmau5 - Strobe" bpm 128 --reason "counted by ear"',
        'cratelake pin "deadmau5 - Strobe" key "G minor" -r "the sheet says so" --by ada',
    )
)
def pin(
    track: Annotated[str, typer.Argument(help=WHAT)],
    field: Annotated[str, typer.Argument(help="A field of the waterfall, e.g. bpm.")],
    value: Annotated[str, typer.Argument(help="The value, as people write it.")],
    reason: Reason,
    by: Actor = None,
) -> None:
    """Say what a field of a track is, whatever the providers say; every later run obeys."""
    from orchestration.cli import pin as command

    command.pin(track, field, value, reason, by)


@app.command(epilog=examples('cratelake unpin "deadmau5 - Strobe" bpm --reason "was half time"'))
def unpin(
    track: Annotated[str, typer.Argument(help=WHAT)],
    field: Annotated[str, typer.Argument(help="The field that is pinned.")],
    reason: Reason,
    by: Actor = None,
) -> None:
    """Take a pin back: the providers decide again."""
    from orchestration.cli import pin as command

    command.unpin(track, field, reason, by)


@app.command(
    epilog=examples(
        'cratelake history "deadmau5 - Strobe"', 'cratelake history "deadmau5 - Strobe" bpm --json'
    )
)
def history(
    track: Annotated[str, typer.Argument(help=WHAT)],
    field: Annotated[str | None, typer.Argument(help="One field; default all.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print values and events as JSON.")] = False,
) -> None:
    """Show every value a track's fields had, by whose word, and what people said about them."""
    from orchestration.cli import pin as command

    command.history(track, field, as_json=json)


@app.command(
    epilog=examples(
        "cratelake whatif waterfall-new.yml",
        "cratelake whatif waterfall-new.yml --day 2026-11-19 --out moved.csv",
    )
)
def whatif(
    file: Annotated[
        Path, typer.Argument(help="A configuration, as enrichment/waterfall.yml.", metavar="FILE")
    ],
    day: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only the tracks of a day of ingestion; default all."),
    ] = None,
    top: Annotated[int, typer.Option(min=0, help="How many tracks to name.")] = 20,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write every field that changes (.csv or .parquet).")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Say what another configuration would change: fields, tracks, quality. Changes nothing."""
    from enrichment.replay.choice import Choice
    from orchestration.cli import whatif as command

    choice = Choice(day=day.date()) if day else Choice(everything=True)
    command.whatif(file, choice, top, out, as_json=json)


@app.command(epilog=examples("cratelake heal"))
def heal() -> None:
    """Look again at what stands in quarantine; replay what is refused no more, and only that."""
    from orchestration.cli import heal as command

    command.heal()


@app.command(epilog=examples("cratelake status"))
def status() -> None:
    """What the lake holds, what ran last, what is published."""
    from orchestration.cli import status as command

    command.status()


@app.command(epilog=examples("cratelake dev", "cratelake dev --port 3100"))
def dev(
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Port of the web server on this machine.")
    ] = 3000,
) -> None:
    """Open the Dagster UI on this lake until Ctrl-C; nothing is left running."""
    from orchestration.cli import dev as command

    command.dev(port)


@app.command(epilog=examples("cratelake stop"))
def stop() -> None:
    """Stop what runs for this lake: the Dagster UI and the embedded Postgres."""
    from orchestration.cli import dev as command

    command.stop()


@app.command(epilog=examples("cratelake doctor"))
def doctor() -> None:
    """Check what is installed, reachable and configured; say how to mend what is not."""
    from orchestration.cli import doctor as command

    command.doctor()
