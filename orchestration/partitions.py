"""Partitions: days of ingestion, UTC. The only place that defines them."""

import datetime as dt

import dagster as dg

from enrichment.engine import Day

FIRST_DAY = "2025-01-01"
daily = dg.DailyPartitionsDefinition(start_date=FIRST_DAY, timezone="UTC", end_offset=1)
"""One partition per UTC day on which bronze landed, today included."""


one_day_a_run = dg.BackfillPolicy.multi_run(max_partitions_per_run=1)
"""Backfills run a day at a time: a step works on one partition."""


def day_of(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> Day:
    """The day a partitioned run works on."""
    return Day(dt.date.fromisoformat(context.partition_key))


def today() -> dt.date:
    """The UTC day it is."""
    return dt.datetime.now(dt.UTC).date()
