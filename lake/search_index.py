"""A full-text index made of plain tables, so that a published file needs no extension to be searched.

Made in a database: tables ``search_entries`` (what can be found, in the order that breaks ties),
``search_words`` and ``search_postings`` (which entries have which word), all sorted so that a search reads a
few row groups of each; and the scalar macro ``search_terms``, which takes a text apart, the same way for both
sides. Who searches adds the weights of the words asked for.
"""

from collections.abc import Mapping

import duckdb

from lake.tables import describe

K1, B = 1.2, 0.75
"""Of Okapi BM25 at their usual values (Robertson and Zaragoza, "The Probabilistic Relevance Framework")."""
COMMON, COMMON_FROM = 63, 2000
"""As many words of a kind, if more than so many entries have them, are common: flags at every entry that has
them. Their own lists hold the first so many entries only, and are read when nothing else is asked for."""

_BLANKED = """!"#%()+,-./:;<=>?@[\\]^_`{|}~–—…“”„«»·•×¿¡"""
_DROPPED = "'’‘´*"
_TERMS = f"""
create macro search_terms(txt) as coalesce(
    nullif(list_filter(string_split(translate(
        replace(strip_accents(lower(txt)), '&', ' and '),
        '{_BLANKED}øłđðı${_DROPPED.replace("'", "''")}', '{" " * len(_BLANKED)}olddis'
    ), ' '), lambda word: word <> ''), []),
    [lower(trim(txt))]
)"""
"""A text of punctuation only is its own word: the band ``!!!``."""

COMMENTS = {
    "search_entries": (
        "What search() finds, one row per track and artist; of two that fit alike the first wins.",
        {
            "entry": "Number of the row from 0: the most popular first, then by name.",
            "kind": "track or artist.",
            "id": "track_id or artist_id.",
            "name": "As it is shown.",
            "popularity": "popularity_score (0-100).",
        },
    ),
    "search_words": (
        "Words that search() knows, one row per kind and word.",
        {
            "word_no": "Number of the row from 1.",
            "kind": "track or artist.",
            "word": "Lower case, without accents.",
            "found_in": "Number of entries that have the word.",
            "flag": "Bit that stands for a common word; NULL for others.",
            "weight": "How much the word counts by itself (inverse document frequency).",
            "mean_length": "Words of an entry of this kind, on average.",
        },
    ),
    "search_postings": (
        f"Which entries have which word, one row each; of a common word the first {COMMON_FROM:,} only.",
        {
            "word_no": "The word.",
            "entry": "The entry that has it.",
            "weight": "What the word counts in the entry (Okapi BM25); 0 for a common word.",
            "flags": "Flags of the common words that the entry has.",
        },
    ),
}
"""Comment of each table, and of its columns."""


def build(connection: duckdb.DuckDBPyConnection, database: str, sources: Mapping[str, str]) -> None:
    """Make the index.

    Args:
        connection: with `database` attached, to be written to.
        database: where the tables are made.
        sources: kind of entry -> query of its ``id`` (uuid), ``name`` and ``popularity`` (decimal or NULL).
    """
    connection.execute(_TERMS.replace("search_terms", f"{database}.search_terms", 1))
    found = " union all ".join(
        f"select '{kind}' as kind, * from ({query})" for kind, query in sources.items()
    )
    connection.execute(
        f"""
        create table {database}.search_entries as
        select
            (row_number() over (order by popularity desc nulls last, name, id) - 1)::integer as entry,
            kind, id, name, popularity
        from ({found})
        where name is not null
        order by entry
        """
    )
    connection.execute(
        f"""
        create or replace temp table search_tokens as
        select entry, kind, unnest(words) as word, len(words) as length
        from (
            select entry, kind, list_distinct({database}.search_terms(name)) as words
            from {database}.search_entries
        )
        """
    )
    connection.execute(
        f"""
        create table {database}.search_words as
        with kinds as (
            select kind, count(distinct entry) as entries, count(*) / count(distinct entry) as mean_length
            from search_tokens group by kind
        ),
        found as (select kind, word, count(*) as found_in from search_tokens group by all),
        ranked as (
            select *, row_number() over (partition by kind order by found_in desc, word) as place
            from found inner join kinds using (kind)
        )
        select
            (row_number() over (order by kind, word))::integer as word_no, kind, word,
            found_in::integer as found_in,
            case
                when place <= {COMMON} and found_in > {COMMON_FROM} then 1::ubigint << (place - 1)::ubigint
            end as flag,
            ln(1 + (entries - found_in + 0.5) / (found_in + 0.5))::float as weight,
            mean_length::float as mean_length
        from ranked order by kind, word
        """
    )
    connection.execute(
        f"""
        create table {database}.search_postings as
        with placed as (
            select word_no, entry, flag, weight / (1 + {K1} * ({1 - B} + {B} * length / mean_length)) as share
            from search_tokens inner join {database}.search_words using (kind, word)
        ),
        flagged as (select entry, bit_or(flag) as flags from placed where flag is not null group by entry),
        kept as (
            select * from placed where flag is null
            union all
            select * from placed where flag is not null
            qualify row_number() over (partition by word_no order by entry) <= {COMMON_FROM}
        )
        select
            word_no, entry, if(flag is null, {K1 + 1} * share, 0)::float as weight,
            coalesce(flags, 0::ubigint) as flags
        from kept left join flagged using (entry)
        order by word_no, entry
        """
    )
    connection.execute("drop table search_tokens")
    for table, (comment, columns) in COMMENTS.items():
        describe(connection, f"{database}.{table}", comment, columns)
