"""Corrections: storing the outcome of a plan, and taking it back; each is a run of its own, and on record."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

import duckdb

from enrichment import pins, pipeline
from enrichment.config import WaterfallConfig
from enrichment.replay.comparison import differs
from enrichment.replay.plans import Plan, plan_named
from enrichment.run import Run
from lake import tables
from lake.errors import LakeError

APPLY, UNDO = "apply", "undo"
TRANSFORMATION = "correction"
"""What attempts of a correction are called in the log."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A plan that was applied or undone.

    Attributes:
        plan_id: the plan.
        action: ``apply`` or ``undo``.
        run_id: the run that did it.
        fields: fields that were changed.
        tracks: tracks they are of.
        left_alone: fields of the plan that were not: they had another value by then.
        snapshot_before: the lake's snapshot before.
        snapshot_after: and after.
    """

    plan_id: str
    action: str
    run_id: str
    fields: int
    tracks: int
    left_alone: int
    snapshot_before: int
    snapshot_after: int


def apply(
    connection: duckdb.DuckDBPyConnection, text: str, people: str, actor: str, scored_by: WaterfallConfig
) -> Correction:
    """Store what a plan found, and nothing else, in one transaction; attempts are logged as corrections.

    The fields are decided again: if anything would not come out as the plan says, nothing is stored.

    Args:
        connection: prepared lake connection.
        text: id of the plan, or how it begins.
        people: table expression of people's pins in bronze.
        actor: who applies it.
        scored_by: the present configuration, which scores tracks whatever decided their fields.

    Raises:
        LakeError: there is no such plan, it is applied, or the lake has moved on since it was made.
    """
    plan = plan_named(connection, text)
    if plan.state == "applied":
        raise LakeError(
            f"plan {plan.plan_id} is applied already", f"`cratelake replay undo {plan.plan_id}` takes it back"
        )
    pins.fold(connection, people)
    run = _run(connection, plan)

    def as_planned() -> None:
        _require_as_planned(connection, plan)

    return _correct(connection, plan, run, action=APPLY, actor=actor, scored_by=scored_by, amend=as_planned)


def undo(
    connection: duckdb.DuckDBPyConnection, text: str, actor: str, scored_by: WaterfallConfig
) -> Correction:
    """Give fields that a plan changed the values they had; those that have changed since are left alone.

    Args:
        connection: prepared lake connection.
        text: id of the plan, or how it begins.
        actor: who takes it back.
        scored_by: the present configuration.

    Raises:
        LakeError: there is no such plan, or it is not applied.
    """
    plan = plan_named(connection, text)
    if plan.state != "applied":
        raise LakeError(
            f"plan {plan.plan_id} is {plan.state}", f"`cratelake replay apply {plan.plan_id}` applies it"
        )
    run = _run(connection, plan)
    (before,) = tables.one(
        connection,
        "select arg_max(snapshot_before, corrected_at) from ops.replay_corrections "
        "where plan_id = $plan_id and action = 'apply'",
        {"plan_id": plan.plan_id},
    )
    connection.execute(
        f"""
        create or replace temp table planned as
        select d.* from planned d
        left join ({_STANDING.format(tracks="planned")}) p on p.track_id = d.track_id and p.field = d.field
        where not {differs("d.after_", "p.")}
        """
    )

    def restore() -> None:
        for statement in _FORMER:
            connection.execute(statement.format(at=f" at (version => {before})"))

    return _correct(connection, plan, run, action=UNDO, actor=actor, scored_by=scored_by, amend=restore)


_STANDING = "select p.* from silver.field_provenance p where track_id in (select track_id from {tracks})"

# what the batch's fields were, in place of what the waterfall has just tried
_FORMER = (
    "delete from resolved",
    "delete from provenance",
    "delete from fresh_conflicts",
    """
    insert into provenance by name
    select p.*, coalesce(json_extract(e.enrichment_metadata, '$."' || p.field || '".fetched_at')::varchar,
        'null') as fetched_at
    from silver.field_provenance p{at}
    semi join batch_fields f on f.track_id = p.track_id and f.field = p.field
    left join (select * from silver.enriched_tracks e{at}) e using (track_id)
    """,
    """
    insert into fresh_conflicts by name
    select c.* from silver.field_conflicts c{at}
    semi join batch_fields f on f.track_id = c.track_id and f.field = c.field
    """,
)


def _run(connection: duckdb.DuckDBPyConnection, plan: Plan) -> Run:
    """A run over the fields of a plan, whose rows are now in temporary table ``planned``."""
    connection.execute(
        "create or replace temp table planned as select * from ops.replay_diffs where plan_id = $plan_id",
        {"plan_id": plan.plan_id},
    )
    changed = connection.execute("select distinct field from planned order by 1").fetchall()
    run = Run.start(str(uuid.uuid4()), plan.config, tuple(field for (field,) in changed))
    return replace(run, transformation=TRANSFORMATION)


def _require_as_planned(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Refuse to store a batch of which a field was, or comes out, otherwise than planned.

    Raises:
        LakeError: naming some of the fields.
    """
    rows = connection.execute(
        f"""
        select d.track_id::varchar, d.field
        from planned d
        semi join batch_tracks b on b.track_id = d.track_id
        left join provenance x on x.track_id = d.track_id and x.field = d.field
        left join ({_STANDING.format(tracks="batch_tracks")}) p
            on p.track_id = d.track_id and p.field = d.field
        where {differs("d.before_", "p.")} or {differs("d.after_", "x.")}
        order by 1, 2
        """
    ).fetchall()
    if rows:
        some = "; ".join(f"{field} of {track_id}" for track_id, field in rows[:3])
        raise LakeError(
            f"the lake has moved on: {len(rows)} of the {plan.differences} fields of plan {plan.plan_id} "
            f"are or come out otherwise than planned ({some})",
            "nothing was changed; make the plan again and look at what it says now",
        )


def _correct(
    connection: duckdb.DuckDBPyConnection,
    plan: Plan,
    run: Run,
    *,
    action: str,
    actor: str,
    scored_by: WaterfallConfig,
    amend: Callable[[], None],
) -> Correction:
    """Store the fields in ``planned`` as a run, and the run as a correction, in one transaction."""
    fields, tracks = tables.one(connection, "select count(*), count(distinct track_id) from planned")
    left, before = plan.differences - fields, tables.snapshot(connection)
    subject = f"replay plan {plan.plan_id}, {action} by {actor}"
    connection.execute("create or replace temp table day_tracks as select distinct track_id from planned")

    def work() -> None:
        pipeline.resolve_tracks(
            connection,
            run,
            scored_by,
            None,
            only="(track_id, field) in (select track_id, field from planned)",
            subject=subject,
            amend=amend,
        )
        connection.execute(
            """
            insert into ops.replay_corrections by name
            select $plan_id as plan_id, $action as action, $run_id as run_id, $actor as actor,
                $fields as fields, $tracks as tracks, $left as left_alone, $before as snapshot_before,
                now() as corrected_at
            """,
            {
                "plan_id": plan.plan_id,
                "action": action,
                "run_id": run.run_id,
                "actor": actor,
                "fields": fields,
                "tracks": tracks,
                "left": left,
                "before": before,
            },
        )

    tables.transaction(connection, work, message=subject)
    after = tables.snapshot(connection)
    tables.transaction(
        connection,
        lambda: connection.execute(
            "update ops.replay_corrections set snapshot_after = $after where run_id = $run_id",
            {"after": after, "run_id": run.run_id},
        ),
        message=f"{subject}: snapshot noted",
    )
    return Correction(plan.plan_id, action, run.run_id, fields, tracks, left, before, after)
