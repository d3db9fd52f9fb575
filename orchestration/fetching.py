"""Planning what to ask, and the ground to ask from: what assets and commands share.

The pure part is `enrichment.frontier`, the asking `extractors.frontier`.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from enrichment import config, frontier, records
from enrichment.engine import Day
from enrichment.frontier import Scope, Step
from extractors.frontier import desks, outcomes, plan, schema
from extractors.frontier.desks import Desk
from extractors.frontier.outcomes import AVAILABLE, Standing
from extractors.http.settings import HttpSettings
from extractors.http.stack import Ground
from extractors.http.store import recover
from extractors.sandbox.delivery import Delivery, deliver, delivered
from extractors.sandbox.server.process import serving
from extractors.sandbox.world import WorldSpec
from extractors.sources.asks import FIND
from extractors.sources.registry import SOURCES
from lake import bronze
from lake.settings import Settings

ASKED = tuple(sorted(name for name, source in SOURCES.items() if source.asks is not None))
"""Providers that can be of use to the waterfall."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is asked tonight, and how everybody stands.

    Attributes:
        desks: those who can be asked.
        standings: all who could be of use.
    """

    desks: Mapping[str, Desk]
    standings: Mapping[str, Standing]


def is_sandbox(settings: Settings) -> bool:
    """Whether this lake holds, or being empty shall get, the sandbox world."""
    return (settings.sandbox / "world.json").exists() or not any(bronze.landed(settings.bronze))


def check_settings() -> None:
    """Read all settings of asking, so that a wrong one is told before work begins.

    Raises:
        ValidationError: naming the setting.
    """
    HttpSettings()
    for source in SOURCES.values():
        source.settings()


def sandbox_delivery(settings: Settings) -> Delivery:
    """The sandbox world of these settings, written out; a lake keeps the world it has if they name none."""
    named = {"sandbox_tracks", "sandbox_sets", "sandbox_seed"} & settings.model_fields_set
    kept = None if named else delivered(settings.sandbox)
    spec = WorldSpec(tracks=settings.sandbox_tracks, sets=settings.sandbox_sets, seed=settings.sandbox_seed)
    return deliver(kept or spec, settings.sandbox)


@contextmanager
def ground(settings: Settings, run_id: str) -> Iterator[Ground]:
    """Where requests are made from; for a sandbox lake with a sandbox server, unless one is named."""
    http = HttpSettings()
    if not is_sandbox(settings) or "sandbox" in http.model_fields_set:
        yield Ground(settings.bronze, settings.http, http, run_id=run_id)
        return
    delivery = sandbox_delivery(settings)
    with serving(delivery.root, speed=http.sandbox_speed, faults=settings.sandbox_faults) as address:
        here = http.model_copy(update={"sandbox": address})
        yield Ground(settings.bronze, settings.http, here, run_id=run_id)


def take_stock(connection: duckdb.DuckDBPyConnection, settings: Settings, *, budgets: bool = True) -> Plan:
    """Bring outcomes and states up to date, those of a killed run included, and see who can be asked."""
    schema.prepare(connection)
    for name in ASKED:
        source = SOURCES[name]
        streams = [stream.name for stream in source.streams]
        recover(settings.bronze, settings.http, name, streams, f"{name}_http/{source.version}")
    outcomes.take_in(connection, settings.bronze, ASKED)
    stands = standing(connection, settings, budgets=budgets)
    outcomes.update_status(connection, stands.standings, dt.datetime.now(dt.UTC))
    return stands


def standing(connection: duckdb.DuckDBPyConnection, settings: Settings, *, budgets: bool = True) -> Plan:
    """Who can be asked, by settings and by what was spent today."""
    schema.prepare(connection)
    spent = outcomes.spent_today(connection, dt.datetime.now(dt.UTC).date())
    return Plan(*desks.set_up(HttpSettings(), spent, sandbox=is_sandbox(settings), budgets=budgets))


def draw_up(
    connection: duckdb.DuckDBPyConnection, settings: Settings, drawn: Plan, *, run_id: str, scope: Scope
) -> None:
    """Leave the plan in temporary tables ``planned`` and ``jobs``."""
    now = dt.datetime.now(dt.UTC)
    troubled = {
        row[0]
        for row in connection.execute(
            f"select provider from ops.provider_status where state <> '{AVAILABLE}'"
        ).fetchall()
    }
    steps = [
        Step(
            desk.provider,
            name,
            fields,
            desk.streams[name],
            desk.asks.ways,
            first=name == FIND,
            heeded=desk.provider not in troubled,
            mode=desk.settings.mode.value,
        )
        for desk in drawn.desks.values()
        for name, fields in desk.asks.steps.items()
    ]
    frontier.find_wants(connection, config.load(), steps, now=now, scope=scope, wanted=_wanted(connection))
    plan.make(connection, settings.bronze, drawn.desks, now=now, run_id=run_id)


def draw_up_night(
    connection: duckdb.DuckDBPyConnection, settings: Settings, drawn: Plan, day: Day, *, run_id: str
) -> None:
    """Make the night's plan; a later run of the day goes on with it, and with who came in since."""
    records.build(connection, day)  # names that came in today; they are tracks only after matching
    today = dt.datetime.now(dt.UTC).date()
    begun = connection.execute(
        "select 1 from ops.enrichment_frontier where planned_on = $today limit 1", {"today": today}
    ).fetchone()
    if begun is None:
        draw_up(connection, settings, drawn, run_id=run_id, scope=Scope())
        plan.store(connection)
        return
    tonight = "select m.track_id from ops.enrichment_frontier f join silver.track_members m using (record_id)"
    draw_up(connection, settings, drawn, run_id=run_id, scope=Scope(known=f"t.track_id in ({tonight})"))
    connection.execute(
        """
        delete from planned where track_id is not null and (track_id, provider, step) not in (
            select m.track_id, f.provider, f.step
            from ops.enrichment_frontier f join silver.track_members m using (record_id))
        """
    )
    connection.execute("delete from jobs where task_id not in (select task_id from planned)")
    plan.store(connection, add=True)


def _wanted(connection: duckdb.DuckDBPyConnection) -> str:
    """Query of the records that somebody waits for: those of the want-list, where the lake has one."""
    listed = connection.execute(
        "select 1 from duckdb_tables() where database_name = 'lake' and schema_name = 'silver' "
        "and table_name = 'want_list'"
    ).fetchone()
    if listed is None:
        return "select null::varchar as record_id where false"
    return (
        "select m.record_id from silver.want_list w join silver.track_members m using (track_id) "
        "where w.status = 'wanted'"
    )
