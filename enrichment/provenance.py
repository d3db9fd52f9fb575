"""Explaining a value: from the track through the attempts to the raw answers, as data for any view."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from enrichment import config, events
from enrichment.fields import COLUMNS, FIELDS
from enrichment.pins import PERSON
from enrichment.schema import AS_WRITTEN
from lake import bronze
from lake.errors import LakeError

_BEHIND = {
    "full_track_name": ("artist", "title"),
    "genre_primary": ("subgenre", "genre"),
    "genre_root": ("genre",),
    "compatible_keys": ("key",),
    "provider_popularity": ("popularity",),
}
"""Column of ``gold.track_analytics`` with a name of its own -> fields it is made of."""
_COUNTED = (
    "playlist_appearances", "dj_play_count", "play_count", "distinct_djs", "first_played", "last_played",
    "chart_weeks", "chart_peak", "listen_count", "popularity_score", "popularity_parts", "trending_score",
    "recent_plays", "prior_plays", "trending_reference_date",
)  # fmt: skip
"""Columns of ``gold.track_analytics`` that are counted from tracklists, charts and listens."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to fill a field, as logged; a pin with who pinned it and why."""

    field: str
    priority: int
    provider: str
    outcome: str
    said: str | None
    value: str | None
    confidence: float | None
    threshold: float
    provider_confidence: float | None
    match_confidence: float | None
    bronze_id: str | None
    run_id: str
    config_hash: str
    fetched_at: str | None
    actor: str | None
    reason: str | None
    corroboration: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """One record of the track: who said what the track is, and why it is thought to be this track.

    ``matched_fields`` are what agreed in the surest pair that ties it to the rest; ``place`` is the folder in
    bronze that holds the raw answer.
    """

    provider: str
    stream: str
    name: str
    match_confidence: float
    match_method: str
    is_anchor: bool
    bronze_id: str
    source_url: str | None
    fetched_at: str
    place: str
    matched_fields: list[str] | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything behind one track, or one field of it."""

    track_id: str
    silver: dict[str, Any]
    gold: dict[str, Any]
    sources: list[Source]
    attempts: list[Attempt]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return asdict(self)


_SILVER = (
    "artist", "title", "version", "spotify_id", "isrc", "bpm", "key_camelot", "genre", "label",
    "quality_score", "completeness", "validation_status", "run_id", "config_hash", "enriched_at",
)  # fmt: skip
_GOLD = (
    "full_track_name", "bpm", "key", "compatible_keys", "genre_primary", "playlist_appearances", "play_count",
    "enrichment_completeness", "quality_score", "quality_score_display", "last_analyzed",
)  # fmt: skip


def explain(connection: duckdb.DuckDBPyConnection, track_id: str, field: str | None = None) -> Explanation:
    """The lineage of a track, or of the fields behind one of its columns in silver or gold.

    Raises:
        LakeError: the waterfall has no such field.
    """
    fields = fields_behind(field) if field is not None else ()
    silver = _row(
        connection, f"select {', '.join(_SILVER)} from silver.enriched_tracks where track_id = $id", track_id
    )
    connection.execute(_RECORDS, {"id": track_id})
    sources = [Source(*row) for row in connection.execute(_SOURCES).fetchall()]
    attempts = [
        Attempt(*row) for row in connection.execute(_ATTEMPTS, {"id": track_id, "fields": fields}).fetchall()
    ]
    if fields and not attempts:
        raise LakeError(
            f"nobody was ever asked for {', '.join(fields)} of this track",
            "none of the providers in enrichment/waterfall.yml ever answered it; `cratelake pin` can set it",
        )
    return Explanation(track_id, silver, _gold(connection, track_id), sources, attempts)


def fields_behind(name: str) -> tuple[str, ...]:
    """The fields of the waterfall behind a field's name, or a column of silver or gold.

    Raises:
        LakeError: the waterfall fills no such field.
    """
    asked = name.strip().lower()
    found = COLUMNS.get(asked, asked)
    if found in FIELDS:
        return (found,)
    if asked in _BEHIND:
        return _BEHIND[asked]
    if asked in ("quality_score", "quality_score_display"):
        return config.load().critical
    if asked in ("completeness", "enrichment_completeness"):
        return config.load().completeness
    if asked in _COUNTED:
        raise LakeError(
            f"the waterfall does not fill {asked!r}: it is counted from tracklists, charts and listens",
            "see the rows: cratelake sql --lake \"from silver.playlist_tracks where track_id = '...'\"",
        )
    raise LakeError(
        f"the waterfall does not fill a field {name[:80]!r}", f"use one of {', '.join((*FIELDS, *_BEHIND))}"
    )


# what is read of the records, once: they are many, and in no order that a track's would stand together
_RECORDS = f"""
    create or replace temp table explained as
    select m.*, r.provider, r.stream, {AS_WRITTEN} as name, r.bronze_id, r.source_url, r.fetched_at,
        concat('bronze/', r.provider, '/', r.stream, '/ingest_date=', r.ingest_date) as place
    from silver.track_members m join silver.track_records r using (record_id)
    where m.track_id = $id::uuid
