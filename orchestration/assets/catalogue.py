"""Silver assets of catalogues and of what people have: releases, collections, listens, DJ libraries."""

from collections.abc import Iterator

import dagster as dg

from enrichment import listens, ownership, releases
from orchestration.assets.tables import OWNERS, STAGED, key, result, spec
from orchestration.markdown import markdown
from orchestration.partitions import daily, day_of, one_day_a_run
from orchestration.resources import LakeResource

_CATALOGUE = {
    "releases": "Releases, as each provider knows them: from dumps and from answers.",
    "masters": "Masters: what releases of the same recordings have in common.",
    "labels": "Labels, as each provider knows them.",
    "vinyl_records": "Vinyl of releases: format, speed, colour, weight, edition, pressing.",
    "collection_items": "Copies in people's record collections.",
}


@dg.multi_asset(
    specs=[spec("silver", table, description, STAGED) for table, description in _CATALOGUE.items()],
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
            yield result(connection, "silver", table, changed=changes[table].written)


@dg.asset(
    key=key("silver", "listen_events"),
    deps=[key("silver", "track_members")],
    partitions_def=daily,
    backfill_policy=one_day_a_run,
    group_name="silver",
    kinds={"python", "duckdb"},
    owners=OWNERS,
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
        return result(connection, "silver", "listen_events", changed=changes.written, providers=told)


@dg.multi_asset(
    specs=[
        spec("silver", table, description, [key("silver", "track_members")])
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
        yield result(connection, "silver", "owned_files", changed=files.written)
        yield result(connection, "silver", "owned_tracks", changed=owned.written)
