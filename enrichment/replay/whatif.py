"""What another configuration would change, before anything is applied: fields, tracks, quality."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import duckdb

from enrichment import tracks
from enrichment.config import WaterfallConfig
from enrichment.replay.choice import Choice
from enrichment.replay.plans import decide
from enrichment.run import Run
from lake import tables

FIELDS = ("field", "gained", "lost", "other_value", "other_source")
"""Of a field: tracks that get a value, lose it, get another, or the same from elsewhere or otherwise sure."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A track that comes out differently.

    Attributes:
        track_id: its id.
        name: artist and title.
        plays: rows of tracklists it stands in: what it is worth to get it right.
        quality_before: its quality score now.
        quality_after: its quality score under the other configuration.
        changes: its fields, before and after, in words.
    """

    track_id: str
    name: str
    plays: int
    quality_before: Decimal | None
    quality_after: Decimal | None
    changes: list[str]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a configuration would change.

    Attributes:
        config_hash: version of that configuration.
        tracks: tracks looked at.
        tracks_changed: tracks of which a field comes out differently.
        fields_changed: fields that do.
        by_verdict: why -> fields; what is not laid to the configuration changes without it too.
        by_field: rows of `FIELDS`.
        quality_before: mean quality score of the tracks looked at, none counting 0.
        quality_after: the same under the other configuration.
        better: tracks whose score rises.
        worse: tracks whose score falls.
        statuses: (before, after, tracks) of those whose validation status changes.
        top: tracks that come out differently, what is played most first.
    """

    config_hash: str
    tracks: int
    tracks_changed: int
    fields_changed: int
    by_verdict: dict[str, int]
    by_field: Sequence[Sequence[Any]]
    quality_before: Decimal
    quality_after: Decimal
    better: int
    worse: int
    statuses: Sequence[Sequence[Any]]
    top: list[Moved]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        told = asdict(self)
        told["by_field"] = [dict(zip(FIELDS, row, strict=True)) for row in self.by_field]
        told["statuses"] = [
            dict(zip(("before", "after", "tracks"), row, strict=True)) for row in self.statuses
        ]
        return told


def whatif(
    connection: duckdb.DuckDBPyConnection, config: WaterfallConfig, people: str, choice: Choice, top: int = 20
) -> WhatIf:
    """Decide tracks under another configuration and say what would change; writes nothing.

    Leaves temporary table ``verdicts``, a row per field that would change.

    Args:
        connection: prepared lake connection.
        config: the other configuration.
        people: table expression of people's pins in bronze.
        choice: which tracks.
        top: how many tracks to name.

    Raises:
        LakeError: there is no track to look at.
    """
    connection.execute(
        """
        create or replace temp table scores (track_id uuid, before decimal(5,4), after decimal(5,4),
            status_before varchar, status_after varchar)
        """
    )
    run = Run.start("whatif", config)

    def score() -> None:
        tracks.assemble(connection, run)
        connection.execute(
            """
            insert into scores
            select f.track_id, e.quality_score, f.quality_score, e.validation_status, f.validation_status
            from fresh_tracks f
            join (
                select track_id, quality_score, validation_status from silver.enriched_tracks
                where track_id in (select track_id from batch_tracks)
            ) e using (track_id)
            """
        )

    looked_at = decide(connection, choice, (), config, people, each=score)
    changed = tables.one(connection, "select count(distinct track_id), count(*) from verdicts")
    return WhatIf(
        config_hash=config.hash,
        tracks=looked_at,
        tracks_changed=changed[0],
        fields_changed=changed[1],
        by_verdict=dict(
            connection.execute("select verdict, count(*) from verdicts group by 1 order by 2 desc").fetchall()
        ),
        by_field=connection.execute(_BY_FIELD).fetchall(),
        **_moves(connection),
        statuses=connection.execute(
            "select status_before, status_after, count(*) from scores "
            "where status_before is distinct from status_after group by 1, 2 order by 3 desc"
        ).fetchall(),
        top=[Moved(*row) for row in connection.execute(_TOP, {"top": top}).fetchall()],
    )


def _moves(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    columns = ("quality_before", "quality_after", "better", "worse")
    row = tables.one(
        connection,
        """
        select avg(coalesce(before, 0))::decimal(5,4), avg(coalesce(after, 0))::decimal(5,4),
            count(*) filter (coalesce(after, 0) > coalesce(before, 0)),
            count(*) filter (coalesce(after, 0) < coalesce(before, 0))
        from scores
        """,
    )
    return dict(zip(columns, row, strict=True))


_BY_FIELD = """
    select field, count(*) filter (before_value is null), count(*) filter (after_value is null),
        count(*) filter (before_value <> after_value), count(*) filter (before_value = after_value)
    from verdicts group by field order by count(*) desc, field
"""

_TOP = """
    with moved as (
        select track_id, list_sort(list(field || ': '
            || coalesce(before_value || ' (' || before_provider || ')', 'nothing') || ' → '
            || coalesce(after_value || ' (' || after_provider || ')', 'nothing'))) as changes
        from verdicts group by track_id
    ),
    plays as (
        select track_id, count(*) as plays from silver.playlist_tracks
        where track_id in (select track_id from moved) group by track_id
    )
    select m.track_id::varchar, concat_ws(' - ', t.artist, t.title), coalesce(p.plays, 0)::bigint, s.before,
        s.after, m.changes
    from moved m
    join scores s on s.track_id = m.track_id
    left join plays p on p.track_id = m.track_id
    left join (select track_id, artist, title from silver.enriched_tracks) t on t.track_id = m.track_id
    order by coalesce(p.plays, 0) desc, abs(coalesce(s.after, 0) - coalesce(s.before, 0)) desc, m.track_id
    limit $top
"""
