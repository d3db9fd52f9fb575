"""Silver assets: records, matching, the waterfall, and the entities that come out of it.

A partition is the tracks touched by the bronze that landed that day; rematerialising it re-resolves exactly
those.
"""

from collections.abc import Iterator

import dagster as dg
import duckdb
from pydantic import Field

from enrichment import (
    artists,
    charts,
    events,
    listens,
    matching,
    ownership,
    pins,
    pipeline,
    playlists,
    records,
    releases,
    sets,
)
from enrichment.config import load
from enrichment.matching import blocking, decisions, state
from enrichment.replay.choice import configuration, fields_named
from lake.tables import one
from orchestration.assets.bronze import stream_key
from orchestration.assets.dbt import staging_answers, staging_files
from orchestration.markdown import markdown
from orchestration.partitions import daily, day_of, one_day_a_run
from orchestration.resources import LakeResource

_OWNERS = ["team:data-engineering"]
_STAGED = [*staging_files.keys, *staging_answers.keys]


def _key(layer: str, table: str) -> dg.AssetKey:
    return dg.AssetKey([layer, table])


def _spec(layer: str, table: str, description: str, deps: list[dg.AssetKey]) -> dg.AssetSpec:
    return dg.AssetSpec(
        _key(layer, table),
        description=description,
        deps=deps,
        group_name=layer,
        kinds={"python", "duckdb"},
        owners=_OWNERS,
    )


def _result(
    connection: duckdb.DuckDBPyConnection, layer: str, table: str, **metadata: object
) -> dg.MaterializeResult:
    (rows,) = one(connection, f"select count(*) from {layer}.{table}")
    return dg.MaterializeResult(
        asset_key=_key(layer, table),
        metadata={
            "dagster/row_count": rows,
            "dagster/relation_identifier": f"lake.{layer}.{table}",
            **{
                name: value
                for name, value in metadata.items()
                if isinstance(value, int | float | str | dg.MetadataValue)
            },
        },
    )


