"""Scoring: how sure it is that two nodes of the lake are the same track.

Belongs here: the evidence the lake has about a pair of nodes, as the features of `model`, and what shared
provider ids mean. How names agree: `names`; what evidence is worth: `model`.
"""

import json
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from enrichment.matching.model import SAME_ID_TITLE, Judged, Model, load
from enrichment.matching.names import (
    NAME_COLUMNS,
    WORD_COLUMNS,
    Floats,
    agreements,
    likeness,
    settled,
)
from enrichment.matching.nodes import FREE_TEXT
from enrichment.matching.version_conflicts import SAME, SILENT, SOFT, UNSAID
from lake.tables import one

THRESHOLD = Decimal("0.85")
"""Tracks are the same from this confidence on (TRACK_MATCH_THRESHOLD of the source documents)."""
KEEP = 0.3
"""Judged pairs below this are not worth a row, nor a person's look (`review`)."""
WORDLESS = 0.95
"""Confidence of an id shared with a record that has no words, unless the id's own catalogue gave it out."""
_ASSUMED = 0.94
"""Confidence that a line without a version means the extended version, where a catalogue has no other."""
_SHORTENED = 0.9
"""Agreement of a title with what is left without the subtitle that a catalogue gives in brackets."""
_SUBTITLE = r"'\s*[(\[][^()\[\]0-9]{3,}[)\]]\s*$'"
_NUMBERING = r"'\b(part|pt|vol|volume|no|nr)\b'"
"""SQL of patterns: a closing bracket; words that make it tell the parts of a work apart."""
NUMBERS = ("length", "year", "bpm", "isrc", "label", "catalog_number", "one_catalogue")
"""Features that SQL computes from what the records of two nodes say."""

_NEAREST = (
    "list_min(list_transform(fa.{what}, lambda x: list_min(list_transform(fb.{what}, lambda y: {how}))))"
)
_SHARED = """case when len(fa.{what}) > 0 and len(fb.{what}) > 0
            then (len(list_intersect(fa.{what}, fb.{what})) > 0)::int end"""
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
            list(distinct r.provider) filter (r.provider not in {FREE_TEXT}) as catalogues,
            list(distinct r.stream || ':' || r.catalog_number) filter (
                r.provider not in {FREE_TEXT} and r.catalog_number is not null) as releases,
            list(distinct main_title) filter (main_title is not null) as main_titles,
            list(distinct r.isrc) filter (r.isrc is not null) as isrcs,
            list(distinct r.bpm::double) filter (r.bpm is not null) as bpms,
            list(distinct r.duration_ms / 1000.0) filter (r.duration_ms > 30000) as seconds,
            list(distinct year(r.release_date)) filter (r.release_date is not null) as years,
            list(distinct regexp_replace(lower(r.label), '[^a-z0-9]|(records|recordings|music)$', '', 'g'))
                filter (r.label is not null) as labels,
            list(distinct regexp_replace(lower(r.catalog_number), '[^a-z0-9]', '', 'g'))
                filter (r.catalog_number is not null) as catalog_numbers
        from (
            select *,
                -- in a free text the bracket may as well name a remixer
                case when provider not in {FREE_TEXT} and regexp_matches(title, {_SUBTITLE})
                        and not regexp_matches(lower(title), {_NUMBERING})
                    then fold_key(regexp_replace(title, {_SUBTITLE}, '')) end as main_title
            from node_records join silver.track_records using (record_id)
            where node_id in (select node_a from pairs union select node_b from pairs)
        ) r
        group by node_id
    ),
    met as (
        select p.*, fa, fb,
            {_SHARED.format(what="labels")} as same_label,
            {_SHARED.format(what="catalog_numbers")} as same_number,
            coalesce(len(list_intersect(fa.catalogues, fb.catalogues)), 0) > 0 as one_catalogue
        from pairs p
        left join facts fa on p.node_a = fa.node_id
        left join facts fb on p.node_b = fb.node_id
    )
    select
        p.node_a, p.node_b, p.ids, a.first_record as record_a, b.first_record as record_b,
        a.title_text is null or b.title_text is null as wordless,
        {NAME_COLUMNS},
        {WORD_COLUMNS},
        {_NEAREST.format(what="seconds", how="abs(x - y)")} as length,
        {_NEAREST.format(what="years", how="abs(x - y)")} as year,
        -- half and double tempo are one tempo counted otherwise
        {_NEAREST.format(what="bpms", how="least(abs(x - y), abs(2 * x - y), abs(x - 2 * y))")} as bpm,
        {_SHARED.format(what="isrcs")} as isrc,
        -- within one catalogue a shared label says nothing: most of what an artist has there is on one
        case when one_catalogue then nullif(same_label, 1)
            else same_label * (1 + (a.title_text = b.title_text)::int) end as label,
        case when not one_catalogue then same_number end as catalog_number,
        one_catalogue::int as one_catalogue,
        coalesce(len(list_intersect(fa.releases, fb.releases)), 0) > 0 as one_release,
        not one_catalogue and coalesce(list_contains(fa.main_titles, b.title_text)
            or list_contains(fb.main_titles, a.title_text), false) as subtitle_left_out
    from met p
    join silver.track_nodes a on p.node_a = a.node_id
    join silver.track_nodes b on p.node_b = b.node_id
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


