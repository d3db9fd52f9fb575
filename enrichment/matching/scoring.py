"""Scoring: how sure it is that two nodes are the same track, from named evidence.

First version, by rules one can read: confidence = title x artist x version, each factor from a small table;
shared identifiers confirm; another version vetoes. The full engine with calibrated weights replaces this
module behind the same two functions.
"""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz import fuzz, process

from enrichment.matching.letters import another_word
from enrichment.matching.nodes import WITHOUT_EXTENDED
from enrichment.text.vocabulary import STYLES
from lake.tables import one

THRESHOLD = Decimal("0.85")
"""Tracks are the same from this confidence on (TRACK_MATCH_THRESHOLD of the source documents)."""
KEEP = 0.5
"""Judged pairs below this are not worth a row."""
ID_CONFIDENCE = {"isrc": 0.99}
"""Confidence of a shared identifier; provider ids count 1."""
CONTRADICTIONS = {"rivals": 0.9, "other_isrc": 0.92, "other_bpm": 0.93, "other_length": 0.93}
"""Factors against a pair whose words are not quite the same: two entries of one catalogue, no ISRC in common,
another tempo (half and double aside), another length (over ten seconds)."""
_SAME_ID_TITLE = 0.55
"""With a shared id, titles less alike than this are a wrong link, not a spelling."""

_OTHER_NAMES = 0.8
"""Names less alike than this, credited on one side each, are other people."""
_MAKER_RATIO = 0.87
_DJ = re.compile(r"(?<![^ ])dj(?=[a-z0-9]{3})")
_DIGITS = re.compile(r"[^0-9]")
_VERSION_NAME = re.compile(r":([^|]*)")

Floats = npt.NDArray[np.float64]

_ORDINAL = "first|second|third|fourth|fifth|sixth"
_UNSHARED = """coalesce(array_to_string(list_filter({side}.artist_names, lambda name:
            not list_contains({other}.artist_names, name)
            and not contains(translate(a.version_key, ':+', '||') || '|', '|' || name || '|')
        ), ' '), '') as unshared_{side}"""
"""SQL of the names only this side credits; a remixer listed among the artists does not count."""
NAME_FEATURES = f"""
        coalesce(a.title_text, '') as title_a, coalesce(b.title_text, '') as title_b,
        coalesce(a.artist_text, '') as artist_a, coalesce(b.artist_text, '') as artist_b,
        coalesce(a.version_key, '') as version_a, coalesce(b.version_key, '') as version_b,
        a.title_text is null or b.title_text is null as wordless,
        len(a.artist_names) as names_a, len(b.artist_names) as names_b,
        len(list_intersect(a.artist_names, b.artist_names)) as common,
        {_UNSHARED.format(side="a", other="b")},
        {_UNSHARED.format(side="b", other="a")},
        regexp_replace(a.title_text, '[^0-9]', '', 'g') = regexp_replace(b.title_text, '[^0-9]', '', 'g')
            -- "Part II" and "Part III", "First" and "Third", "Untitled A" and "Untitled B": numbering, not
            -- spelling
            and regexp_extract(a.title_text, '[ivx]+$') = regexp_extract(b.title_text, '[ivx]+$')
            and regexp_extract(a.title_text, '[a-h][0-9]$') = regexp_extract(b.title_text, '[a-h][0-9]$')
            and regexp_extract(a.title_text, '{_ORDINAL}') = regexp_extract(b.title_text, '{_ORDINAL}')
            and not (left(a.title_text, -1) = left(b.title_text, -1)) as digits,
        coalesce(a.version_kind, '') = coalesce(b.version_kind, '')
            and contains(a.version_key, 'extended') = contains(b.version_key, 'extended') as same_kind,
        -- "Title" in a tracklist against "Title (Extended Mix)" in a catalogue that has no other
        {WITHOUT_EXTENDED.format(key="a.version_key")} = {WITHOUT_EXTENDED.format(key="b.version_key")}
            and a.version_key <> b.version_key
            and not case
                when contains(a.version_key, 'extended') then b.version_stated else a.version_stated end
            as left_out"""
"""SQL of what the words of two nodes ``a`` and ``b`` have in common: the columns `score` reads of them."""

