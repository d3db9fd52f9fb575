"""What the commands share with which people decide: who is meant, who decides, and the event in bronze."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from enrichment import events
from enrichment.engine import lake_connection
from enrichment.events import E, PersonEvent, Recorded
from enrichment.finding import find
from lake import bronze
from lake.errors import LakeError
from lake.postgres import postgres
from lake.settings import Settings
from orchestration.cli.console import out
from orchestration.cli.lakes import require_lake
from orchestration.partitions import today


@dataclass(frozen=True, slots=True)
class Subject:
    """What a person named: a record that stands for it, the track it is in, and its name."""

    record_id: str
    track_id: str
    name: str


@contextmanager
def lake() -> Iterator[tuple[Settings, duckdb.DuckDBPyConnection]]:
    """The settings, and a connection to a lake that has been run."""
    settings = Settings()
    require_lake(settings)
    with postgres(settings) as server, lake_connection(settings, server) as connection:
        yield settings, connection


def subject(connection: duckdb.DuckDBPyConnection, text: str) -> Subject:
    """The one record or track a person means: a record id, a track id, or the whole name of one track.

    Raises:
        LakeError: none fits, or several do.
    """
    row = connection.execute(
        """
        select m.record_id, m.track_id::varchar, concat_ws(' - ', r.artist_raw, r.title_raw)
        from silver.track_members m join silver.track_records r using (record_id)
        where m.record_id = $text or m.track_id = try_cast($text as uuid)
            -- an id that a track had before matching joined it with another
            or m.track_id = (select arg_max(to_track_id, changed_on) from silver.track_redirects
                where from_track_id = try_cast($text as uuid))
        order by m.record_id = $text desc, coalesce(m.track_id = try_cast($text as uuid), false) desc,
            m.is_anchor desc, m.record_id
        limit 1
        """,
        {"text": text.strip()},
    ).fetchone()
    if row is None:
        found = find(connection, text)
        exact = [one for one in found if one.name.casefold() == text.strip().casefold()]
        fitting = exact or found
        if len(fitting) != 1:
            names = "; ".join(f"{one.name} {one.track_id}" for one in fitting[:5])
            raise LakeError(
                f"{'several tracks fit' if fitting else 'no track fits'} {text[:80]!r}",
                f"name one by its id: {names}" if names else "give a record id, a track id, or a whole name",
            )
        if fitting[0].track_id == text.strip():
            raise LakeError(
                f"no record belongs to the track {fitting[0].name} {text.strip()} any more",
                "the next `cratelake run` decides what becomes of it",
            )
        return subject(connection, fitting[0].track_id)
    return Subject(*row)


def events_of(settings: Settings, kind: type[E]) -> list[Recorded[E]]:
    """All events of one kind in the bronze of a lake."""
    with duckdb.connect() as connection:
        return events.read(connection, events.in_bronze(settings.bronze, kind), kind)


def record(settings: Settings, event: PersonEvent) -> None:
    """Put an event into bronze and say so.

    Raises:
        LakeError: it gives no reason.
    """
    if not event.reason.strip():
        raise LakeError("a decision needs a reason", "say why with --reason, for those who find it later")
    bronze.write(
        settings.bronze,
        events.PROVIDER,
        [event.answer()],
        ingest_date=today(),
        extractor_version=event.version,
    )
    out.print(f"event {event.event_id} ({event.kind}) is in bronze")


def actor_named(named: str | None) -> str:
    """Who decides: the one named, else the user of this session."""
    return named or getpass.getuser()
