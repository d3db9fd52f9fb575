"""Silver assets of what was played, where and by whom: tracklists, sets, shows, festivals, charts."""

from collections.abc import Iterator

import dagster as dg

from enrichment import charts, playlists, sets
from orchestration.assets.tables import key, result, spec
from orchestration.markdown import markdown
from orchestration.partitions import daily, day_of, one_day_a_run
from orchestration.resources import LakeResource


@dg.multi_asset(
    specs=[
        spec("silver", "enriched_playlists", "One row per tracklist.", [key("silver", "enriched_tracks")]),
        spec(
            "silver",
            "playlist_tracks",
            "Rows of tracklists, tied to tracks.",
            [key("silver", "enriched_tracks")],
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
        yield result(connection, "silver", "enriched_playlists", changed=changes.written)
        yield result(connection, "silver", "playlist_tracks", changed=rows.written)


_SETS = (
    ("dj_sets", "One row per performance or broadcast, whoever listed it."),
    ("radio_shows", "Shows and podcasts, with their hosts and the time they ran."),
    ("festivals", "Festivals, one row per year."),
    ("performances", "Who played where: one row per DJ of a live set."),
)


@dg.multi_asset(
    specs=[
        spec(
            "silver",
            table,
            description,
            [key("silver", "enriched_playlists"), key("silver", "artist_names")],
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
            yield result(connection, "silver", table, changed=changes[table].written, **more)


@dg.multi_asset(
    specs=[
        spec("silver", "charts", "One row per chart.", [key("silver", "track_members")]),
        spec(
            "silver",
            "chart_entries",
            "Places on charts by date, tied to tracks.",
            [key("silver", "track_members")],
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
        yield result(connection, "silver", "charts", changed=changes.written)
        yield result(connection, "silver", "chart_entries", changed=entries.written)