_FEATURES = f"""
    create or replace temp table pair_features as
    with pairs as (
        select node_a, node_b, []::varchar[] as ids from text_pairs anti join id_pairs using (node_a, node_b)
        union all
        select node_a, node_b, fields from id_pairs
    ),
    -- what the records of a node say about the recording, for agreement and contradiction
    facts as (
        select
            node_id,
            list_sort(list(distinct r.provider) filter (
                r.source_entity_id is not null and r.provider <> 'dj_library')) as catalogues,
            list(distinct r.isrc) filter (r.isrc is not null) as isrcs,
            list(distinct r.bpm) filter (r.bpm is not null) as bpms,
            list(distinct r.duration_ms // 1000) filter (r.duration_ms > 30000) as seconds
        from node_records join silver.track_records r using (record_id)
        where node_id in (select node_a from pairs union select node_b from pairs)
        group by node_id
    )
    select
        p.node_a, p.node_b, p.ids, a.first_record as record_a, b.first_record as record_b,
        {NAME_FEATURES},
        coalesce(len(list_intersect(fa.catalogues, fb.catalogues)), 0) > 0 as rivals,
        coalesce(
            len(fa.isrcs) > 0 and len(fb.isrcs) > 0 and len(list_intersect(fa.isrcs, fb.isrcs)) = 0, false
        ) as other_isrc,
        coalesce(list_min(list_transform(fa.bpms, lambda x: list_min(list_transform(
            fb.bpms, lambda y: least(abs(x - y), abs(2 * x - y), abs(x - 2 * y)))))) > 1.5, false)
            as other_bpm,
        coalesce(list_min(list_transform(fa.seconds, lambda x: list_min(list_transform(
            fb.seconds, lambda y: abs(x - y))))) > 10, false) as other_length
    from pairs p
    join silver.track_nodes a on p.node_a = a.node_id
    join silver.track_nodes b on p.node_b = b.node_id
    left join facts fa on p.node_a = fa.node_id
    left join facts fb on p.node_b = fb.node_id
"""


def judge(connection: duckdb.DuckDBPyConnection, batch_rows: int = 200_000, *, keep: float = KEEP) -> int:
    """Judge the pairs of ``text_pairs`` and ``id_pairs`` into a temporary table ``judged``; how many.

    Pairs below the confidence `keep` that share no id get no row.
    """
    connection.execute(
        """
        create or replace temp table judged (
            node_a varchar, node_b varchar, record_a varchar, record_b varchar, match_confidence decimal(5,4),
            match_method varchar, matched_fields varchar[], evidence json, accepted boolean, verified boolean)
        """
    )
    connection.execute(_FEATURES)
    total = int(one(connection, "select count(*) from pair_features")[0])
    for start in range(0, total, batch_rows):  # bounded memory; a cursor would not see the temporary table
        batch = connection.execute(
            f"select * from pair_features where rowid >= {start} and rowid < {start + batch_rows}"
        ).to_arrow_table()
        connection.register("judged_batch", score(batch, keep))
        connection.execute("insert into judged select * from judged_batch")
        connection.unregister("judged_batch")
    return total


