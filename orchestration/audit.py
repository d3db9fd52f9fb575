"""The lake's checks with their arguments filled in, for asset checks, the audit and the command line."""

from collections.abc import Container

import duckdb

from enrichment import pins
from enrichment.config import WaterfallConfig
from enrichment.engine import Day
from enrichment.fields import FIELDS
from enrichment.matching import state
from lake import bronze
from lake.settings import Settings
from quality.check import Check, Outcome, run
from quality.checks import lake_checks


def checks(settings: Settings, config: WaterfallConfig) -> tuple[Check, ...]:
    """All checks over silver, ops and gold."""
    stored = {one.name: one.stored for one in FIELDS.values() if one.stored}
    return lake_checks(config.critical, bronze.read_sql(settings.bronze), stored)


def touched(connection: duckdb.DuckDBPyConnection, day: Day) -> str:
    """SQL condition on ``track_id``: the tracks of a day, and what was written since the day before.

    The latter are those that people's commands decided again between two nights. Leaves temporary table
    ``touched_tracks``.
    """
    state.day_tracks(connection, day)
    pins.touch(connection, day)
    connection.execute(
        f"""
        create or replace temp table touched_tracks as
        select track_id from day_tracks
        union
        select track_id from silver.enriched_tracks where enriched_at >= {day.sql} - interval 1 day
        """
    )
    return "track_id in (select track_id from touched_tracks)"


def audit(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    config: WaterfallConfig,
    *,
    skip: Container[str] = (),
) -> list[Outcome]:
    """Outcomes of the blocking checks, those named in `skip` left out."""
    return [
        run(connection, check)
        for check in checks(settings, config)
        if check.blocking and check.name not in skip
    ]
