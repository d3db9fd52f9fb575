"""``cratelake whatif``: what another configuration would change, before anything is applied."""

import json as jsonlib
from pathlib import Path

from rich.markup import escape

from enrichment import config, events, pins
from enrichment.replay import whatif as replays
from enrichment.replay.choice import Choice
from enrichment.replay.whatif import WhatIf
from orchestration.cli.console import err, out, table
from orchestration.cli.people import lake
from orchestration.cli.results import writable, write


def whatif(file: Path, choice: Choice, top: int, target: Path | None, *, as_json: bool) -> None:
    """Decide the tracks under the configuration in `file` and print what would change.

    Raises:
        LakeError: the file breaks a rule, there is no track to look at, or --out cannot be written.
    """
    chosen = config.load(file)
    if target:
        writable(target)
    with lake() as (settings, connection), err.status("deciding under the other configuration"):
        found = replays.whatif(connection, chosen, events.in_bronze(settings.bronze, pins.Pin), choice, top)
        if target:
            rows = "select * exclude (causes), array_to_string(causes, ', ') as causes from verdicts"
            write(connection.execute(f"{rows} order by track_id, field").pl(), target)
    if as_json:
        print(jsonlib.dumps(found.as_dict(), default=str, ensure_ascii=False, indent=2))  # noqa: T201
        return
    _print(found, file)
    if target:
        out.print(f"{found.fields_changed:,} rows are in {escape(str(target))}")


def _print(found: WhatIf, file: Path) -> None:
    out.print(
        f"{found.tracks:,} tracks under {escape(str(file))} ({found.config_hash}): "
        f"[bold]{found.fields_changed:,} fields of {found.tracks_changed:,} tracks[/bold] would come out "
        "differently"
    )
    if found.fields_changed:
        _changes(found)
    out.print(
        f"quality: mean {found.quality_before} → {found.quality_after}; {found.better:,} tracks better, "
        f"{found.worse:,} worse"
    )
    if found.statuses:
        out.print(table("Validation", ("before", "after", "tracks"), found.statuses, right=(2,)))
    if not found.fields_changed:
        return
    rows = [
        (one.name, one.plays, one.quality_before, one.quality_after, "; ".join(one.changes))
        for one in found.top
    ]
    columns = ("track", "plays", "quality", "then", "changes")
    out.print(table("Tracks, what is played most first", columns, rows, right=(1, 2, 3)))
    out.print(
        f"nothing is changed; to keep it: cratelake replay plan --all --config file:{escape(str(file))} "
        "--reason WHY"
    )


def _changes(found: WhatIf) -> None:
    """What comes out differently, by field and by cause."""
    columns = ("field", "gets a value", "loses it", "another value", "the same, other source or confidence")
    out.print(table("By field", columns, found.by_field, right=(1, 2, 3, 4)))
    out.print(table("Why", ("verdict", "fields"), found.by_verdict.items(), right=(1,)))
    others = sum(fields for verdict, fields in found.by_verdict.items() if verdict != "configuration")
    if others:
        out.print(f"{others:,} of them would change under the present configuration too", style="dim")
