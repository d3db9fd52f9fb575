"""``cratelake snapshots`` and ``cratelake diff``: the lake's past states, and what differs between two."""

import json as jsonlib
from dataclasses import asdict

from lake import snapshots as past
from lake.connection import connect
from lake.errors import LakeError
from lake.postgres import postgres
from lake.settings import Settings
from orchestration.cli.console import err, out, table
from orchestration.cli.lakes import require_lake

GOLD_KEYS = {
    "track_analytics": ("track_id",),
    "playlist_analytics": ("playlist_id",),
    "artist_analytics": ("artist_id",),
    "track_popularity": ("snapshot_date", "track_id"),
    "top_tracks_by_genre": ("level", "genre", "period", "rank"),
    "dj_support": ("track_id",),
    "dj_support_detail": ("playlist_id", "position"),
    "dj_set_history": ("dj", "set_id"),
    "genre_tree": ("level", "path"),
    "genre_evolution": ("level", "genre", "period_kind", "period"),
    "chart_history": ("chart_id", "track_id"),
    "chart_movers": ("chart_id", "track_id"),
    "ml_features": ("track_id", "as_of"),
    "harmonic_mixing_recommendations": ("track_id", "rank"),
    "field_conflicts": ("track_id", "field"),
    "provider_scorecard": ("field", "provider"),
    "artist_collaboration_network": ("artist_a_id", "artist_b_id", "kind"),
    "artist_network": ("artist_id",),
    "label_analytics": ("label_key",),
    "release_history": ("release_id",),
    "vinyl_availability": ("release_id",),
    "data_freshness": ("provider", "stream"),
    "quality_by_day": ("day",),
}
"""Gold table -> columns that identify a row."""
_CLOCKS = ("last_analyzed",)
_SHOWN, _NEWEST = 40, 30


def snapshots(*, every: bool, as_json: bool) -> None:
    """Print the snapshots that are kept, newest first."""
    settings = Settings()
    require_lake(settings)
    with postgres(settings) as server, connect(settings, server, read_only=True) as connection:
        listed = past.snapshots(connection)
    shown = listed if every or as_json else listed[:_NEWEST]
    if as_json:
        for one in shown:
            print(jsonlib.dumps(asdict(one), default=str, ensure_ascii=False))  # noqa: T201
        return
    out.print(_table("Snapshots", shown))
    if len(shown) < len(listed):
        err.print(f"the newest {len(shown)} of {len(listed)}; --all lists the others", style="dim")


def diff(earlier: str, later: str | None, name: str | None, *, as_json: bool) -> None:
    """Print rows added, removed and changed per gold table, changed cells, and the snapshots between.

    Raises:
        LakeError: a snapshot or table that does not exist, or the later one is the earlier.
    """
    settings = Settings()
    require_lake(settings)
    if name is not None and name not in GOLD_KEYS:
        raise LakeError(f"{name[:80]!r} is no table of gold", f"use one of {', '.join(GOLD_KEYS)}")
    with postgres(settings) as server, connect(settings, server, read_only=True) as connection:
        first = past.meant(connection, earlier)
        last = past.snapshots(connection)[0].id if later is None else past.meant(connection, later)
        if first > last:
            raise LakeError(f"snapshot {first} was made after {last}", "exchange --from and --to")
        found = [
            past.difference(
                connection,
                one,
                GOLD_KEYS[one],
                first,
                last,
                cells=10**9 if as_json else _SHOWN,
                ignore=_CLOCKS,
            )
            for one in ([name] if name else GOLD_KEYS)
        ]
        between = [
            one
            for one in past.snapshots(connection, first + 1, last)
            if any(touched.startswith("gold.") for touched in one.tables)
        ]
    if as_json:
        told = {
            "from": first,
            "to": last,
            "tables": [asdict(one) for one in found],
            "snapshots": [asdict(one) for one in between],
        }
        print(jsonlib.dumps(told, default=str, ensure_ascii=False, indent=2))  # noqa: T201
        return
    counts = [(one.table, one.added, one.removed, one.changed, one.alike) for one in found]
    title = f"Gold, snapshot {first} to {last}"
    out.print(table(title, ("table", "added", "removed", "changed", "alike"), counts, right=(1, 2, 3, 4)))
    for one in found:
        if one.cells:
            out.print(table(f"\n{one.table}: what changed", ("row", "column", "was", "is"), one.cells))
            if len(one.cells) == _SHOWN:
                err.print(f"the first {_SHOWN} cells; --json prints all", style="dim")
    if between:
        out.print(_table("\nTransactions that wrote gold", between))


def _table(title: str, listed: list[past.Snapshot]) -> object:
    columns = ("snapshot", "time (UTC)", "author", "message", "tables")
    rows = [
        (str(one.id), f"{one.time:%Y-%m-%d %H:%M:%S}", one.author, one.message, ", ".join(one.tables))
        for one in listed
    ]
    return table(title, columns, rows)
