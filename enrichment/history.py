"""Which values a field had, since when, and by whose word."""

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import duckdb


@dataclass(frozen=True, slots=True)
class Spell:
    """A value of a field, for as long as it was the field's value.

    Attributes:
        field: name of the field.
        value: as it stands in the attempt log.
        provider: who gave it; ``person`` for a pin.
        confidence: how sure it was, 0..1.
        since: when it became the value.
        until: when another, or none, took its place; None while it is the value.
        run_id: the run that decided for it.
        replaced_by: the run that decided against it.
        config_hash: version of the configuration it was decided by.
        attempt_id: the accepted attempt.
    """

    field: str
    value: str
    provider: str
    confidence: Decimal
    since: dt.datetime | None
    until: dt.datetime | None
    run_id: str
    replaced_by: str | None
    config_hash: str
    attempt_id: str

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return asdict(self)


def spells(connection: duckdb.DuckDBPyConnection, track_id: str, field: str | None = None) -> list[Spell]:
    """Every value the fields of a track (or one field) had, in order of field and time."""
    rows = connection.execute(
        """
        with spells as (
            select field, value, provider, confidence, replaced_at as until, run_id, replaced_by, config_hash,
                attempt_id
            from silver.former_values where track_id = $id::uuid
            union all
            select field, value, provider, confidence, null, run_id, null, config_hash, attempt_id
            from silver.field_provenance where track_id = $id::uuid
        )
        select s.field, s.value, s.provider, s.confidence,
            coalesce(lag(s.until) over (partition by s.field order by s.until), t.attempted_at) as since,
            s.until, s.run_id, s.replaced_by, s.config_hash, s.attempt_id
        from spells s
        left join (
            select attempt_id, attempted_at from ops.enrichment_transformations where track_id = $id::uuid
        ) t using (attempt_id)
        where $field is null or s.field = $field
        order by s.field, s.until
        """,
        {"id": track_id, "field": field},
    ).fetchall()
    return [Spell(*row) for row in rows]


def plain(value: str | None) -> str:
    """A value of several parts (key, date with precision) as people write it: the rest in brackets."""
    first, *rest = (value or "").split("|")
    return f"{first} ({', '.join(rest)})" if rest else first
