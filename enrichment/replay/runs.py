"""Which run decided a value, and what it had in hand: configuration, code version, inputs."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from lake.errors import LakeError

SNAPSHOTS = """
    select config_hash, any_value(waterfall_config_snapshot)::varchar as snapshot
    from ops.enrichment_pipeline_runs group by config_hash
"""
"""SQL of every configuration that is on record."""


@dataclass(frozen=True, slots=True)
class RunView:
    """One enrichment run as recorded.

    Attributes:
        run_id: its id.
        day: its partition; None for a correction.
        started_at: when it began.
        finished_at: when it ended.
        status: how it ended.
        config_hash: version of its configuration.
        snapshot: that configuration, as JSON.
        code_version: version of the deciding code.
        bronze_answers: answers it had to look at.
        records: provider records of the tracks it decided.
        tracks: tracks it decided.
        changed: tracks that came out differently.
        attempts: attempts it added to the log.
        accepted: fields that got a value.
    """

    run_id: str
    day: dt.date | None
    started_at: dt.datetime
    finished_at: dt.datetime
    status: str
    config_hash: str
    snapshot: str
    code_version: str
    bronze_answers: int
    records: int
    tracks: int
    changed: int
    attempts: int
    accepted: int

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return asdict(self)


def run_named(connection: duckdb.DuckDBPyConnection, text: str) -> RunView:
    """The run whose id is, or begins with, `text`; of several days under one id the latest.

    Raises:
        LakeError: no run fits, or several do.
    """
    rows = connection.execute(
        """
        select run_id, ingest_date, started_at, finished_at, status, config_hash,
            waterfall_config_snapshot::varchar, code_version, bronze_answers, records_touched,
            tracks_resolved, tracks_changed, attempts_new, fields_accepted
        from ops.enrichment_pipeline_runs where starts_with(run_id, $text)
        order by run_id = $text desc, started_at desc
        """,
        {"text": text},
    ).fetchall()
    found = {row[0] for row in rows}
    if not rows or (len(found) > 1 and text not in found):
        raise LakeError(
            f"{'several runs begin' if rows else 'no run begins'} with {text[:80]!r}",
            "`cratelake status` lists the last runs, `cratelake replay find` tells the run of a value",
        )
    return RunView(*rows[0])


def inputs(connection: duckdb.DuckDBPyConnection, run_id: str) -> list[str]:
    """Bronze ids of the answers that the attempts of a run rest on, in order."""
    rows = connection.execute(
        "select distinct bronze_id from ops.enrichment_transformations "
        "where run_id = $run_id and bronze_id is not null order by 1",
        {"run_id": run_id},
    ).fetchall()
    return [bronze_id for (bronze_id,) in rows]


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision behind a value of a track."""

    field: str
    value: str
    provider: str
    confidence: float
    threshold: float
    bronze_id: str
    attempt_id: str
    run_id: str
    config_hash: str
    code_version: str
    decided_at: dt.datetime


def decisions(connection: duckdb.DuckDBPyConnection, track_id: str, field: str | None) -> list[Decided]:
    """The decisions behind the values of a track, or of one of its fields, by field."""
    rows = connection.execute(
        """
        select p.field, p.value, p.provider, p.confidence::double, p.threshold::double, p.bronze_id,
            p.attempt_id, p.run_id, p.config_hash, t.code_version, t.attempted_at
        from (select * from silver.field_provenance where track_id = $id::uuid) p
        join (select * from ops.enrichment_transformations where track_id = $id::uuid) t using (attempt_id)
        where $field is null or p.field = $field
        order by p.field
        """,
        {"id": track_id, "field": field},
    ).fetchall()
    return [Decided(*row) for row in rows]