@lru_cache(maxsize=1)
def lake_model() -> Model:
    """The model kept with the code."""
    return load()


def score(pairs: pa.Table, keep: float = KEEP) -> pa.Table:
    """Confidence, method, matched fields and evidence of each pair (see ``pair_features`` for the columns).

    Only pairs of at least the confidence `keep` and pairs that share an id come back.
    """
    features = agreements(pairs) | likeness(pairs)
    shortened = pairs["subtitle_left_out"].to_numpy(zero_copy_only=False).astype(bool)
    features["same_title"] = np.where(
        shortened, np.maximum(features["same_title"], _SHORTENED), features["same_title"]
    )
    for name in NUMBERS:
        features[name] = pairs[name].cast(pa.float64()).to_numpy(zero_copy_only=False)
    features = settled(features)
    judged = lake_model().judge(features)
    ids: list[list[str]] = pairs["ids"].to_pylist()
    shared = np.fromiter((bool(one) for one in ids), bool, len(ids))
    wordless = pairs["wordless"].to_numpy(zero_copy_only=False).astype(bool)
    judged = _with_ids(features, _sisters_apart(pairs, features, judged), shared, wordless)
    kept = np.flatnonzero((judged.confidence >= keep) | shared)
    return _table(pairs, kept, features, judged, ids)


def _sisters_apart(pairs: pa.Table, features: dict[str, Floats], judged: Judged) -> Judged:
    """The judgement where sisters are told apart by other words on one release.

    A catalogue lists a track of a release once: what is like it there in all but a word is the next. An ISRC
    knows better.
    """
    listed = pairs["one_release"].to_numpy(zero_copy_only=False).astype(bool)
    free = (judged.vetoes == "") & ~(features["isrc"] > 0)
    other = (features["same_title"] < 1.0) | (features["version"] < SAME)
    return replace(judged, vetoes=np.where(free & listed & other, "release", judged.vetoes))


def _with_ids(
    features: dict[str, Floats],
    judged: Judged,
    shared: npt.NDArray[np.bool_],
    wordless: npt.NDArray[np.bool_],
) -> Judged:
    """The judgement where shared provider ids confirm unless the words contradict them.

    An id somebody linked often leads to another cut of the same track, so for ids that are no ISRC a version
    left unsaid contradicts too.
    """
    said = features["version"]
    other = shared & ((said == UNSAID) | (said == SOFT)) & ~(features["isrc"] > 0)
    strange = shared & (features["title"] < SAME_ID_TITLE)
    vetoes = np.where(other & (judged.vetoes == ""), "version", judged.vetoes)
    vetoes = np.where(strange & (vetoes == ""), "title", vetoes)
    refused = vetoes != ""
    # an answer about an id belongs first of all to who gave the id out; a link from elsewhere comes second
    linked = np.where(wordless & ~(features["one_catalogue"] > 0), WORDLESS, 1.0)
    linked = np.where(features["isrc"] > 0, np.maximum(judged.confidence, 0.99), linked)
    confidence = np.where(shared & ~refused, np.maximum(linked, judged.confidence), judged.confidence)
    confidence = np.where(said == SILENT, np.minimum(confidence, _ASSUMED), confidence)
    return replace(judged, confidence=np.where(refused, 0.0, confidence).round(4), vetoes=vetoes)


def _table(
    pairs: pa.Table,
    kept: npt.NDArray[np.intp],
    features: dict[str, Floats],
    judged: Judged,
    ids: list[list[str]],
) -> pa.Table:
    chosen = pairs.take(pa.array(kept))
    values = {name: features[name][kept].round(3).tolist() for name in judged.terms}
    weights = {name: terms[kept].round(2).tolist() for name, terms in judged.terms.items()}
    same = {
        field: (features[name][kept] >= 1.0).tolist()
        for field, name in (("title", "same_title"), ("artist", "same_artists"), ("version", "version"))
    }
    same["version"] = (np.isnan(features["version"][kept]) | (features["version"][kept] >= 1.0)).tolist()
    methods, fields, evidence = [], [], []
    for row, i in enumerate(kept.tolist()):
        refused = str(judged.vetoes[i])
        said: dict[str, object] = {
            name: {"value": values[name][row], "weight": weights[name][row]}
            for name in values
            if values[name][row] == values[name][row]  # not NaN: a side does not say
        }
        if ids[i]:
            said["shared_ids"] = ids[i]
        if refused:
            said["veto"] = refused
        methods.append("isrc" if "isrc" in ids[i] and not refused else "fuzzy")
        fields.append(sorted(ids[i]) + [field for field, yes in same.items() if yes[row]])
        evidence.append(json.dumps(said))
    decimals = [Decimal(str(one)).quantize(Decimal("0.0001")) for one in judged.confidence[kept].tolist()]
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
            "accepted": pa.array([one >= THRESHOLD for one in decimals], pa.bool_()),
            "verified": pa.array([False] * len(decimals), pa.bool_()),
        }
    )
