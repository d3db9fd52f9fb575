"""Silver assets: records, matching, the waterfall, and the artists who are credited.

A partition is the tracks touched by the bronze that landed that day; rematerialising it re-resolves exactly
those.
"""

from collections.abc import Iterator

import dagster as dg
from pydantic import Field

from enrichment import (
    artists,
    events,
    matching,
    pins,
    pipeline,
    records,
)
from enrichment.config import load
from enrichment.matching import blocking, decisions, state
from enrichment.replay.choice import configuration, fields_named
from lake.tables import one
from orchestration.assets.bronze import stream_key
from orchestration.assets.tables import OWNERS, STAGED, key, result, spec
from orchestration.markdown import markdown
from orchestration.partitions import daily, day_of, one_day_a_run
from orchestration.resources import LakeResource


@dg.asset(
    key=key("silver", "quarantine"),
    deps=STAGED,
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    group_name="silver",
    kinds={"python", "duckdb"},
    owners=OWNERS,
)
def quarantine(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
    """What the rules refused of the day's answers, with rule, reason and remedy."""
    day = day_of(context)
    with lake.connect() as connection:
        changes = pipeline.quarantine(connection, lake.settings, day, context.run.run_id)
        (healed,) = one(
            connection,
            "select count(*) from silver.quarantine where healed_by = $run_id",
            {"run_id": context.run.run_id},
        )
        by_rule = connection.execute(
            f"select rule, action, count(*) as rows from silver.quarantine "
            f"where last_seen = {day.sql} and healed_at is null group by all order by rows desc"
        ).fetchall()
        rules = markdown(("rule", "action", "rows"), by_rule)
        return result(connection, "silver", "quarantine", changed=changes.written, healed=healed, rules=rules)


@dg.asset(
    key=key("silver", "track_records"),
    deps=STAGED,
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    group_name="silver",
    kinds={"python", "duckdb"},
    owners=OWNERS,
)
def track_records(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
    """Each provider's view of each track, typed and normalised, with its bronze_id."""
    with lake.connect() as connection:
        changes = records.build(connection, day_of(context))
        return result(
            connection, "silver", "track_records", changed=changes.written, unchanged=changes.unchanged
        )


_MATCHING = (
    "track_nodes", "cut_blocks", "match_decisions", "track_matches", "match_review", "track_members",
    "track_redirects",
)  # fmt: skip


@dg.multi_asset(
    specs=[
        spec(
            "silver",
            "track_nodes",
            "Distinct normalised (artists, title, version).",
            [key("silver", "track_records")],
        ),
        spec(
            "silver",
            "cut_blocks",
            "Blocks of nodes too large to compare each with each.",
            [key("silver", "track_records")],
        ),
        spec(
            "silver",
            "match_decisions",
            "What people decided about matches, folded from their events.",
            [stream_key(decisions.PROVIDER, decisions.STREAM)],
        ),
        spec("silver", "track_matches", "Judged pairs, with evidence.", [key("silver", "track_records")]),
        spec(
            "silver",
            "match_review",
            "Pairs too alike to dismiss and not alike enough to join: for a person to decide.",
            [key("silver", "track_records")],
        ),
        spec(
            "silver",
            "track_members",
            "Which record belongs to which track.",
            [key("silver", "track_records")],
        ),
        spec("silver", "track_redirects", "Merged and split track ids.", [key("silver", "track_records")]),
    ],
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    name="match_tracks",
)
def match_tracks(context: dg.AssetExecutionContext, lake: LakeResource) -> Iterator[dg.MaterializeResult]:
    """Which records are the same track; only what the day touched is looked at again."""
    with lake.connect() as connection:
        decisions.fold(connection, events.in_bronze(lake.settings.bronze, decisions.Event))
        matched = matching.match_day(connection, day_of(context), load())
        counts = {name: getattr(matched, name) for name in matched.__slots__}
        cut = markdown(("kind", "blocks", "nodes", "pairs"), blocking.cut_by_kind(connection))
        for table in _MATCHING:
            yield result(
                connection, "silver", table, **counts, **({"cut": cut} if table == "cut_blocks" else {})
            )


_WATERFALL_READS = [
    key("silver", "track_members"),
    key("silver", "quarantine"),
    stream_key(pins.PROVIDER, pins.STREAM),
]
_WATERFALL = (
    ("ops", "enrichment_pipeline_runs", "One row per enrichment run, with its configuration snapshot."),
    ("ops", "enrichment_transformations", "Every attempt to fill a field: append-only."),
    ("ops", "metadata_enrichment_config", "The waterfall's configuration, versioned by content."),
    ("silver", "field_provenance", "The winning attempt behind every field."),
    ("silver", "field_conflicts", "Fields about which providers disagree, with all they say."),
    ("silver", "former_values", "Values that fields had and have no more: append-only."),
    ("silver", "field_pins", "Values people pinned, folded from their events."),
    ("silver", "enriched_tracks", "One row per track, each field as the waterfall decided."),
)


class ResolveConfig(dg.Config):
    """How the tracks of a partition are decided, where not as usual: a replay of that day.

    `cratelake replay plan` says beforehand what would come out differently.
    """

    fields: list[str] = Field(
        default=[], description="Decide these fields only, of tracks decided before; none means all."
    )
    config: str = Field(
        default="current", description="Configuration that decides: current, run:<run id> or file:<path>."
    )


@dg.multi_asset(
    specs=[spec(layer, table, description, _WATERFALL_READS) for layer, table, description in _WATERFALL],
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    name="resolve_tracks",
)
def resolve_tracks(
    context: dg.AssetExecutionContext, config: ResolveConfig, lake: LakeResource
) -> Iterator[dg.MaterializeResult]:
    """Decide, field by field, which provider to believe."""
    with lake.connect() as connection:
        pins.fold(connection, events.in_bronze(lake.settings.bronze, pins.Pin))
        resolved = pipeline.resolve(
            connection,
            day_of(context),
            configuration(connection, config.config),
            context.run.run_id,
            fields=fields_named(config.fields) if config.fields else None,
            scored_by=load(),
        )
        counts = {name: getattr(resolved, name) for name in resolved.__slots__}
        by_kind = connection.execute(
            "select field, kind, count(*) as tracks from silver.field_conflicts group by all "
            "order by tracks desc, field, kind"
        ).fetchall()
        kinds = markdown(("field", "kind", "tracks"), by_kind)
        for layer, table, _ in _WATERFALL:
            more = {"kinds": kinds} if table == "field_conflicts" else {}
            yield result(connection, layer, table, **counts, **more)


_ARTISTS = ("artist_names", "artist_matches", "artist_review", "artist_redirects")


@dg.multi_asset(
    specs=[
        spec(
            "silver",
            "artist_names",
            "Names that are credited, each with the artist it belongs to.",
            [key("silver", "enriched_tracks"), key("silver", "enriched_playlists")],
        ),
        spec(
            "silver",
            "artist_matches",
            "Judged pairs of artist names, with evidence.",
            [key("silver", "enriched_tracks")],
        ),
        spec(
            "silver",
            "artist_review",
            "Pairs of artist names too alike to dismiss: for a person to decide.",
            [key("silver", "enriched_tracks")],
        ),
        spec(
            "silver",
            "artist_redirects",
            "Merged and split artist ids.",
            [key("silver", "enriched_tracks")],
        ),
        spec(
            "silver",
            "enriched_artists",
            "One row per artist: who made tracks, and who plays sets.",
            [key("silver", "enriched_tracks"), key("silver", "enriched_playlists")],
        ),
        spec(
            "silver",
            "track_artists",
            "Artists credited on tracks, with roles.",
            [key("silver", "enriched_tracks")],
        ),
    ],
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    name="credit_artists",
)
def credit_artists(context: dg.AssetExecutionContext, lake: LakeResource) -> Iterator[dg.MaterializeResult]:
    """Which names are one artist, and who is credited; only what the day touched is judged again."""
    with lake.connect() as connection:
        state.day_tracks(connection, day_of(context))
        identified, changes, credited = artists.build(connection, day_of(context))
        counts = {name: getattr(identified, name) for name in identified.__slots__}
        for table in _ARTISTS:
            yield result(connection, "silver", table, **counts)
        yield result(connection, "silver", "enriched_artists", changed=changes.written)
        yield result(connection, "silver", "track_artists", changed=credited.written)
