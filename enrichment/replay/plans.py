"""Plans: a replay compared with what stands, kept in ``ops.replay_diffs``."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
from pydantic import BaseModel, ConfigDict

from enrichment import config, pins
from enrichment.config import WaterfallConfig
from enrichment.replay import comparison, verdicts
from enrichment.replay.choice import Choice, choose, configuration, fields_named
from enrichment.run import Run
from lake import tables
from lake.errors import LakeError

LAST = "last"
"""In place of a plan's id: the newest."""


class Wanted(BaseModel):
    """A replay as asked for.

    Attributes:
        choice: which tracks.
        fields: names of fields; none means all.
        config_name: ``current``, ``run:<id>`` or ``file:<path>``.
        config_snapshot: that configuration as it was when asked for; None to read it when planned.
        code_note: a word about the code it runs on.
        reason: why.
        actor: who asks.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    choice: Choice
    fields: tuple[str, ...] = ()
    config_name: str = "current"
    config_snapshot: str | None = None
    code_note: str | None = None
    reason: str
    actor: str

    def configuration(self, connection: duckdb.DuckDBPyConnection) -> WaterfallConfig:
        """The configuration that decides.

        Raises:
            LakeError: there is no such configuration.
        """
        if self.config_snapshot is not None:
            return config.parsed(self.config_snapshot)
        return configuration(connection, self.config_name)


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan on record.

    Attributes:
        plan_id: its id.
        choice: which tracks it looked at.
        fields: which fields.
        config_name: what the configuration was called.
        config: the configuration.
        code_version: code it was made with.
        code_note: a word about that code.
        reason: why it was made.
        planned_by: by whom.
        planned_at: when.
        differences: fields that came out differently.
        tracks: tracks they are of.
        by_verdict: verdict -> fields.
        state: ``planned``, ``applied`` or ``undone``.
    """

    plan_id: str
    choice: Choice
    fields: tuple[str, ...]
    config_name: str
    config: WaterfallConfig
    code_version: str
    code_note: str | None
    reason: str
    planned_by: str
    planned_at: dt.datetime
    differences: int
    tracks: int
    by_verdict: dict[str, int]
    state: str


@dataclass(frozen=True, slots=True)
class Made:
    """What came of planning: tracks looked at, and the plan; None where nothing came out differently."""

    looked_at: int
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a plan, before and after."""

    track_id: str
    name: str
    field: str
    before: str | None
    before_provider: str | None
    before_confidence: float | None
    after: str | None
    after_provider: str | None
    after_confidence: float | None
    verdict: str
    causes: list[str]
    finding: str
    run_id: str | None


def decide(
    connection: duckdb.DuckDBPyConnection,
    choice: Choice,
    fields: Sequence[str],
    decided_by: WaterfallConfig,
    people: str,
    *,
    each: comparison.Each = comparison.nothing,
) -> int:
    """Decide chosen tracks once more and judge what comes out differently; writes nothing to the lake.

    Leaves temporary table ``verdicts`` (see `verdicts.judge`).

    Args:
        connection: prepared lake connection.
        choice: which tracks.
        fields: which fields; none means all.
        decided_by: what decides.
        people: table expression of people's pins in bronze; those no run has seen yet count too.
        each: called after each batch (see `comparison.compare`).

    Returns:
        How many tracks were looked at.

    Raises:
        LakeError: nothing fits the choice, or there is no such field.
    """
    named = fields_named(fields)
    tracks = choose(connection, choice)
    pins.read(connection, people)
    run = replace(Run.start("replay", decided_by, named), pins=pins.FRESH)
    gathered = comparison.compare(connection, run, each)
    verdicts.judge(connection, run, gathered=gathered)
    return tracks


def plan(connection: duckdb.DuckDBPyConnection, wanted: Wanted, people: str) -> Made:
    """Make a plan and record it.

    Args:
        connection: prepared lake connection.
        wanted: what is to be replayed.
        people: table expression of people's pins in bronze.

    Raises:
        LakeError: nothing fits the choice, or there is no such field or configuration.
    """
    chosen = wanted.configuration(connection)
    looked_at = decide(connection, wanted.choice, wanted.fields, chosen, people)
    if tables.one(connection, "select count(*) from verdicts") == (0,):
        return Made(looked_at, None)
    plan_id = str(uuid.uuid4())
    constants = {
        "plan_id": plan_id,
        "choice": wanted.choice.model_dump_json(exclude_defaults=True),
        "fields": list(fields_named(wanted.fields)),
        "config_name": wanted.config_name,
        "config_hash": chosen.hash,
        "config_snapshot": chosen.snapshot,
        "code_version": config.code_version(),
        "code_note": wanted.code_note,
        "reason": wanted.reason,
        "planned_by": wanted.actor,
    }
    listed = ", ".join(f"${name} as {name}" for name in constants)
    tables.transaction(
        connection,
        lambda: connection.execute(
            "insert into ops.replay_diffs by name "
            f"select *, {listed}, now() as planned_at from verdicts order by track_id, field",
            constants,
        ),
        message=f"replay plan {plan_id}",
    )
    return Made(looked_at, plan_named(connection, plan_id))


_PLANS = """
    with counted as (
        select plan_id, verdict, count(*) as fields from ops.replay_diffs group by plan_id, verdict
    ),
    plans as (
        select plan_id, any_value(choice)::varchar as choice, any_value(fields) as fields,
            any_value(config_name) as config_name, any_value(config_snapshot)::varchar as config_snapshot,
            any_value(code_version) as code_version, any_value(code_note) as code_note,
            any_value(reason) as reason, any_value(planned_by) as planned_by,
            any_value(planned_at) as planned_at, count(*) as differences,
            count(distinct track_id) as tracks
        from ops.replay_diffs group by plan_id
    )
    select p.*, (select map_from_entries(list((verdict, fields))) from counted c where c.plan_id = p.plan_id),
        coalesce((
            select arg_max(case action when 'apply' then 'applied' else 'undone' end, corrected_at)
            from ops.replay_corrections c where c.plan_id = p.plan_id), 'planned')
    from plans p
