"""Values people pin: events in bronze, folded here, that stand before every provider in the waterfall.

An event gives a field of a track a value, or takes an earlier event back. It names a record of the track, not
the track: ids of tracks come and go with the clustering, records stay, and the pin follows its record. Of
several pins that stand for a field of one track the latest counts; taking it back lets the one before it
count again, or the waterfall.
"""

from typing import ClassVar, Literal

import duckdb
import pyarrow as pa

from enrichment import events
from enrichment.engine import Day
from enrichment.events import PersonEvent
from enrichment.fields import COLUMNS, FIELDS
from lake import tables
from lake.errors import LakeError

PROVIDER, STREAM = events.PROVIDER, "field_pins"
VERSION = "field_pins 1"
"""What wrote the events: ``extractor_version`` in bronze."""
TABLE = "silver.field_pins"
"""Where the folded events stand."""
FRESH = "fresh_pins"
"""Temporary table of them, before they are stored."""
PERSON = "person"
"""Provider of a pinned value in the attempt log and in provenance."""


class Pin(PersonEvent):
    """One pin, as bronze keeps it.

    Attributes:
        kind: ``pin`` or ``undo``.
        record_id: a record of the track; None for ``undo``.
        field: field of the waterfall; None for ``undo``.
        value: what the person gave, untouched; None for ``undo``.
    """

    stream: ClassVar[str] = STREAM
    version: ClassVar[str] = VERSION

    kind: Literal["pin", "undo"]
    record_id: str | None = None
    field: str | None = None
    value: str | None = None


def field_named(text: str) -> str:
    """The field a person means: its name, or a column it fills (``key_camelot`` is ``key``).

    Raises:
        LakeError: the waterfall fills no such field.
    """
    name = text.strip().lower()
    name = COLUMNS.get(name, name)
    if name not in FIELDS:
        raise LakeError(f"there is no field {text[:80]!r}", f"use one of {', '.join(FIELDS)}")
    return name


def normalised(connection: duckdb.DuckDBPyConnection, field: str, text: str) -> str:
    """What the waterfall makes of a value a person gives.

    Args:
        connection: prepared connection (macros and functions in place).
        field: name of a field.
        text: the value as given.

    Raises:
        LakeError: it is no valid value of the field.
    """
    one = FIELDS[field]
    (value,) = tables.one(connection, f"select {one.parse('$text::varchar')}", {"text": text})
    if value is None:
        raise LakeError(f"{text[:80]!r} is no valid {field}", f"give {one.form}")
    return str(value)


def fold(connection: duckdb.DuckDBPyConnection, bronze: str) -> tables.Changes:
    """Bring ``silver.field_pins`` to what all events say; their order of arrival does not matter.

    Args:
        connection: prepared lake connection.
        bronze: table expression of the stream.
    """
    read(connection, bronze)
    return tables.transaction(
        connection,
        lambda: tables.merge_changed(connection, TABLE, FRESH, key=("event_id",), scope="true"),
        message="people's pins",
    )


def read(connection: duckdb.DuckDBPyConnection, bronze: str) -> None:
    """Temporary table ``fresh_pins``: what ``silver.field_pins`` is to be."""
    folded = [
        {
            **recorded.event.model_dump(include={"event_id", "record_id", "field", "actor", "reason"}),
            "said": recorded.event.value,
            "occurred_at": recorded.event.occurred_at,
            "active": recorded.active,
            "changed_on": recorded.changed_on,
            "bronze_id": recorded.bronze_id,
        }
        for recorded in events.read(connection, bronze, Pin)
        if recorded.event.kind == "pin"
    ]
    connection.register("pins_batch", pa.Table.from_pylist(folded, _FOLDED))
    values = " ".join(f"when '{one.name}' then {one.parse('said')}" for one in FIELDS.values())
    connection.execute(
        f"create or replace temp table {FRESH} as select *, case field {values} end as value from pins_batch"
    )
    connection.unregister("pins_batch")


_FOLDED = pa.schema(
    [
        *(pa.field(name, pa.string()) for name in ("event_id", "record_id", "field", "said")),
        *(pa.field(name, pa.string()) for name in ("actor", "reason")),
        pa.field("occurred_at", pa.timestamp("us", tz="UTC")),
        pa.field("active", pa.bool_()),
        pa.field("changed_on", pa.date32()),
        pa.field("bronze_id", pa.string()),
    ]
)

_LATEST = """
    max({'occurred_at': p.occurred_at, 'event_id': p.event_id, 'record_id': p.record_id,
        'bronze_id': p.bronze_id, 'said': p.said, 'value': p.value}) filter (p.active)"""
"""SQL aggregate over ``silver.field_pins`` with alias ``p``: the pin that counts, NULL if none stands."""


def standing(table: str = TABLE, at: str = "", members: str = "silver.track_members") -> str:
    """SQL of every field of a track that is or was pinned, with the pin that counts.

    Args:
        table: where the pins are.
        at: what follows a table of the lake to read an earlier version of it.
        members: members of the tracks that are asked about.
    """
    return f"""
    select m.track_id, p.field, {_LATEST} as last, max(p.changed_on) as changed_on
    from {table} p{at} join {members} m using (record_id)
    group by m.track_id, p.field"""


def touch(connection: duckdb.DuckDBPyConnection, day: Day) -> None:
    """Add to ``day_tracks`` those whose pins changed on `day`, or whose values are not what the pins say."""
    if tables.one(connection, "select count(*) from silver.field_pins") == (0,):
        return
    connection.execute(
        f"""
        insert into day_tracks
        select distinct s.track_id
        from ({standing()}) s
        left join (
            select track_id, field, bronze_id from silver.field_provenance where provider = '{PERSON}'
        ) v using (track_id, field)
        where (s.changed_on = {day.sql} or s.last.bronze_id is distinct from v.bronze_id)
            and s.track_id not in (select track_id from day_tracks)
        """
    )


def of_batch(connection: duckdb.DuckDBPyConnection, table: str, at: str) -> None:
    """Temporary table ``pinned``: the pin that counts per field of the tracks in ``batch_tracks``.

    Reads ``batch_members`` and ``spoken``.

    Args:
        connection: any connection.
        table: where the pins are.
        at: as of `standing`.
    """
    pinned = standing(table, at, "batch_members")
    connection.execute(
        f"""
        create or replace temp table pinned as
        select -row_number() over () as record_no, b.track_no, s.field, s.last.record_id as record_id,
            s.last.bronze_id as bronze_id, s.last.occurred_at as fetched_at, s.last.said as said,
            s.last.value as value, digest_number(s.last.event_id) as evidence
        from ({pinned}) s join batch_tracks b using (track_id)
        where s.last is not null and b.track_no in (select track_no from spoken where usable)
        """
    )
