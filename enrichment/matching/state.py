"""The matching state: which record belongs to which track, updated for the records one day touched.

Everything here but track ids is a function of the records there are and of what people decided: nodes of
records (`nodes`), blocks of nodes (`blocking`), a judgement of what two nodes say (`scoring`), clusters of
the judgements (`clustering`). A day only finds out which part can have changed, and makes that part equal to
what a rebuild from scratch would give. So it does not matter over how many days the same records came, or in
which order. What does depend on days is told in `members`: the day a record was first seen, hence by which of
its records a track is named, and the redirects, which are history.

One rule keeps this so: a judgement may rest on nothing but the two nodes, their records and people's
decisions.
"""

from dataclasses import dataclass

import duckdb

from enrichment.config import WaterfallConfig
from enrichment.engine import Day
from enrichment.matching import blocking, components, decisions, members, nodes, review, scoring
from lake import tables
from lake.parallel import collector_paused


@dataclass(frozen=True, slots=True)
class Matched:
    """What one day of matching did, in counts."""

    nodes_touched: int
    nodes_clustered: int
    pairs_judged: int
    pairs_accepted: int
    pairs_held: int
    blocks_cut: int
    records: int
    tracks: int
    members_changed: int
    redirects: int


def match_day(connection: duckdb.DuckDBPyConnection, day: Day, config: WaterfallConfig) -> Matched:
    """Match the records of one day against the whole lake and store matches, members and redirects.

    Leaves temporary table ``day_tracks`` (track_id): every track the day touched.
    """
    nodes.touch(connection, day, decisions.touched_nodes(day))
    blocks = blocking.candidates(connection)
    with collector_paused():
        judged = scoring.judge(connection)
    decisions.apply(connection)
    components.remember(connection)
    accepted = tables.transaction(
        connection, lambda: _store_matches(connection), message=f"matches of {day.date}"
    )
    found = components.recluster(connection)
    members.name_tracks(connection, found, config, day)
    changes, redirects = tables.transaction(
        connection, lambda: members.store(connection, day), message=f"track members of {day.date}"
    )
    tables.transaction(
        connection, lambda: review.store(connection, found.held), message=f"match review of {day.date}"
    )
    day_tracks(connection, day)
    counts = tables.one(
        connection,
        "select (select count(*) from delta_nodes), (select count(*) from affected), "
        "(select count(*) from fresh_members), (select count(distinct track_id) from fresh_members)",
    )
    return Matched(
        nodes_touched=counts[0],
        nodes_clustered=counts[1],
        pairs_judged=judged,
        pairs_accepted=accepted,
        pairs_held=len(found.held),
        blocks_cut=blocks.cut,
        records=counts[2],
        tracks=counts[3],
        members_changed=changes.written + changes.deleted,
        redirects=redirects,
    )


def day_tracks(connection: duckdb.DuckDBPyConnection, day: Day) -> None:
    """Temporary table ``day_tracks``: tracks whose records the day answered, or whose members it changed.

    Ids that were merged away that day are among them, so that what hangs on them is removed.
    """
    connection.execute(
        f"""
        create or replace temp table day_tracks as
        select track_id from silver.track_members
        where changed_on = {day.sql}
           or record_id in (select record_id from silver.record_answers where ingest_date = {day.sql})
        union
        select from_track_id from silver.track_redirects where changed_on = {day.sql}
        """
    )


def _store_matches(connection: duckdb.DuckDBPyConnection) -> int:
    """Replace the judged pairs of the touched nodes; returns how many of them are accepted."""
    tables.merge_changed(
        connection,
        "silver.track_matches",
        "judged",
        key=("node_a", "node_b"),
        scope="t.node_a in (select node_id from delta_nodes) "
        "or t.node_b in (select node_id from delta_nodes)",
    )
    return int(tables.one(connection, "select count(*) from judged where accepted")[0])