@dg.asset(
    key=_key("silver", "quarantine"),
    deps=_STAGED,
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    group_name="silver",
    kinds={"python", "duckdb"},
    owners=_OWNERS,
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
        return _result(
            connection, "silver", "quarantine", changed=changes.written, healed=healed, rules=rules
        )


@dg.asset(
    key=_key("silver", "track_records"),
    deps=_STAGED,
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    group_name="silver",
    kinds={"python", "duckdb"},
    owners=_OWNERS,
)
def track_records(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
    """Each provider's view of each track, typed and normalised, with its bronze_id."""
    with lake.connect() as connection:
        changes = records.build(connection, day_of(context))
        return _result(
            connection, "silver", "track_records", changed=changes.written, unchanged=changes.unchanged
        )


_MATCHING = (
    "track_nodes", "cut_blocks", "match_decisions", "track_matches", "match_review", "track_members",
    "track_redirects",
)  # fmt: skip


@dg.multi_asset(
    specs=[
        _spec(
            "silver",
            "track_nodes",
            "Distinct normalised (artists, title, version).",
            [_key("silver", "track_records")],
        ),
        _spec(
            "silver",
            "cut_blocks",
            "Blocks of nodes too large to compare each with each.",
            [_key("silver", "track_records")],
        ),
        _spec(
            "silver",
            "match_decisions",
            "What people decided about matches, folded from their events.",
            [stream_key(decisions.PROVIDER, decisions.STREAM)],
        ),
        _spec("silver", "track_matches", "Judged pairs, with evidence.", [_key("silver", "track_records")]),
        _spec(
            "silver",
            "match_review",
            "Pairs too alike to dismiss and not alike enough to join: for a person to decide.",
            [_key("silver", "track_records")],
        ),
        _spec(
            "silver",
            "track_members",
            "Which record belongs to which track.",
            [_key("silver", "track_records")],
        ),
        _spec("silver", "track_redirects", "Merged and split track ids.", [_key("silver", "track_records")]),
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
            yield _result(
                connection, "silver", table, **counts, **({"cut": cut} if table == "cut_blocks" else {})
            )


_WATERFALL_READS = [
    _key("silver", "track_members"),
    _key("silver", "quarantine"),
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
    specs=[_spec(layer, table, description, _WATERFALL_READS) for layer, table, description in _WATERFALL],
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
            yield _result(connection, layer, table, **counts, **more)


_CATALOGUE = {
    "releases": "Releases, as each provider knows them: from dumps and from answers.",
    "masters": "Masters: what releases of the same recordings have in common.",
    "labels": "Labels, as each provider knows them.",
    "vinyl_records": "Vinyl of releases: format, speed, colour, weight, edition, pressing.",
    "collection_items": "Copies in people's record collections.",
}


@dg.multi_asset(
    specs=[_spec("silver", table, description, _STAGED) for table, description in _CATALOGUE.items()],
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    name="catalogue_releases",
)
def catalogue_releases(
    context: dg.AssetExecutionContext, lake: LakeResource
) -> Iterator[dg.MaterializeResult]:
    """The day's releases, masters, labels, vinyl and collections."""
    with lake.connect() as connection:
        changes = releases.build(connection, day_of(context))
        for table in _CATALOGUE:
            yield _result(connection, "silver", table, changed=changes[table].written)


@dg.asset(
    key=_key("silver", "listen_events"),
    deps=[_key("silver", "track_members")],
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    group_name="silver",
    kinds={"python", "duckdb"},
    owners=_OWNERS,
)
def listen_events(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
    """What users listened to, tied to tracks; told by several services it counts once."""
    with lake.connect() as connection:
        changes = listens.build(connection, day_of(context))
        by_provider = connection.execute(
            "select provider, count(*) as listens, count(*) filter (counted) as counted, "
            "count(track_id) as tied from silver.listen_events group by all order by all"
        ).fetchall()
        told = markdown(("provider", "listens", "counted", "tied to a track"), by_provider)
        return _result(connection, "silver", "listen_events", changed=changes.written, providers=told)


@dg.multi_asset(
    specs=[
        _spec("silver", table, description, [_key("silver", "track_members")])
        for table, description in (
            ("owned_files", "Files in DJ libraries, with their format."),
            ("owned_tracks", "Tracks that lie in DJ libraries: where, and in which format."),
        )
    ],
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    name="own_tracks",
)
def own_tracks(context: dg.AssetExecutionContext, lake: LakeResource) -> Iterator[dg.MaterializeResult]:
    """Which tracks people own, as their DJ libraries say."""
    with lake.connect() as connection:
        files, owned = ownership.build(connection, day_of(context))
        yield _result(connection, "silver", "owned_files", changed=files.written)
        yield _result(connection, "silver", "owned_tracks", changed=owned.written)


_ARTISTS = ("artist_names", "artist_matches", "artist_review", "artist_redirects")


@dg.multi_asset(
    specs=[
        _spec(
            "silver",
            "artist_names",
            "Names that are credited, each with the artist it belongs to.",
            [_key("silver", "enriched_tracks"), _key("silver", "enriched_playlists")],
        ),
        _spec(
            "silver",
            "artist_matches",
            "Judged pairs of artist names, with evidence.",
            [_key("silver", "enriched_tracks")],
        ),
        _spec(
            "silver",
            "artist_review",
            "Pairs of artist names too alike to dismiss: for a person to decide.",
            [_key("silver", "enriched_tracks")],
        ),
        _spec(
            "silver",
            "artist_redirects",
            "Merged and split artist ids.",
            [_key("silver", "enriched_tracks")],
        ),
        _spec(
            "silver",
            "enriched_artists",
            "One row per artist: who made tracks, and who plays sets.",
            [_key("silver", "enriched_tracks"), _key("silver", "enriched_playlists")],
        ),
        _spec(
            "silver",
            "track_artists",
            "Artists credited on tracks, with roles.",
            [_key("silver", "enriched_tracks")],
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
            yield _result(connection, "silver", table, **counts)
        yield _result(connection, "silver", "enriched_artists", changed=changes.written)
        yield _result(connection, "silver", "track_artists", changed=credited.written)


@dg.multi_asset(
    specs=[
        _spec("silver", "enriched_playlists", "One row per tracklist.", [_key("silver", "enriched_tracks")]),
        _spec(
            "silver",
            "playlist_tracks",
            "Rows of tracklists, tied to tracks.",
            [_key("silver", "enriched_tracks")],
        ),
    ],
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    name="tie_playlists",
)
def tie_playlists(context: dg.AssetExecutionContext, lake: LakeResource) -> Iterator[dg.MaterializeResult]:
    """The day's tracklists, their rows tied to tracks."""
    with lake.connect() as connection:
        changes, rows = playlists.build(connection, day_of(context))
        yield _result(connection, "silver", "enriched_playlists", changed=changes.written)
        yield _result(connection, "silver", "playlist_tracks", changed=rows.written)


_SETS = (
    ("dj_sets", "One row per performance or broadcast, whoever listed it."),
    ("radio_shows", "Shows and podcasts, with their hosts and the time they ran."),
    ("festivals", "Festivals, one row per year."),
    ("performances", "Who played where: one row per DJ of a live set."),
)


@dg.multi_asset(
    specs=[
        _spec(
            "silver",
            table,
            description,
            [_key("silver", "enriched_playlists"), _key("silver", "artist_names")],
        )
        for table, description in _SETS
    ],
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    name="tell_sets",
)
def tell_sets(context: dg.AssetExecutionContext, lake: LakeResource) -> Iterator[dg.MaterializeResult]:
    """The day's sets as events: which show or festival they belong to, and who performed."""
    with lake.connect() as connection:
        changes = sets.build(connection, day_of(context))
        by_type = connection.execute(
            "select set_type, count(*) as sets, count(playlist_id), count(festival_id), count(show_id) "
            "from silver.dj_sets group by all order by sets desc"
        ).fetchall()
        columns = ("set_type", "sets", "with_rows", "at_festivals", "of_shows")
        for table, _ in _SETS:
            more = {"kinds": markdown(columns, by_type)} if table == "dj_sets" else {}
            yield _result(connection, "silver", table, changed=changes[table].written, **more)


@dg.multi_asset(
    specs=[
        _spec("silver", "charts", "One row per chart.", [_key("silver", "track_members")]),
        _spec(
            "silver",
            "chart_entries",
            "Places on charts by date, tied to tracks.",
            [_key("silver", "track_members")],
        ),
    ],
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    name="tie_charts",
)
def tie_charts(context: dg.AssetExecutionContext, lake: LakeResource) -> Iterator[dg.MaterializeResult]:
    """The day's charts, their places tied to tracks."""
    with lake.connect() as connection:
        changes, entries = charts.build(connection, day_of(context))
        yield _result(connection, "silver", "charts", changed=changes.written)
        yield _result(connection, "silver", "chart_entries", changed=entries.written)