"""
_SOURCES = """
    with ties as (
        select unnest([node_a, node_b]) as node_id, match_confidence, matched_fields
        from silver.track_matches
        where accepted and node_a in (select node_id from explained)
            and node_b in (select node_id from explained)
    ),
    surest as (
        select node_id, arg_max(matched_fields, match_confidence) as matched_fields from ties group by node_id
    )
    select e.provider, e.stream, e.name, e.match_confidence::double, e.match_method, e.is_anchor, e.bronze_id,
        e.source_url, e.fetched_at::varchar, e.place, t.matched_fields
    from explained e left join surest t using (node_id)
    order by e.is_anchor desc, e.provider, e.stream, e.record_id
"""
# the attempts of the resolution that holds now: the last one made for each field
_ATTEMPTS = """
    with logged as materialized (
        select * from ops.enrichment_transformations
        where track_id = $id::uuid and (len($fields) = 0 or list_contains($fields, field))
    ),
    latest as (
        select field, arg_max(resolution_id, (attempted_at, resolution_id)) as resolution_id
        from logged group by field
    ),
    current as (
        select l.field, coalesce(p.resolution_id, l.resolution_id) as resolution_id
        from latest l
        left join silver.field_provenance p on p.track_id = $id::uuid and p.field = l.field
    )
    select t.field, t.priority, t.provider, t.outcome, t.input_value, t.output_value,
        t.confidence::double, t.threshold::double, t.provider_confidence::double,
        t.match_confidence::double, t.bronze_id, t.run_id, t.config_hash,
        coalesce(p.occurred_at, e.fetched_at)::varchar, p.actor, p.reason,
        t.corroboration::varchar
    from logged t
    join current c on t.field = c.field and t.resolution_id = c.resolution_id
    left join explained e on e.record_id = t.record_id
    left join silver.field_pins p on p.bronze_id = t.bronze_id
    order by t.field, t.priority
"""


def raw_answers(
    connection: duckdb.DuckDBPyConnection, root: Path, attempts: Sequence[Attempt]
) -> list[dict[str, Any]]:
    """The raw answers that attempts rest on, in the attempts' order, each once, with envelope and file.

    Args:
        connection: any connection.
        root: bronze root.
        attempts: as of `explain`.

    Raises:
        LakeError: bronze does not hold one of them.
    """
    wanted = {
        one.bronze_id: events.PROVIDER if one.provider == PERSON else one.provider
        for one in attempts
        if one.bronze_id is not None
    }
    found = {
        answer["bronze_id"]: answer
        for provider in dict.fromkeys(wanted.values())
        for answer in bronze.find(
            connection, root, provider, [key for key, who in wanted.items() if who == provider]
        )
    }
    lost = [key for key in wanted if key not in found]
    if lost:
        raise LakeError(
            f"bronze does not hold {', '.join(lost)}",
            "restore the files under bronze/ from a backup; `cratelake doctor` checks them",
        )
    return [found[key] for key in wanted]


def _gold(connection: duckdb.DuckDBPyConnection, track_id: str) -> dict[str, Any]:
    query = f"select {', '.join(_GOLD)} from gold.track_analytics where track_id = $id::uuid"
    try:
        row = connection.execute(query, {"id": track_id}).fetchone()
    except duckdb.CatalogException:
        return {}  # gold was not built yet
    return dict(zip(_GOLD, row, strict=True)) if row else {}


def _row(connection: duckdb.DuckDBPyConnection, query: str, key: str) -> dict[str, Any]:
    cursor = connection.execute(query, {"id": key})
    names = [column[0] for column in cursor.description or ()]
    row = cursor.fetchone()
    if row is None:
        raise LakeError(f"nothing is known of {key}", "see `cratelake status` for what the lake holds")
    return dict(zip(names, row, strict=True))