def score(pairs: pa.Table, keep: float = KEEP) -> pa.Table:
    """Confidence, method, matched fields and evidence of each pair (see ``pair_features`` for the columns).

    Only pairs of at least the confidence `keep` and pairs that share an id come back.
    """
    columns = {name: pairs[name].to_pylist() for name in pairs.column_names if name not in {"ids"}}
    ids: list[list[str]] = pairs["ids"].to_pylist()
    wordless = np.array(columns["wordless"], bool)
    title_ratio = _ratio(columns["title_a"], columns["title_b"], fuzz.ratio)
    title = _title_factor(title_ratio, columns)
    artist = _artist_factor(columns)
    same_version = np.array([a == b for a, b in zip(columns["version_a"], columns["version_b"], strict=True)])
    misspelt = _misspelt_versions(columns, np.array(columns["same_kind"], bool) & ~same_version)
    left_out = np.array(columns["left_out"], bool)
    version = np.select([same_version, misspelt, left_out], [1.0, 0.97, 0.94], 0.0)
    shared = np.array([bool(one) for one in ids])
    by_id = np.array([max((ID_CONFIDENCE.get(field, 1.0) for field in one), default=0.0) for one in ids])
    # an answer about an id belongs first of all to who gave the id out; a link from elsewhere comes second
    by_id = np.where(wordless & ~np.array(columns["rivals"], bool), by_id * 0.95, by_id)
    words = title * artist * version
    # a shared id confirms unless the words contradict it: another version, or a wholly different title
    confirmed = shared & (wordless | ((version > 0) & (title_ratio >= _SAME_ID_TITLE)))
    confidence = np.where(confirmed, np.maximum(by_id, words), np.where(shared & ~confirmed, 0.0, words))
    # words that are not quite the same: what the records say beside them counts against it where it differs
    doubtful = ~shared & ((title < 1.0) | (artist < 1.0) | (version < 1.0))
    against = {
        name: np.where(doubtful & np.array(columns[name], bool), cost, 1.0)
        for name, cost in CONTRADICTIONS.items()
    }
    for factor in against.values():
        confidence = confidence * factor
    confidence = confidence.round(4)
    kept = np.flatnonzero((confidence >= keep) | shared)
    terms = {"title": title_ratio, "artist": artist, "version": version, "shared_id": by_id}
    return _table(pairs, kept, confidence, terms, ids=ids, confirmed=confirmed, against=against)


def _ratio(left: list[str], right: list[str], scorer: Callable[..., float]) -> Floats:
    if not left:
        return np.zeros(0)
    scores: Floats = process.cpdist(left, right, scorer=scorer, dtype=np.float64) / 100.0
    return scores


def _title_factor(ratio: Floats, columns: dict[str, list[Any]]) -> Floats:
    """1 for equal titles; a misspelling costs more the shorter the title; other numbers are other titles."""
    titles = list(zip(columns["title_a"], columns["title_b"], strict=True))
    shorter = np.array([min(len(a), len(b)) for a, b in titles])
    usable = np.array([bool(one) for one in columns["digits"]]) & (shorter >= 5) & (ratio >= 0.8)
    for i in np.flatnonzero(usable & (ratio < 1.0)).tolist():
        usable[i] = not another_word(*titles[i])
    return np.where(ratio == 1.0, 1.0, np.where(usable, 1.0 - 1.25 * (1.0 - ratio), 0.0))


def _artist_factor(columns: dict[str, list[Any]]) -> Floats:
    """1 for the same names; less for names only one side lists, partly other names, misspelt names.

    A guest whom one side leaves out costs little. Two guests of other names ("feat. A", "feat. B") are
    usually two recordings, unless both are the remix of one maker.
    """
    common = np.array(columns["common"], float)
    fewer = np.minimum(np.array(columns["names_a"], float), np.array(columns["names_b"], float))
    more = np.maximum(np.array(columns["names_a"], float), np.array(columns["names_b"], float))
    left, right = (
        [_without_dj(one) for one in columns["artist_a"]],
        [_without_dj(one) for one in columns["artist_b"]],
    )
    spelt = np.maximum(
        _ratio(left, right, fuzz.token_sort_ratio), _ratio(left, right, fuzz.token_set_ratio) * 0.95
    )
    alike = spelt >= np.array([_least_ratio(a, b) for a, b in zip(left, right, strict=True)])
    for i in np.flatnonzero(alike & (common == 0)).tolist():
        # within a name one wrong letter is a slip; a name that begins otherwise is another ("Joy", "Roy")
        alike[i] = left[i][:1] == right[i][:1] or not another_word(left[i], right[i])
    misspelt = np.where(alike, 1.0 - 0.6 * (1.0 - spelt), np.minimum(spelt, 1.0) * 0.8)
    listed = np.where(common == more, 1.0, np.where(common == fewer, 0.97, 0.92))
    others = common == 1
    for i in np.flatnonzero(others).tolist():
        others[i] = ":" not in columns["version_a"][i] and _other_people(
            columns["unshared_a"][i], columns["unshared_b"][i]
        )
    factor = np.where(common > 0, np.maximum(listed, misspelt), np.minimum(misspelt, 0.97))
    return np.where(others, 0.8, factor)


