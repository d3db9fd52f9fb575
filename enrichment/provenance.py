"""Explaining a value: from the track through the attempts to the raw answers, as data for any view."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import duckdb

from enrichment.schema import AS_WRITTEN
from lake.errors import LakeError


@dataclass(frozen=True, slots=True)
class Candidate:
    """A track that fits what was asked for."""

    track_id: str
    name: str
    plays: int


def find(connection: duckdb.DuckDBPyConnection, text: str, limit: int = 10) -> list[Candidate]:
    """Tracks whose id is `text`, or whose "Artist - Title (Version)" holds all its words, best first.

    Exact names come first, then originals before versions, then what is played most.

    Raises:
        LakeError: `text` holds no word.
    """
    words = [word for word in text.casefold().replace(" - ", " ").split() if word != "-"]
    try:
        asked_id = str(UUID(text.strip()))
    except ValueError:
        asked_id = None
    if asked_id is None and not any(len(word) > 1 for word in words):
        raise LakeError("nothing was named", 'give "artist - title", a part of it, or a track id')
    rows = connection.execute(
        """
        with named as (
            select track_id, artist || ' - ' || title || coalesce(' (' || version || ')', '') as name, version
            from silver.enriched_tracks
        ),
        fitting as (
            select * from named
            where track_id::varchar = $asked
                or ($asked is null
                    and list_bool_and(list_transform($words, lambda w: contains(lower(name), w))))
        ),
        plays as (
            select track_id, count(*) as plays from silver.playlist_tracks
            where track_id in (select track_id from fitting) group by track_id
        )
        select f.track_id::varchar, f.name, coalesce(p.plays, 0)::bigint
        from fitting f left join plays p using (track_id)
        order by lower(name) = lower($text) desc, version is null desc, 3 desc, length(name), name, 1
        limit $limit
        """,
        {"asked": asked_id, "words": words or [""], "text": text.strip(), "limit": limit},
    ).fetchall()
    return [Candidate(*row) for row in rows]


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
    """One record of the track: who said what the track is, and why it is thought to be this track."""

    provider: str
    stream: str
    name: str
    match_confidence: float
    match_method: str
    is_anchor: bool
    bronze_id: str
    source_url: str | None
    fetched_at: str


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
    """The lineage of a track, or of one of its fields.

    Raises:
        LakeError: the waterfall has no such field.
    """
    silver = _row(
        connection, f"select {', '.join(_SILVER)} from silver.enriched_tracks where track_id = $id", track_id
    )
    gold = _gold(connection, track_id)
    sources = [
        Source(*row)
        for row in connection.execute(
            f"""
            select r.provider, r.stream,
                {AS_WRITTEN},
                m.match_confidence::double, m.match_method, m.is_anchor, r.bronze_id, r.source_url,
                r.fetched_at::varchar
            from silver.track_members m join silver.track_records r using (record_id)
            where m.track_id = $id::uuid
            order by m.is_anchor desc, r.provider, r.stream, r.record_id
            """,
            {"id": track_id},
        ).fetchall()
    ]
    # the attempts of the resolution that holds now: the last one made for each field
    attempts = [
        Attempt(*row)
        for row in connection.execute(
            """
            with latest as (
                select field, arg_max(resolution_id, (attempted_at, resolution_id)) as resolution_id
                from ops.enrichment_transformations where track_id = $id::uuid group by field
            ),
            current as (
                select l.field, coalesce(p.resolution_id, l.resolution_id) as resolution_id
                from latest l
                left join silver.field_provenance p on p.track_id = $id::uuid and p.field = l.field
            )
            select t.field, t.priority, t.provider, t.outcome, t.input_value, t.output_value,
                t.confidence::double, t.threshold::double, t.provider_confidence::double,
                t.match_confidence::double, t.bronze_id, t.run_id, t.config_hash,
                coalesce(p.occurred_at, r.fetched_at)::varchar, p.actor, p.reason,
                t.corroboration::varchar
            from ops.enrichment_transformations t
            join current c on t.field = c.field and t.resolution_id = c.resolution_id
            left join silver.track_records r on r.record_id = t.record_id
            left join silver.field_pins p on p.bronze_id = t.bronze_id
            where t.track_id = $id::uuid and ($field is null or t.field = $field)
            order by t.field, t.priority
            """,
            {"id": track_id, "field": field},
        ).fetchall()
    ]
    if field is not None and not attempts:
        known = connection.execute(
            "select distinct field from ops.metadata_enrichment_config order by 1"
        ).fetchall()
        raise LakeError(
            f"the waterfall does not fill a field {field!r}",
            f"use one of {', '.join(name for (name,) in known)}",
        )
    return Explanation(track_id, silver, gold, sources, attempts)


def raw_answer(connection: duckdb.DuckDBPyConnection, bronze: str, bronze_id: str) -> dict[str, Any]:
    """The raw answer behind a bronze id, with its envelope.

    Args:
        connection: any connection.
        bronze: table expression over bronze.
        bronze_id: id as attempts carry it.

    Raises:
        LakeError: bronze holds no such answer.
    """
    return _row(connection, f"select * from {bronze} where bronze_id = $id", bronze_id)


def _gold(connection: duckdb.DuckDBPyConnection, track_id: str) -> dict[str, Any]:
    present = connection.execute(
        "select 1 from duckdb_tables() where database_name = 'lake' and schema_name = 'gold' "
        "and table_name = 'track_analytics'"
    ).fetchone()
    if not present:
        return {}
    query = f"select {', '.join(_GOLD)} from gold.track_analytics where track_id = $id::uuid"
    cursor = connection.execute(query, {"id": track_id})
    row = cursor.fetchone()
    return dict(zip(_GOLD, row, strict=True)) if row else {}


def _row(connection: duckdb.DuckDBPyConnection, query: str, key: str) -> dict[str, Any]:
    cursor = connection.execute(query, {"id": key})
    names = [column[0] for column in cursor.description or ()]
    row = cursor.fetchone()
    if row is None:
        raise LakeError(f"nothing is known of {key}", "see `cratelake status` for what the lake holds")
    return dict(zip(names, row, strict=True))
