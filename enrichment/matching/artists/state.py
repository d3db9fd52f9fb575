"""The state of artist identity: which name belongs to which artist, updated for the names one day touched.

Pairs are judged only where one of their names was touched; which of them join is decided over all stored
pairs, for one new pair can make another ambiguous. An artist's id is made from the earliest name of its
group (first day seen, then key): it survives re-runs and growth, and comes out the same from a full rebuild
and from increments. A name that moves to another id leaves a redirect.
"""

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from enrichment.engine import Day
from enrichment.matching.artists import blocking, judging, names
from enrichment.matching.artists.grouping import Grouped, group
from enrichment.matching.review import REVIEW_FROM
from lake import tables
from lake.parallel import collector_paused


@dataclass(frozen=True, slots=True)
class Identified:
    """What one day of artist identity did, in counts."""

    names: int
    names_touched: int
    pairs_judged: int
    blocks_cut: int
    names_cut: int
    names_merged: int
    names_ambiguous: int
    names_moved: int


def identify(connection: duckdb.DuckDBPyConnection, day: Day) -> Identified:
    """Bring the names, matches, review queue and redirects of artists in silver up to date.

    Leaves temporary tables ``artist_credits`` (every credit with its ``name_key``), ``delta_names`` (names
    touched) and ``moved_names`` (name_key, from_artist_id, to_artist_id; either may be null).
    """
    names.collect(connection)
    names.touch(connection, day)
    blocks = blocking.candidates(connection)
    with collector_paused():
        judged = judging.judge_pairs(connection)
        grouped = _group(connection)
    connection.execute(_MATCHES)
    connection.execute(_MEMBERS)
    connection.execute(_MOVED)
    tables.transaction(connection, lambda: _store(connection, day), message=f"artist names of {day.date}")
    counts = tables.one(
        connection,
        "select (select count(*) from fresh_names), (select count(*) from delta_names), "
        "(select count(*) from moved_names)",
    )
    return Identified(
        names=counts[0],
        names_touched=counts[1],
        pairs_judged=judged,
        blocks_cut=blocks.cut_blocks,
        names_cut=blocks.cut_names,
        names_merged=len(grouped.accepted),
        names_ambiguous=len(grouped.ambiguous),
        names_moved=counts[2],
    )


def _group(connection: duckdb.DuckDBPyConnection) -> Grouped:
    """Group all names by their pairs, stored and fresh; leaves temporary table ``grouped_names``."""
    connection.execute(
        """
        create or replace temp table all_pairs as
        select name_key_a, name_key_b, confidence, method, evidence from silver.artist_matches
        where name_key_a not in (from delta_names) and name_key_b not in (from delta_names)
        union all
        from artist_judged
        """
    )
    pairs = connection.execute(
        "select name_key_a, name_key_b, confidence::double from all_pairs "
        f"where evidence ->> 'veto' is null and confidence >= {judging.KEEP}"
    ).fetchall()
    vetoed = connection.execute(
        "select name_key_a, name_key_b from all_pairs where evidence ->> 'veto' is not null"
    ).fetchall()
    # A name with a disambiguator leads: a bare one may be any of its namesakes.
    order = connection.execute(
        """
        select name_key from fresh_names
        semi join (select unnest([name_key_a, name_key_b]) as name_key from all_pairs) using (name_key)
        order by disambiguator = '', uses desc, first_seen, name_key
        """
    ).fetchall()
    grouped = group([name for (name,) in order], pairs, vetoed, float(judging.THRESHOLD))
    batch = pa.table(
        {
            "name_key": pa.array([*grouped.artist_of, *grouped.ambiguous], pa.string()),
            "lead_key": pa.array(
                [*grouped.artist_of.values(), *(None for _ in grouped.ambiguous)], pa.string()
            ),
        }
    )
    connection.register("grouped_batch", batch)
    connection.execute("create or replace temp table grouped_names as select * from grouped_batch")
    connection.unregister("grouped_batch")
    return grouped


_MATCHES = f"""
    create or replace temp table fresh_matches as
    select p.name_key_a, p.name_key_b, p.confidence, p.method, p.evidence,
        a.lead_key is not distinct from p.name_key_b
            or b.lead_key is not distinct from p.name_key_a as accepted
    from all_pairs p
    left join grouped_names a on p.name_key_a = a.name_key
    left join grouped_names b on p.name_key_b = b.name_key;
    create or replace temp table fresh_artist_review as
    with placed as (
        select f.name_key, f.uses, coalesce(g.lead_key, f.name_key) as lead_key,
            g.name_key is not null and g.lead_key is null as ambiguous
        from fresh_names f left join grouped_names g using (name_key)
    )
    select m.name_key_a, m.name_key_b, m.confidence,
        case
            when m.confidence < {judging.THRESHOLD} then 'below_threshold'
            when a.ambiguous or b.ambiguous then 'ambiguous'
            else 'only_an_alias_is_alike'
        end as reason,
        m.evidence, a.uses + b.uses as uses
    from fresh_matches m
    join placed a on m.name_key_a = a.name_key
    join placed b on m.name_key_b = b.name_key
    where m.confidence >= {REVIEW_FROM} and (m.evidence ->> 'veto') is null and a.lead_key <> b.lead_key
"""
_MEMBERS = """
    create or replace temp table fresh_artist_names as
    with led as (
        select f.*, coalesce(g.lead_key, f.name_key) as lead_key
        from fresh_names f left join grouped_names g using (name_key)
    ),
    ids as (
        select lead_key,
            stable_uuid('artist:' || arg_min(name_key, (first_seen, name_key))) as artist_id
        from led group by lead_key
    )
    select l.*, i.artist_id, coalesce(m.confidence, 1)::decimal(5,4) as match_confidence,
        coalesce(m.method, 'name') as match_method
    from led l
    join ids i using (lead_key)
    left join fresh_matches m
        on m.accepted and m.name_key_a = least(l.name_key, l.lead_key)
        and m.name_key_b = greatest(l.name_key, l.lead_key)
"""
_MOVED = """
    create or replace temp table moved_names as
    select coalesce(f.name_key, t.name_key) as name_key, t.artist_id as from_artist_id,
        f.artist_id as to_artist_id
    from fresh_artist_names f
    full join silver.artist_names t using (name_key)
    where f.artist_id is distinct from t.artist_id
"""


def _store(connection: duckdb.DuckDBPyConnection, day: Day) -> None:
    for table, source, key in (
        ("silver.artist_matches", "fresh_matches", ("name_key_a", "name_key_b")),
        ("silver.artist_review", "fresh_artist_review", ("name_key_a", "name_key_b")),
        ("silver.artist_names", "fresh_artist_names", ("name_key",)),
    ):
        tables.merge_changed(connection, table, source, key=key, scope="true")
    connection.execute(
        f"""
        create or replace temp table fresh_artist_redirects as
        select distinct from_artist_id, to_artist_id,
            case
                when from_artist_id in (select artist_id from silver.artist_names) then 'split' else 'merged'
            end as reason,
            {day.sql} as changed_on
        from moved_names where from_artist_id is not null and to_artist_id is not null
        """
    )
    tables.insert_missing(
        connection,
        "silver.artist_redirects",
        "fresh_artist_redirects",
        key=("from_artist_id", "to_artist_id"),
    )
