"""What a replay is of: which tracks, which fields, and by which configuration they are decided."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict

from enrichment import config, pins
from enrichment.config import WaterfallConfig
from enrichment.engine import Day
from enrichment.fields import FIELDS
from enrichment.matching import state
from enrichment.replay import runs
from lake import tables
from lake.errors import LakeError


class Choice(BaseModel):
    """Which tracks; exactly one of these is given.

    Attributes:
        tracks: track ids.
        bronze_ids: answers; the tracks they belong to.
        day: partition; the tracks its answers touched.
        quarantined: the tracks with answers of which something stands in quarantine.
        everything: all tracks.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    tracks: tuple[str, ...] = ()
    bronze_ids: tuple[str, ...] = ()
    day: dt.date | None = None
    quarantined: bool = False
    everything: bool = False

    def checked(self) -> "Choice":
        """The choice, if it is one.

        Raises:
            LakeError: nothing is chosen, or in two ways.
        """
        given = [name for name in Choice.model_fields if getattr(self, name)]
        if len(given) != 1:
            raise LakeError(
                f"{' and '.join(given)} were given together" if given else "no tracks are chosen",
                "give one of --tracks, --bronze-ids, --day, --quarantined, --all",
            )
        return self

    @property
    def words(self) -> str:
        """The choice, as people say it."""
        if self.everything:
            return "all tracks"
        if self.quarantined:
            return "quarantined answers"
        if self.day:
            return f"day {self.day}"
        kind, named = ("tracks", self.tracks) if self.tracks else ("answers", self.bronze_ids)
        more = f" and {len(named) - 3} more" if len(named) > 3 else ""
        return f"{kind} {', '.join(named[:3])}{more}"


def choose(connection: duckdb.DuckDBPyConnection, choice: Choice) -> int:
    """Temporary table ``chosen_tracks`` (track_id): the tracks of a choice that have been decided before.

    Returns:
        How many they are.

    Raises:
        LakeError: a track or an answer is not known, or nothing fits.
    """
    choice.checked()
    if choice.everything:
        source = "select track_id from silver.enriched_tracks"
    elif choice.day:
        state.day_tracks(connection, Day(choice.day))
        source = "select track_id from day_tracks"
    elif choice.quarantined:
        source = _of_answers("select bronze_id from silver.quarantine where healed_at is null")
    elif choice.bronze_ids:
        _require(connection, "answer", "bronze_id", "silver.record_answers", choice.bronze_ids)
        source = _of_answers("select unnest($named)")
    else:
        _require(connection, "track", "track_id::varchar", "silver.enriched_tracks", choice.tracks)
        source = "select unnest($named)::uuid as track_id"
    named = list(choice.bronze_ids or choice.tracks)
    connection.execute(
        f"""
        create or replace temp table chosen_tracks as
        select distinct track_id from ({source})
        where track_id in (select track_id from silver.enriched_tracks)
            and track_id in (select track_id from silver.track_members)
        """,
        {"named": named} if "$named" in source else {},
    )
    (chosen,) = tables.one(connection, "select count(*) from chosen_tracks")
    if not chosen:
        raise LakeError(
            f"there is no decided track among {choice.words}",
            "`cratelake run` decides what is new, `cratelake heal` what was refused altogether; "
            "`cratelake status` tells what the lake holds",
        )
    return int(chosen)


def _of_answers(bronze_ids: str) -> str:
    return (
        "select m.track_id from silver.record_answers a join silver.track_members m using (record_id) "
        f"where a.bronze_id in ({bronze_ids})"
    )


def _require(
    connection: duckdb.DuckDBPyConnection, what: str, column: str, table: str, named: Sequence[str]
) -> None:
    rows = connection.execute(
        f"select name from (select unnest($named) as name) anti join (select {column} as name from {table}) "
        "using (name) order by name limit 5",
        {"named": list(named)},
    ).fetchall()
    if rows:
        raise LakeError(
            f"silver knows no {what} {', '.join(str(name)[:80] for (name,) in rows)}",
            "`cratelake explain` prints the ids of a track and of its answers; a track that matching has "
            "just made is there after the next `cratelake run`",
        )


def fields_named(texts: Sequence[str]) -> tuple[str, ...]:
    """The fields a person means, as names or lists of names with commas; all, if none is named.

    Raises:
        LakeError: the waterfall fills no such field.
    """
    named = [name for text in texts for name in text.split(",")]
    return tuple(dict.fromkeys(pins.field_named(name) for name in named)) or tuple(FIELDS)


def configuration(connection: duckdb.DuckDBPyConnection, text: str) -> WaterfallConfig:
    """The configuration a person means: ``current``, ``run:<id>`` or ``file:<path>``.

    Raises:
        LakeError: it is none of these, there is no such run, or the file cannot be read.
    """
    kind, _, rest = text.partition(":")
    if text == "current":
        return config.load()
    if kind == "run" and rest:
        return config.parsed(runs.run_named(connection, rest).snapshot)
    if kind == "file" and rest:
        return config.load(Path(rest))
    raise LakeError(f"there is no configuration {text[:80]!r}", "give current, run:<run id> or file:<path>")
