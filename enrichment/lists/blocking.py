"""Which pairs of a list are worth judging: rows that share a key few others have.

Keys are words, pairs of words, beginnings and consonant skeletons (a misspelt word often keeps them) of
title, artist and album, and identifiers. A key shared by more rows than its cap says too little and is cut;
what was cut is counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from enrichment.matching.comparable import Comparable
from lake.tables import one

Indices = npt.NDArray[np.int64]

CAPS = {"word": 60, "pair": 40, "start": 60, "skeleton": 30, "length": 15, "id": 200}
"""Rows of one key above which it is cut, by the kind of key."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs to judge (left < right), and what the caps cut: keys, and rows left without any key."""

    left: Indices
    right: Indices
    cut_keys: int
    keyless_rows: int


_KEYS = """
    create or replace temp table words as
    select r, field, word from (
        select r, 'title' as field, unnest(string_split(title, ' ')) as word from listed
        union all select r, 'artist', unnest(string_split(artist, ' ')) from listed
        union all select r, 'album', unnest(string_split(album, ' ')) from listed
    ) where length(word) > 1;
    create or replace temp table keys as
    select distinct * from (
    select r, 'word' as kind, word as key from words
    union all
    select r, 'skeleton', left(word, 1) || regexp_replace(word[2:], '[aeiouyhw]', '', 'g') from words
    where length(word) >= 5
    union all
    -- two words together are rare where each alone is not
    select a.r, 'pair', least(a.word, b.word) || ' ' || greatest(a.word, b.word)
    from (select * from words where field = 'title') a join words b on a.r = b.r and a.word <> b.word
    where b.field = 'artist' or (b.field = 'title' and a.word < b.word)
    union all
    select r, 'start', left(replace(title, ' ', ''), 7) || '/' || left(replace(artist, ' ', ''), 3)
    from listed where title <> '' and artist <> ''
    union all
    select r, 'start', left(replace(title, ' ', ''), 9) from listed where length(title) > 3
    union all
    select r, 'start', '/' || right(replace(title, ' ', ''), 8) from listed where length(title) > 6
    union all
    select r, 'start', '//' || title || length::int from listed where length is not null and title <> ''
    union all
    -- for rows whose words are lost: the same place on a release and the same length, within two seconds
    select r, 'length',
        (length::int + unnest([0, 1])) // 2 || '/' || number::int || '/' || coalesce(year::int, 0)
    from listed where length is not null and number is not null
    union all
    select r, 'id', unnest(isrc) from listed
    union all
    select r, 'id', catalog_number || '/' || number::int from listed
    where catalog_number <> '' and number is not null
    );
"""


def candidates(records: Comparable, *, caps: dict[str, int] | None = None) -> Candidates:
    """All pairs of rows that share a key which at most `caps` rows have."""
    listed = pa.table(
        {
            "r": pa.array(np.arange(len(records), dtype=np.int32)),
            "title": records.title,
            "artist": records.artist,
            "album": records.album,
            "length": pa.array(records.length, from_pandas=True),
            "number": pa.array(records.number, from_pandas=True),
            "year": pa.array(records.year, from_pandas=True),
            "isrc": pa.array([sorted(one) for one in records.isrc], pa.list_(pa.string())),
            "catalog_number": records.catalog_number,
        }
    )
    return meet(listed, _KEYS, caps or CAPS)


def meet(listed: pa.Table, keys: str, caps: Mapping[str, int]) -> Candidates:
    """All pairs of rows that share a key which not too many have.

    Args:
        listed: columns the keys are made of; ``r`` numbers the rows.
        keys: SQL that makes a table ``keys`` (r, kind, key) of ``listed``.
        caps: rows of one key above which it is cut, by kind.
    """
    cap = " ".join(f"when '{kind}' then {limit}" for kind, limit in caps.items())
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.register("listed", listed)
        connection.execute(keys)
        connection.execute(
            f"""
            create temp table live as
            select kind, key, count(*) > (case kind {cap} end) as cut, row_number() over () as k
            from keys group by kind, key having count(*) > 1;
            create temp table kept as
            select l.k, r.r from keys r join live l on r.kind = l.kind and r.key = l.key where not l.cut
            """
        )
        pairs = connection.execute(
            # a pair as one number: made distinct and sorted faster than two
            """
            select distinct (a.r::bigint << 32) | b.r as pair
            from kept a join kept b on a.k = b.k and a.r < b.r
            order by pair
            """
        ).fetchnumpy()["pair"]
        cut, keyless = one(
            connection,
            """
            select (select count(*) from live where cut),
                   (select count(*) from listed where r not in
                     (select r from keys anti join (from live where cut) using (kind, key)))
            """,
        )
    return Candidates(pairs >> 32, pairs & 0xFFFFFFFF, int(cut), int(keyless))
