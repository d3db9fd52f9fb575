"""Judging: how sure it is that two names are one artist's, from spelling and what they are credited on.

Confidence is odds: the spelling's own, multiplied by a factor for each piece of evidence; every piece is
named in the pair's ``evidence``. A veto overrules all of it.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from enrichment.matching.artists.spelling import Difference, compare
from enrichment.matching.nodes import FREE_TEXT
from lake.tables import one

THRESHOLD = Decimal("0.90")
"""Names are one artist's from this confidence on (ARTIST_MATCH_THRESHOLD of the source documents)."""
KEEP = 0.5
"""Judged pairs below this are not worth a row, unless a veto must be remembered."""
KNOWN = 2
"""Names that use a word from which on it is a word of its own, not a slip: "Jay" beside "Ray"."""

_ONE_SHARED, _MORE_SHARED = 15.0, 50.0
"""One track, or more, that some credit to the one name and others to the other."""
_SUPPORT = 1 / 3
"""Share of the rarer name's tracks that must be shared for it to count, unless `_MANY` are."""
_MANY = 2
_APART = ((10, 0.1), (3, 0.3))
"""Tracks of the rarer name, none of them shared -> factor: each name has a catalogue of its own."""
_CIRCUMSTANCES = {"same_label": 2.0, "other_genres": 0.5, "both_listed": 0.5}
"""What counts without a shared track: a label of both; a provider that knows genres of both, none in common;
a catalogue that lists both names."""
_KNOWN_WORD = 0.1
"""The rarer name's odd word is used in other names too."""
_BARE = 0.05
"""Only one name has a disambiguator: it may be anybody of that name."""
_NAMESAKE = Difference("namesake", 0.5)
"""The same name, with and without a disambiguator."""

_RESULT = pa.schema(
    [
        *(pa.field(name, pa.string()) for name in ("name_key_a", "name_key_b")),
        pa.field("confidence", pa.decimal128(5, 4)),
        pa.field("method", pa.string()),
        pa.field("evidence", pa.string()),
    ]
)

# What is known of the two names of each pair. Credits of one record cannot be two names of one artist, but a
# remixer may remix himself under another spelling.
_FEATURES = f"""
    create or replace temp table artist_features as
    with used as (
        select name_key_a as name_key from artist_pairs union select name_key_b from artist_pairs
    ),
    facts as (
        select
            c.name_key, count(distinct m.track_id) as tracks,
            list(distinct lower(r.label)) filter (r.label is not null) as labels,
            list(distinct r.provider || ':' || r.genre) filter (r.genre is not null) as genres,
            list(distinct r.provider) filter (r.genre is not null) as genre_providers,
            list(distinct r.provider) filter (r.provider not in {FREE_TEXT}) as catalogues
        from artist_credits c
        semi join used using (name_key)
        join silver.track_records r using (record_id)
        left join silver.track_members m using (record_id)
        group by c.name_key
    ),
    known as (
        select name_key, list(word) as words
        from artist_words semi join used using (name_key)
        join (select word from artist_words group by word having count(*) >= {KNOWN}) using (word)
        group by name_key
    ),
    together as (
        select distinct p.name_key_a, p.name_key_b
        from artist_pairs p
        join artist_credits a on a.name_key = p.name_key_a and a.role <> 'remixer'
        join artist_credits b on b.name_key = p.name_key_b and b.role <> 'remixer'
            and a.record_id = b.record_id
    )
    select
        p.name_key_a, p.name_key_b, a.words as words_a, b.words as words_b,
        a.disambiguator as note_a, b.disambiguator as note_b, a.base_key = b.base_key as namesakes,
        a.uses as uses_a, b.uses as uses_b,
        coalesce(ka.words, []) as known_a, coalesce(kb.words, []) as known_b,
        coalesce(s.tracks, 0) as shared, least(coalesce(fa.tracks, 0), coalesce(fb.tracks, 0)) as tracks,
        t.name_key_a is not null as together,
        coalesce(list_has_any(fa.labels, fb.labels), false) as same_label,
        coalesce(list_has_any(fa.genre_providers, fb.genre_providers)
            and not list_has_any(fa.genres, fb.genres), false) as other_genres,
        coalesce(list_has_any(fa.catalogues, fb.catalogues), false) as both_listed
    from artist_pairs p
    join fresh_names a on p.name_key_a = a.name_key
    join fresh_names b on p.name_key_b = b.name_key
    left join facts fa on p.name_key_a = fa.name_key
    left join facts fb on p.name_key_b = fb.name_key
    left join known ka on p.name_key_a = ka.name_key
    left join known kb on p.name_key_b = kb.name_key
    left join artist_shared s on p.name_key_a = s.name_key_a and p.name_key_b = s.name_key_b
    left join together t on p.name_key_a = t.name_key_a and p.name_key_b = t.name_key_b
    order by p.name_key_a, p.name_key_b
"""


