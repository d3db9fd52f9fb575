"""What people say, as events: the envelope they share, and which of them stand.

An event is an answer of provider ``people`` in bronze, append-only like every other; each kind of decision
has a stream of its own. An event is taken back by a later one that undoes it, and that one can be undone too.
What an event says (two records are one track, a field has this value) belongs to the module of its stream.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

import duckdb
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from lake import bronze
from lake.bronze import Answer

PROVIDER = "people"


class PersonEvent(BaseModel):
    """Who decided, why and when; subclasses add what was decided.

    Attributes:
        event_id: UUID of the event.
        kind: what the event does; ``undo`` takes another one back.
        undoes: the event taken back; only for ``undo``.
        actor: who decided.
        reason: why, in their words.
        occurred_at: when.

    A subclass names its ``stream``, and in ``version`` what writes it (``extractor_version`` in bronze).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    stream: ClassVar[str]
    version: ClassVar[str]

    event_id: str = Field(default_factory=lambda: str(uuid.uuid4()))
    kind: str
    undoes: str | None = None
    actor: str
    reason: str
    occurred_at: AwareDatetime = Field(default_factory=lambda: dt.datetime.now(dt.UTC))

    def answer(self) -> Answer:
        """The event on its way into bronze."""
        return Answer(self.stream, self.event_id, self.model_dump_json(), fetched_at=self.occurred_at)


E = TypeVar("E", bound=PersonEvent)


@dataclass(frozen=True, slots=True)
class Recorded(Generic[E]):
    """An event in bronze.

    Attributes:
        event: what was said.
        bronze_id: the answer that holds it.
        active: whether it stands: nothing that stands undoes it.
        changed_on: the day on which it, or the last that bears on whether it stands, landed.
    """

    event: E
    bronze_id: str
    active: bool
    changed_on: dt.date


def in_bronze(root: Path, kind: type[PersonEvent]) -> str:
    """Table expression of all events of a kind, of which there may be none yet.

    Args:
        root: bronze root.
        kind: what its events are.
    """
    bronze.ensure_stream(root, PROVIDER, kind.stream)
    return bronze.read_sql(root, PROVIDER, kind.stream)


def read(connection: duckdb.DuckDBPyConnection, source: str, kind: type[E]) -> list[Recorded[E]]:
    """All events of a stream, in order of their bronze ids; in which order they arrived does not matter.

    Args:
        connection: any connection.
        source: table expression of the stream (`in_bronze`).
        kind: what its events are.
    """
    rows: Sequence[tuple[str, str, dt.date]] = connection.execute(
        f"select payload, bronze_id, ingest_date from {source} order by bronze_id"
    ).fetchall()
    events = {
        event.event_id: (event, bronze_id, day)
        for event, bronze_id, day in ((kind.model_validate_json(p), b, d) for p, b, d in rows)
    }
    undoing: dict[str, list[str]] = {}
    for event, _, _ in events.values():
        if event.undoes:
            undoing.setdefault(event.undoes, []).append(event.event_id)

    def active(event_id: str) -> bool:
        return not any(active(later) for later in undoing.get(event_id, ()))

    def touched(event_id: str) -> Iterable[dt.date]:
        yield events[event_id][2]
        for later in undoing.get(event_id, ()):
            yield from touched(later)

    return [
        Recorded(event, bronze_id, active(event.event_id), max(touched(event.event_id)))
        for event, bronze_id, _ in events.values()
    ]
