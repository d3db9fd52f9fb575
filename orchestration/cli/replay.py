"""``cratelake replay``: find a run, plan, apply, undo and queue; see `enrichment.replay`."""

import datetime as dt
import json as jsonlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import duckdb
from rich.markup import escape

from enrichment import config as configs
from enrichment import events, pins
from enrichment.frontier import Scope
from enrichment.history import plain
from enrichment.replay import corrections, requests, runs
from enrichment.replay.choice import Choice, choose
from enrichment.replay.plans import Wanted, differences, plan_named, plans
from enrichment.replay.plans import plan as make
from lake.errors import LakeError
from lake.settings import Settings
from orchestration.cli.console import err, out, table
from orchestration.cli.people import actor_named, lake, subject
from orchestration.cli.replay_views import counts, print_correction, print_plan


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which tracks, as the options say."""

    tracks: list[str] | None
    bronze_ids: list[str] | None
    day: dt.datetime | None
    quarantined: bool
    everything: bool


def wanted(
    chosen: Chosen,
    *,
    fields: Sequence[str] | None,
    config: str,
    code: str | None,
    reason: str,
    actor: str | None,
) -> Wanted:
    """A replay as the options ask for it.

    Raises:
        LakeError: not exactly one choice is made, or no reason is given.
    """
    if not reason.strip():
        raise LakeError("a replay needs a reason: it stays on record", 'give one: --reason "..."')
    ids = [one for text in chosen.bronze_ids or () for one in text.replace(",", " ").split()]
    choice = Choice(
        tracks=tuple(chosen.tracks or ()),
        bronze_ids=tuple(ids),
        day=chosen.day.date() if chosen.day else None,
        quarantined=chosen.quarantined,
        everything=chosen.everything,
    ).checked()
    return Wanted(
        choice=choice,
        fields=tuple(fields or ()),
        config_name=config,
        code_note=code,
        reason=reason,
        actor=actor_named(actor),
    )


def find(track: str, field: str | None, *, as_json: bool) -> None:
    """Print the decisions behind the values of a track, with their runs.

    Raises:
        LakeError: no one track is named, there is no such field, or it has no value.
    """
    name = pins.field_named(field) if field else None
    with lake() as (_, connection):
        whole = subject(connection, track)
        found = runs.decisions(connection, whole.track_id, name)
    if not found:
        raise LakeError(
            f"{whole.name} has no {name or 'value'}", f"`cratelake explain {whole.track_id}` tells why"
        )
    if as_json:
        told = {"track_id": whole.track_id, "decisions": [asdict(one) for one in found]}
        print(jsonlib.dumps(told, default=str, ensure_ascii=False, indent=2))  # noqa: T201
        return
    columns = ("field", "value", "provider", "confidence", "threshold", "decided (UTC)", "configuration",
               "code", "run")  # fmt: skip
    rows = [
        (
            one.field,
            plain(one.value),
            one.provider,
            f"{one.confidence:.4f}",
            f"{one.threshold:.4f}",
            f"{one.decided_at:%Y-%m-%d %H:%M:%S}",
            one.config_hash,
            one.code_version,
            one.run_id,
        )
        for one in found
    ]
    out.print(table(f"{whole.name}  {whole.track_id}", columns, rows, right=(3, 4)))
    out.print(f"what that run had in hand: cratelake replay run {found[0].run_id[:8]}")


def run(text: str, *, as_json: bool) -> None:
    """Print a run as recorded: configuration, code version, inputs.

    Raises:
        LakeError: no run fits, or several do.
    """
    with lake() as (_, connection):
        view = runs.run_named(connection, text)
        read = runs.inputs(connection, view.run_id)
    if as_json:
        told = view.as_dict() | {"snapshot": jsonlib.loads(view.snapshot), "bronze_ids": read}
        print(jsonlib.dumps(told, default=str, ensure_ascii=False, indent=2))  # noqa: T201
        return
    chosen = configs.parsed(view.snapshot)
    by_field: dict[str, list[str]] = {}
    for one in chosen.sources:
        limits = f" {escape(str(one.only.document))}" if one.only else ""
        by_field.setdefault(one.field, []).append(f"{one.provider} ≥ {one.min_confidence}{limits}")
    facts = {
        "run": view.run_id,
        "day": view.day or "a correction, of no one day",
        "from, to (UTC)": f"{view.started_at:%Y-%m-%d %H:%M:%S}, {view.finished_at:%Y-%m-%d %H:%M:%S}",
        "status": view.status,
        "configuration": _present(view.config_hash, configs.load().hash),
        "code": _present(view.code_version, configs.code_version()),
        "answers": view.bronze_answers,
        "answers its attempts rest on": len(read),
        "records, tracks": f"{view.records:,}, {view.tracks:,}",
        "tracks changed": view.changed,
        "attempts, fields accepted": f"{view.attempts:,}, {view.accepted:,}",
    }
    out.print(table("Run", ("", ""), facts.items()))
    rows = [(name, " → ".join(sources)) for name, sources in by_field.items()]
    out.print(table("Configuration: providers in order, with thresholds", ("field", "providers"), rows))
    out.print(f"decide by it again: --config run:{view.run_id[:8]}; all answers: --json")


def _present(version: str, present: str) -> str:
    return f"{version} (the present one)" if version == present else version


def plan(asked: Wanted, limit: int, *, live: bool) -> None:
    """Make a plan and print it; with `live` providers are asked about the tracks first.

    Raises:
        LakeError: no one track is named, nothing fits, there is no such field or configuration, or nobody
            can be asked.
    """
    if live:
        _fetch(asked)
    with _working("deciding once more") as (settings, connection):
        made = make(connection, _by_ids(connection, asked), events.in_bronze(settings.bronze, pins.Pin))
        shown = differences(connection, made.plan.plan_id, limit) if made.plan else []
    answers = "recorded answers and those that just came in" if live else "recorded answers"
    out.print(f"{made.looked_at:,} tracks were decided once more, from {answers}")
    if made.plan is None:
        out.print("[bold]nothing came out differently[/bold]: there is nothing to apply")
        return
    print_plan(made.plan, shown)
    out.print(f"nothing is changed yet; store it: cratelake replay apply {made.plan.plan_id[:8]}")


def _fetch(asked: Wanted) -> None:
    """Ask providers about the tracks of a replay, however fresh their answers, and match what comes in."""
    from orchestration.cli import fetch
    from orchestration.cli import run as job

    with lake() as (settings, connection):
        chosen = _by_ids(connection, asked)
        chosen.configuration(connection)  # what makes no sense is told before anybody is asked
        choose(connection, chosen.choice)
        here = Scope(newcomers=False, known="t.track_id in (select track_id from chosen_tracks)", again=True)
        came = fetch.ask(connection, settings, here, budgets=not chosen.choice.tracks)
    if came:
        job.take_in(settings)


def apply(text: str, actor: str | None) -> None:
    """Apply a plan and say what was done.

    Raises:
        LakeError: there is no such plan, it is applied, or the lake has moved on.
    """
    with _working("applying") as (settings, connection):
        people = events.in_bronze(settings.bronze, pins.Pin)
        done = corrections.apply(connection, text, people, actor_named(actor), configs.load())
    print_correction(done)
    out.print(
        "the next [bold]cratelake run[/bold] publishes it, and a later run over these tracks decides by the "
        f"present configuration; cratelake replay undo {done.plan_id[:8]} takes it back"
    )


def undo(text: str, actor: str | None) -> None:
    """Take a plan back and say what was done.

    Raises:
        LakeError: there is no such plan, or it is not applied.
    """
    with _working("taking back") as (_, connection):
        done = corrections.undo(connection, text, actor_named(actor), configs.load())
    print_correction(done)
    if done.left_alone:
        out.print(f"{done.left_alone:,} fields have another value by now and were left alone")


def listed(limit: int) -> None:
    """Print plans and requests."""
    with lake() as (_, connection):
        made = plans(connection, limit)
        asked = requests.requests(connection, limit=limit)
    rows = [
        (
            one.plan_id,
            f"{one.planned_at:%Y-%m-%d %H:%M}",
            one.planned_by,
            one.choice.words,
            one.config_name,
            counts(one),
            one.state,
            one.reason,
        )
        for one in reversed(made)
    ]
    columns = ("plan", "made (UTC)", "by", "of", "configuration", "fields", "state", "reason")
    out.print(table("Plans", columns, rows) if rows else "there are no plans")
    queue = [
        (one.request_id, one.requested_at[:16], one.wanted.actor, one.wanted.choice.words, one.state,
         one.state_reason, one.plan_id, one.run_id)
        for one in asked
    ]  # fmt: skip
    if queue:
        columns = ("request", "made (UTC)", "by", "of", "state", "what came of it", "plan", "run")
        out.print(table("Queue", columns, queue))


def show(text: str, limit: int, *, as_json: bool) -> None:
    """Print a plan with its differences.

    Raises:
        LakeError: there is no such plan.
    """
    with lake() as (_, connection):
        found = plan_named(connection, text)
        shown = differences(connection, found.plan_id, None if as_json else limit)
    if as_json:
        told = asdict(found) | {
            "config": jsonlib.loads(found.config.snapshot),
            "choice": found.choice.model_dump(mode="json", exclude_defaults=True),
            "differences": [asdict(one) for one in shown],
        }
        print(jsonlib.dumps(told, default=str, ensure_ascii=False, indent=2))  # noqa: T201
        return
    print_plan(found, shown)


def request(asked: Wanted, *, apply: bool) -> None:
    """Put a replay into the queue.

    Raises:
        LakeError: no one track is named, or there is no such field or configuration.
    """
    with lake() as (_, connection):
        request_id = requests.enqueue(connection, _by_ids(connection, asked), apply=apply)
    out.print(f"request {request_id} is queued: {asked.choice.words}")
    out.print(
        "the Dagster daemon works it ([bold]cratelake dev[/bold]); cratelake replay list tells how it went"
    )


@contextmanager
def _working(what: str) -> Iterator[tuple[Settings, duckdb.DuckDBPyConnection]]:
    """The lake, and a sign that something is going on."""
    with lake() as (settings, connection), err.status(what):
        yield settings, connection


def _by_ids(connection: duckdb.DuckDBPyConnection, asked: Wanted) -> Wanted:
    """The same with tracks by their ids, whatever they were named by."""
    named = tuple(subject(connection, text).track_id for text in asked.choice.tracks)
    return asked.model_copy(update={"choice": asked.choice.model_copy(update={"tracks": named})})
