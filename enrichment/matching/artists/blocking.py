"""Blocking: which pairs of names are worth judging.

Names meet when they share a key: all letters but one, the consonants, the words that are no title and no
connective, the first or last letters of a long name; when they differ only in their disambiguator; or when
some credit a track to the one and others to the other. Blocks above the cap are skipped and counted.
"""

from dataclasses import dataclass

import duckdb

from enrichment.matching.artists.judging import KNOWN
from lake.tables import one

CAP = 40
"""Names in a block above which it is skipped."""
ALONE = 8
"""Letters below which names are judged only if they share a track: spelling alone cannot suffice."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """What blocking did: pairs to judge, blocks and names cut by the cap."""

    pairs: int
    cut_blocks: int
    cut_names: int


# The keys of each name, as hashes: no two kinds meet. Distinct within a name, so that blocks can be counted.
_KEYS = f"""
    create or replace temp table artist_keys as
    select name_key, state, unnest(list_distinct(list_concat(
        case when len(base_key) >= {ALONE} then list_concat(
            [hash('less', base_key), hash('sound', sound)],
            [hash('less', base_key[:i - 1] || base_key[i + 1:]) for i in range(1, len(base_key) + 1)]
        ) end,
        case when len(base_key) >= 16
            then [hash('start', left(base_key, 8)), hash('end', right(base_key, 8))] end,
        case when len(core) >= 2 then [hash('core', core)] end
    ))) as block
    from name_states
"""
_WORDS = """
    create or replace temp table artist_words as
    select name_key, state, unnest(list_distinct(string_split(words, ' '))) as word
    from name_states where contains(words, ' ')
"""
_FLIPPED = """
    insert into delta_names
    with changed as (select distinct {key} from {table} where state <> 'kept'),
    flipped as (
        select {key} from {table} semi join changed using ({key})
        group by {key}
        having (count(*) filter (state <> 'new') > {most}) <> (count(*) filter (state <> 'gone') > {most})
    )
    select distinct name_key from {table}
    semi join flipped using ({key}) anti join delta_names using (name_key)
"""
"""A block that passed the cap, up or down, concerns all its names; so does a word that became known."""
_LIVE = f"""
    create or replace temp table artist_blocks as
    with touched as (select distinct block from artist_keys semi join delta_names using (name_key))
    select block, count(*) as names, names > {CAP} as cut
    from artist_keys semi join touched using (block)
    where state <> 'gone'
    group by block having count(*) > 1
"""
_PAIRS = """
    create or replace temp table artist_pairs as
    with present as (
        select name_key, block from artist_keys
        semi join (from artist_blocks where not cut) using (block)
        where state <> 'gone'
    ),
    met as (
        select a.name_key as one, b.name_key as other
        from present a
        semi join delta_names d on a.name_key = d.name_key
        join present b on a.block = b.block and a.name_key <> b.name_key
    ),
    namesakes as (
        select a.name_key, b.name_key
        from fresh_names a
        join fresh_names b on a.base_key = b.base_key and a.name_key <> b.name_key
        semi join delta_names d on a.name_key = d.name_key
    )
    select distinct least(one, other) as name_key_a, greatest(one, other) as name_key_b
    from (from met union all from namesakes)
    union
    select name_key_a, name_key_b from artist_shared
"""
# Tracks some of whose records credit one name where others credit another, all other names being the same.
_SHARED = """
    create or replace temp table artist_shared as
    with tracks as (
        select distinct m.track_id
        from silver.track_members m
        join artist_credits c using (record_id)
        semi join delta_names d on c.name_key = d.name_key
    ),
    written as (
        select distinct track_id, names from (
            select m.track_id, c.record_id, list_sort(list(distinct c.name_key)) as names
            from artist_credits c
            join silver.track_members m using (record_id)
            semi join tracks t on m.track_id = t.track_id
            group by all
        )
    ),
    unlike as (
        select a.track_id,
            list_filter(a.names, lambda name: not list_contains(b.names, name)) as only_a,
            list_filter(b.names, lambda name: not list_contains(a.names, name)) as only_b
        from written a join written b on a.track_id = b.track_id and a.names < b.names
    )
    select least(only_a[1], only_b[1]) as name_key_a, greatest(only_a[1], only_b[1]) as name_key_b,
        count(distinct track_id) as tracks
    from unlike
    where len(only_a) = 1 and len(only_b) = 1
    group by all
    having name_key_a in (from delta_names) or name_key_b in (from delta_names)
"""


def candidates(connection: duckdb.DuckDBPyConnection) -> Blocks:
    """Temporary tables ``artist_pairs``, ``artist_shared`` and ``artist_words``.

    Grows ``delta_names`` by the names whose blocks or words the day's names brought across a limit.
    """
    connection.execute(_KEYS)
    connection.execute(_WORDS)
    connection.execute(_FLIPPED.format(table="artist_keys", key="block", most=CAP))
    connection.execute(_FLIPPED.format(table="artist_words", key="word", most=KNOWN - 1))
    connection.execute("delete from artist_words where state = 'gone'")
    connection.execute(_LIVE)
    connection.execute(_SHARED)
    connection.execute(_PAIRS)
    connection.execute("drop table artist_keys")
    pairs, cut_blocks, cut_names = one(
        connection,
        "select (select count(*) from artist_pairs), count(*) filter (cut), "
        "coalesce(sum(names) filter (cut), 0) from artist_blocks",
    )
    return Blocks(int(pairs), int(cut_blocks), int(cut_names))
