"""The lake's checks with their arguments filled in, for asset checks, the audit and the command line."""

from collections.abc import Container

import duckdb

from enrichment.config import WaterfallConfig
from lake import bronze
from lake.settings import Settings
from quality.checks import Check, Outcome, lake_checks, run


def checks(settings: Settings, config: WaterfallConfig) -> tuple[Check, ...]:
    """All checks over silver, ops and gold."""
    return lake_checks(config.critical, bronze.read_sql(settings.bronze))


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
