"""``cratelake pin``, ``unpin`` and ``history``: values people decide, and every value a field ever had."""

import json as jsonlib
from collections.abc import Sequence

import duckdb
from rich.markup import escape

from enrichment import pins
from enrichment.events import Recorded
from enrichment.history import Spell, plain, spells
from enrichment.pins import Pin
from lake.errors import LakeError
from orchestration.cli.console import out, table
from orchestration.cli.people import Subject, actor_named, events_of, lake, record, subject

_OBEYED = "the next [bold]cratelake run[/bold] obeys it"


def pin(track: str, field: str, value: str, reason: str, actor: str | None) -> None:
    """Record that a field of a track has a value, whatever the providers say.

    Raises:
        LakeError: no one track is named, there is no such field, or the value is none of it.
    """
    name = pins.field_named(field)
    with lake() as (settings, connection):
        whole = subject(connection, track)
        normal = pins.normalised(connection, name, value)
    event = Pin(
        kind="pin",
        record_id=whole.record_id,
        field=name,
        value=value,
        actor=actor_named(actor),
        reason=reason,
    )
    record(settings, event)
    out.print(f"[bold]{name} = {escape(plain(normal))}[/bold]: {escape(whole.name)}")
    out.print(f"{_OBEYED}; cratelake unpin {whole.track_id} {name} takes it back")


def unpin(track: str, field: str, reason: str, actor: str | None) -> None:
    """Take the pin back that counts for a field of a track.

    Raises:
        LakeError: no one track is named, there is no such field, or nothing is pinned.
    """
    name = pins.field_named(field)
    with lake() as (settings, connection):
        whole = subject(connection, track)
        of_track = _pins(events_of(settings, Pin), _records(connection, whole), name)
    standing = [one.event for one in of_track if one.active and one.event.kind == "pin"]
    if not standing:
        raise LakeError(
            f"{name} of {whole.name} is not pinned", f"`cratelake history {whole.track_id} {name}` tells"
        )
    last, *before = reversed(standing)
    event = Pin(kind="undo", undoes=last.event_id, actor=actor_named(actor), reason=reason)
    record(settings, event)
    out.print(f"[bold]{name} is no longer {escape(str(last.value))}[/bold]: {escape(whole.name)}; {_OBEYED}")
    if before:
        out.print(f"an earlier pin counts again: {escape(str(before[0].value))} (unpin once more to free it)")


def history(track: str, field: str | None, *, as_json: bool) -> None:
    """Print every value the fields of a track had, and what people said about them.

    Raises:
        LakeError: no one track is named, or there is no such field.
    """
    name = pins.field_named(field) if field else None
    with lake() as (settings, connection):
        whole = subject(connection, track)
        had = spells(connection, whole.track_id, name)
        said = _pins(events_of(settings, Pin), _records(connection, whole), name)
    if as_json:
        told = {
            "track_id": whole.track_id,
            "values": [one.as_dict() for one in had],
            "events": [one.event.model_dump(mode="json") | {"active": one.active} for one in said],
        }
        print(jsonlib.dumps(told, default=str, ensure_ascii=False, indent=2))  # noqa: T201
        return
    columns = ("field", "value", "provider", "confidence", "from (UTC)", "until", "configuration", "run")
    out.print(table(f"{whole.name}  {whole.track_id}", columns, [_row(one) for one in had], right=(3,)))
    if said:
        columns = ("event", "kind", "field", "value", "by", "when (UTC)", "reason", "stands")
        out.print(table("What people said", columns, [_event(one, said) for one in said]))


def _row(one: Spell) -> tuple[object, ...]:
    return (
        one.field,
        plain(one.value),
        one.provider,
        f"{one.confidence:.4f}",
        f"{one.since:%Y-%m-%d %H:%M:%S}" if one.since else None,
        f"{one.until:%Y-%m-%d %H:%M:%S}" if one.until else "now",
        one.config_hash,
        one.run_id[:8],
    )


def _event(one: Recorded[Pin], all_said: Sequence[Recorded[Pin]]) -> tuple[object, ...]:
    event = one.event
    about = next((other.event for other in all_said if other.event.event_id == event.undoes), event)
    shown = (event.event_id[:8], event.kind, about.field, about.value, event.actor)
    return (*shown, f"{event.occurred_at:%Y-%m-%d %H:%M:%S}", event.reason, one.active)


def _records(connection: duckdb.DuckDBPyConnection, whole: Subject) -> set[str]:
    rows = connection.execute(
        "select record_id from silver.track_members where track_id = $id::uuid", {"id": whole.track_id}
    ).fetchall()
    return {record_id for (record_id,) in rows}


def _pins(said: Sequence[Recorded[Pin]], records: set[str], field: str | None) -> list[Recorded[Pin]]:
    """The pins of some records, of one field or all, and what takes them back; in order of time."""
    about: set[str | None] = {
        one.event.event_id
        for one in said
        if one.event.record_id in records and (field is None or one.event.field == field)
    }
    kept = []
    for one in sorted(said, key=lambda one: (one.event.occurred_at, one.event.event_id)):
        if one.event.event_id in about or one.event.undoes in about:
            about.add(one.event.event_id)  # an undo can be undone
            kept.append(one)
    return kept
