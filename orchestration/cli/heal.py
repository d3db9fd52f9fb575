"""``cratelake heal``: what stands in quarantine gets a second chance, after rules or parsers were mended."""

import uuid

from enrichment import config, pipeline
from orchestration.cli.console import out, table
from orchestration.cli.people import lake


def heal() -> None:
    """Look again at the refused rows, replay the answers of those that pass, and say what stays."""
    with lake() as (settings, connection):
        left, tracks = pipeline.heal(connection, settings, config.load(), str(uuid.uuid4()))
        stay = connection.execute(
            "select provider, rule, action, count(*), min(first_seen), max(last_seen), any_value(remedy) "
            "from silver.quarantine where healed_at is null group by all order by 4 desc, 1, 2"
        ).fetchall()
    out.print(f"{left:,} rows left the quarantine, {tracks:,} tracks were decided again")
    columns = ("provider", "rule", "action", "rows", "first seen", "last seen", "remedy")
    if stay:
        out.print(table("In quarantine", columns, stay, right=(3,)))
    if left:
        out.print("the next [bold]cratelake run[/bold] publishes them")