def _other_people(a: str, b: str) -> bool:
    """Whether both sides name somebody, and neither name is the other, misspelt or cut short.

    "Paul & Fritz Kalkbrenner" and "Romboy" do not spell out what "Paul Kalkbrenner, Fritz Kalkbrenner" and
    "Marc Romboy" do.
    """
    if not a or not b:
        return False
    cut = min(len(a), len(b)) >= 3 and (a.startswith(b) or b.startswith(a) or a.endswith(b) or b.endswith(a))
    return not cut and fuzz.token_sort_ratio(a, b) < _OTHER_NAMES * 100


def _least_ratio(a: str, b: str) -> float:
    """From which ratio on two names may be spellings of one; short names leave less room."""
    return 0.84 if min(len(a), len(b)) >= 14 else 0.87


def _without_dj(names: str) -> str:
    """Names without a leading "DJ", which many lists leave out."""
    return _DJ.sub("", names) if "dj" in names else names


def _misspelt_versions(
    columns: dict[str, list[Any]], candidates: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Which of the candidate pairs name the same makers, spelt otherwise."""
    misspelt = np.zeros(len(candidates), bool)
    for i in np.flatnonzero(candidates).tolist():
        a, b = ["+".join(_VERSION_NAME.findall(columns[side][i])) for side in ("version_a", "version_b")]
        misspelt[i] = _same_makers(a, b)
    return misspelt


def _same_makers(a: str, b: str) -> bool:
    if a.replace("+", "") == b.replace("+", ""):
        return True  # "Above & Beyond" in a list without spaces
    if a.count("+") != b.count("+") or _DIGITS.sub("", a) != _DIGITS.sub("", b):
        return False
    a, b = (" ".join(_without_dj(name) for name in names.split("+")) for names in (a, b))
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) < 5:
        return a == b
    if longer.endswith(shorter):
        return shorter not in STYLES  # "Oakenfold" for "Paul Oakenfold"; the "Classic Mix" may be another's
    if shorter in longer and len(longer) - len(shorter) > 2:
        return False  # "Somebody Acid Remix" says more than "Somebody Remix"
    return fuzz.ratio(a, b) >= _MAKER_RATIO * 100 and not another_word(a, b)


def _table(
    pairs: pa.Table,
    keep: npt.NDArray[np.intp],
    confidence: Floats,
    terms: dict[str, Floats],
    *,
    ids: list[list[str]],
    confirmed: npt.NDArray[np.bool_],
    against: dict[str, Floats],
) -> pa.Table:
    chosen = pairs.take(pa.array(keep))
    methods, fields, evidence, decimals, accepted = [], [], [], [], []
    for i in keep.tolist():
        exact = [name for name in ("title", "artist", "version") if terms[name][i] >= 1.0]
        methods.append("isrc" if confirmed[i] and "isrc" in ids[i] else "fuzzy")
        fields.append(sorted(ids[i]) + exact)
        said: dict[str, object] = {name: round(float(values[i]), 4) for name, values in terms.items()}
        if ids[i] and not confirmed[i]:
            said["veto"] = "version" if terms["version"][i] == 0 else "title"
        elif terms["version"][i] == 0 and not confirmed[i]:
            said["veto"] = "version"
        said |= {name: float(factor[i]) for name, factor in against.items() if factor[i] < 1.0}
        evidence.append(json.dumps(said))
        value = Decimal(str(round(float(confidence[i]), 4))).quantize(Decimal("0.0001"))
        decimals.append(value)
        accepted.append(value >= THRESHOLD)
    return pa.table(
        {
            "node_a": chosen["node_a"],
            "node_b": chosen["node_b"],
            "record_a": chosen["record_a"],
            "record_b": chosen["record_b"],
            "match_confidence": pa.array(decimals, pa.decimal128(5, 4)),
            "match_method": pa.array(methods, pa.string()),
            "matched_fields": pa.array(fields, pa.list_(pa.string())),
            "evidence": pa.array(evidence, pa.string()),
            "accepted": pa.array(accepted, pa.bool_()),
            "verified": pa.array([False] * len(accepted), pa.bool_()),
        }
    )