def judge_pairs(connection: duckdb.DuckDBPyConnection, batch_rows: int = 200_000) -> int:
    """Judge ``artist_pairs``; temporary table ``artist_judged`` holds those worth keeping.

    Returns:
        How many pairs were judged.
    """
    connection.execute(_FEATURES)
    (total,) = one(connection, "select count(*) from artist_features")
    batches = connection.execute("from artist_features").to_arrow_reader(batch_rows)
    judged = pa.concat_tables([_RESULT.empty_table(), *map(_judge, batches)])
    connection.register("judged_batch", judged)
    connection.execute("create or replace temp table artist_judged as select * from judged_batch")
    connection.unregister("judged_batch")
    return int(total)


def judge(pair: Mapping[str, Any]) -> tuple[float, str, dict[str, Any]]:
    """(confidence, method, evidence) of one row of features; symmetric in its two names.

    A pair whose letters have nothing in common has confidence 0 and method ``none``.
    """
    if _told_apart(pair["note_a"], pair["note_b"]):
        return (
            0.0,
            "namesake",
            {"veto": "disambiguator", "disambiguators": sorted((pair["note_a"], pair["note_b"]))},
        )
    difference = _NAMESAKE if pair["namesakes"] else compare(pair["words_a"], pair["words_b"])
    if difference is None:
        return 0.0, "none", {}
    evidence: dict[str, Any] = {"spelling": difference.confidence}
    if pair["together"]:
        return 0.0, difference.kind, evidence | {"veto": "credited_together"}
    factors = _factors(pair, difference)
    odds = difference.confidence / max(1 - difference.confidence, 1e-3)
    for factor in factors.values():
        odds *= factor
    if pair["shared"]:
        evidence["shared_tracks"] = pair["shared"]
    return odds / (1 + odds), difference.kind, evidence | {"tracks": pair["tracks"], "factors": factors}


def _told_apart(a: str, b: str) -> bool:
    """Whether two disambiguators name two namesakes; a number and a country may mean one of them."""
    return bool(a and b) and a != b and a.isdigit() == b.isdigit()


def _factors(pair: Mapping[str, Any], difference: Difference) -> dict[str, float]:
    factors: dict[str, float] = {}
    shared, tracks = pair["shared"], pair["tracks"]
    if shared >= _MANY or shared >= _SUPPORT * max(tracks, 1):
        factors["shared_tracks"] = _ONE_SHARED if shared == 1 else _MORE_SHARED
    elif not shared:
        for least, factor in _APART:
            if tracks >= least:
                factors["own_catalogues"] = factor
                break
        factors |= {name: factor for name, factor in _CIRCUMSTANCES.items() if pair[name]}
    if "shared_tracks" not in factors and _known(pair, difference):
        factors["known_word"] = _KNOWN_WORD
    if bool(pair["note_a"]) != bool(pair["note_b"]) and not pair["namesakes"]:
        factors["one_disambiguator"] = _BARE
    return factors


def _known(pair: Mapping[str, Any], difference: Difference) -> bool:
    """Whether the odd word of the rarer name (of either, if equally rare) is a word of its own."""
    sides = (
        (pair["uses_a"], difference.odd[0], pair["known_a"]),
        (pair["uses_b"], difference.odd[1], pair["known_b"]),
    )
    rarer = min(uses for uses, _, _ in sides)
    return any(bool(word) and word in known for uses, word, known in sides if uses == rarer)


def _judge(batch: pa.RecordBatch) -> pa.Table:
    rows = []
    for pair in batch.to_pylist():
        confidence, method, evidence = judge(pair)
        # a pair refused for what is known of it must hold a group apart later
        if confidence >= KEEP or "veto" in evidence:
            rows.append(
                {
                    "name_key_a": pair["name_key_a"],
                    "name_key_b": pair["name_key_b"],
                    "confidence": Decimal(f"{min(confidence, 1.0):.4f}"),
                    "method": method,
                    "evidence": json.dumps(evidence, sort_keys=True),
                }
            )
    return pa.Table.from_pylist(rows, _RESULT)
