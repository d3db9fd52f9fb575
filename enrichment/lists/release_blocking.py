"""Which pairs of releases are worth judging: rows that share a key few others have.

Keys are words and pairs of words of title and artist, how titles and track lists begin, and phrases of three
words of a track list: two lists with most tracks in common share many, whatever they are called.
"""

import numpy as np
import pyarrow as pa

from enrichment.lists.blocking import Candidates, meet
from enrichment.lists.release_features import Releases

CAPS = {"word": 10, "pair": 20, "start": 20, "phrase": 20}
"""Rows of one key above which it is cut, by the kind of key."""

_KEYS = """
    create or replace temp table keys as
    with words as (select distinct r, unnest(string_split(text, ' ')) as word from listed),
    lists as (select r, string_split(words, ' ') as parts from listed),
    phrases as (select r, unnest(list_transform(
        range(1, greatest(len(parts) - 2, 0) + 1), lambda i: array_to_string(parts[i:i+2], ' '))) as phrase
        from lists)
    select r, 'word' as kind, word as key from words where length(word) > 1
    union all
    -- two words together are rare where each alone is not
    select a.r, 'pair', a.word || ' ' || b.word from words a join words b on a.r = b.r and a.word < b.word
    where length(a.word) > 1 and length(b.word) > 1
    union
    select r, 'start', left(replace(title, ' ', ''), 8) from listed where length(title) > 3
    union
    select r, 'start', '/' || left(replace(words, ' ', ''), 20) from listed where words <> ''
    union
    select r, 'phrase', phrase from phrases where length(phrase) >= 10
"""


def candidates(records: Releases, *, caps: dict[str, int] | None = None) -> Candidates:
    """All pairs of releases that share a key which at most `caps` rows have."""
    listed = pa.table(
        {
            "r": pa.array(np.arange(len(records), dtype=np.int32)),
            "title": pa.array(records.title, pa.string()),
            "text": pa.array(records.text, pa.string()),
            "words": pa.array(records.words, pa.string()),
        }
    )
    return meet(listed, _KEYS, caps or CAPS)
