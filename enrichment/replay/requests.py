"""The queue of replays: ``ops.pipeline_replay_queue``, one row per request, worked by whoever runs jobs."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from enrichment import config
from enrichment.replay import corrections
from enrichment.replay.choice import Choice, configuration, fields_named
from enrichment.replay.plans import Made, Wanted, plan
from lake import tables
from lake.errors import LakeError

QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"
LAYER = "silver"
"""Layer a replay decides; gold follows with the next run."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request in the queue.

    Attributes:
        request_id: its id.
        wanted: what is to be replayed.
        apply: whether the plan is to be applied at once.
        state: ``queued``, ``running``, ``done`` or ``failed``.
        state_reason: what came of it, in words.
        run_id: run that works or worked on it.
        plan_id: the plan it led to.
        requested_at: when it was asked for, as text.
    """

    request_id: str
    wanted: Wanted
    apply: bool
    state: str
    state_reason: str | None
    run_id: str | None
    plan_id: str | None
    requested_at: str


def enqueue(connection: duckdb.DuckDBPyConnection, wanted: Wanted, *, apply: bool) -> str:
    """Put a request into the queue.

    The configuration is looked up now, so that what makes no sense is refused at once; that of a file is kept
    with the request, ``current`` is that of the moment it is worked.

    Returns:
        Id of the request.

    Raises:
        LakeError: there is no such field or configuration, or nothing is chosen.
    """
    wanted.choice.checked()
    fields = fields_named(wanted.fields) if wanted.fields else ()
    chosen = configuration(connection, wanted.config_name)
    kind, _, named = wanted.config_name.partition(":")
    row = {
        "request_id": str(uuid.uuid4()),
        "track_ids": list(wanted.choice.tracks),
        "bronze_ids": list(wanted.choice.bronze_ids),
        "ingest_date": wanted.choice.day,
        "quarantined": wanted.choice.quarantined,
        "everything": wanted.choice.everything,
        "target_layer": LAYER,
        "use_historical_config": kind == "run",
        "config_snapshot_run_id": named if kind == "run" else None,
        "config_name": wanted.config_name,
        "config_snapshot": chosen.snapshot if kind == "file" else None,
        "fields_to_replay": list(fields),
        "code_note": wanted.code_note,
        "reason": wanted.reason,
        "apply": apply,
        "requested_by": wanted.actor,
        "state": QUEUED,
    }
    listed = ", ".join(f"${name} as {name}" for name in row)
    tables.transaction(
        connection,
        lambda: connection.execute(
            f"insert into ops.pipeline_replay_queue by name select {listed}, now() as requested_at", row
        ),
        message=f"replay request {row['request_id']}",
    )
    return str(row["request_id"])


def requests(connection: duckdb.DuckDBPyConnection, *states: str, limit: int | None = None) -> list[Request]:
    """Requests in the given states (or all), oldest first; with a limit the newest of them."""
    rows = connection.execute(
        f"""
        select * from (
            select request_id, track_ids, bronze_ids, ingest_date, quarantined, everything, fields_to_replay,
                config_name, config_snapshot::varchar, code_note, reason, requested_by, apply, state,
                state_reason, run_id, plan_id, requested_at
            from ops.pipeline_replay_queue where len($states) = 0 or list_contains($states, state)
            order by requested_at desc limit {limit if limit is not None else "all"}
        ) order by requested_at
        """,
        {"states": list(states)},
    ).fetchall()
    return [_request(row) for row in rows]


def _request(row: Sequence[Any]) -> Request:
    request_id, track_ids, bronze_ids, day, quarantined, everything, fields, *rest = row
    config_name, snapshot, code_note, reason, actor, apply, state, state_reason, run_id, plan_id, at = rest
    choice = Choice(
        tracks=track_ids, bronze_ids=bronze_ids, day=day, quarantined=quarantined, everything=everything
    )
    wanted = Wanted(
        choice=choice,
        fields=fields,
        config_name=config_name,
        config_snapshot=snapshot,
        code_note=code_note,
        reason=reason,
        actor=actor,
    )
    return Request(request_id, wanted, apply, state, state_reason, run_id, plan_id, str(at))


def work(connection: duckdb.DuckDBPyConnection, request_id: str, run_id: str, people: str) -> Made:
    """Make the plan of a request, apply it if it asks for that, and enter what came of it.

    Args:
        connection: prepared lake connection.
        request_id: id of a request that is queued.
        run_id: run that works on it.
        people: table expression of people's pins in bronze.

    Raises:
        LakeError: no such request is queued, or it cannot be worked, which is entered too.
    """
    request = next((one for one in requests(connection, QUEUED) if one.request_id == request_id), None)
    if request is None:
        raise LakeError(f"no request {request_id} is queued", "`cratelake replay list` shows the queue")
    _enter(connection, request_id, {"state": RUNNING, "run_id": run_id}, "started_at")
    try:
        made = plan(connection, request.wanted, people)
        said = "nothing came out differently"
        if made.plan:
            said = f"{made.plan.differences} fields of {made.plan.tracks} tracks came out differently"
            _enter(connection, request_id, {"plan_id": made.plan.plan_id})
            if request.apply:
                done = corrections.apply(
                    connection, made.plan.plan_id, people, request.wanted.actor, config.load()
                )
                said += f"; applied by run {done.run_id}"
    except (LakeError, duckdb.Error) as error:
        fail(connection, request_id, str(error))
        raise
    _enter(connection, request_id, {"state": DONE, "state_reason": said}, "finished_at")
    return made


def fail(connection: duckdb.DuckDBPyConnection, request_id: str, reason: str) -> None:
    """Enter that a request came to nothing, and why."""
    _enter(connection, request_id, {"state": FAILED, "state_reason": reason}, "finished_at")


def _enter(
    connection: duckdb.DuckDBPyConnection,
    request_id: str,
    values: Mapping[str, str],
    clock: str | None = None,
) -> None:
    """Set columns of a request, and one of its clocks to now."""
    listed = [f"{name} = ${name}" for name in values] + ([f"{clock} = now()"] if clock else [])
    tables.transaction(
        connection,
        lambda: connection.execute(
            f"update ops.pipeline_replay_queue set {', '.join(listed)} where request_id = $request_id",
            {**values, "request_id": request_id},
        ),
        message=f"replay request {request_id}",
    )