"""


def plans(connection: duckdb.DuckDBPyConnection, limit: int) -> list[Plan]:
    """The plans on record, newest first."""
    rows = connection.execute(f"{_PLANS} order by planned_at desc limit $limit", {"limit": limit}).fetchall()
    return [_plan(row) for row in rows]


def plan_named(connection: duckdb.DuckDBPyConnection, text: str) -> Plan:
    """The plan whose id is, or begins with, `text`; ``last`` is the newest.

    Raises:
        LakeError: none fits, or several do.
    """
    if text == LAST:
        rows = connection.execute(f"{_PLANS} order by planned_at desc limit 1").fetchall()
    else:
        rows = connection.execute(f"{_PLANS} where starts_with(plan_id, $text)", {"text": text}).fetchall()
    if len(rows) != 1:
        raise LakeError(
            f"{'several plans begin' if rows else 'no plan begins'} with {text[:80]!r}",
            "`cratelake replay list` lists them; a plan that found no difference leaves none",
        )
    return _plan(rows[0])


def _plan(row: Sequence[Any]) -> Plan:
    plan_id, choice, fields, config_name, snapshot, *rest = row
    decided_by = config.parsed(snapshot)
    return Plan(plan_id, Choice.model_validate_json(choice), tuple(fields), config_name, decided_by, *rest)


def differences(
    connection: duckdb.DuckDBPyConnection, plan_id: str, limit: int | None = None
) -> list[Difference]:
    """The fields of a plan, by verdict, what is played most first."""
    rows = connection.execute(
        f"""
        with plays as (
            select track_id, count(*) as plays from silver.playlist_tracks
            where track_id in (select track_id from ops.replay_diffs where plan_id = $plan_id)
            group by track_id
        )
        select d.track_id::varchar, concat_ws(' - ', t.artist, t.title), d.field, d.before_value,
            d.before_provider, d.before_confidence::double, d.after_value, d.after_provider,
            d.after_confidence::double, d.verdict, d.causes, d.finding, d.before_run_id
        from (select * from ops.replay_diffs where plan_id = $plan_id) d
        left join silver.enriched_tracks t using (track_id)
        left join plays p using (track_id)
        order by list_position(['code', 'configuration', 'data', 'person'], d.verdict),
            coalesce(p.plays, 0) desc, d.track_id, d.field
        limit {limit if limit is not None else "all"}
        """,
        {"plan_id": plan_id},
    ).fetchall()
    return [Difference(*row) for row in rows]
