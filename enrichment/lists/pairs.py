"""Given pairs of records: judged, with the evidence for each.

Belongs here: pairs someone else brings; no blocking and no grouping.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from enrichment.lists import records, releases
from enrichment.lists.dedupe import Step, quiet
from enrichment.lists.reading import fields_of
from enrichment.lists.records import Listed
from enrichment.matching.comparable import Floats
from enrichment.matching.model import THRESHOLD, Judged, Model


@dataclass(frozen=True, slots=True)
class JudgedPairs:
    """Judgement of the n pairs of a file.

    Attributes:
        listed: 2n records, the left ones first.
        confidence: shape (n,).
        matches: shape (n,).
        vetoes: shape (n,), '' for none.
        evidence: one mapping a pair: each feature that both sides give with value and weight (log odds),
            and ``veto`` if there is one.
    """

    listed: Listed
    confidence: Floats
    matches: npt.NDArray[np.bool_]
    vetoes: npt.NDArray[np.str_]
    evidence: list[dict[str, object]]


def judge_frame(
    frame: pl.DataFrame,
    left: str,
    right: str,
    mapping: Mapping[str, str],
    path: Path,
    *,
    model: Model | None = None,
    step: Step = quiet,
) -> JudgedPairs:
    """Judge the pairs in the rows of a file, whose columns begin with `left` and `right`.

    Raises:
        LakeError: a side has no title column, or the mapping is wrong.
    """
    step(f"reading {frame.height:,} pairs")
    both = all(
        releases.has_track_lists(frame, fields_of(frame.columns, mapping, str(path), prefix=prefix))
        for prefix in (left, right)
    )
    listed = (releases if both else records).from_pairs(frame, left, right, mapping, path)
    step(f"judging {frame.height:,} pairs")
    first = np.arange(frame.height, dtype=np.int64)
    features, judged = listed.judge(model or listed.model(), first, first + frame.height)
    return JudgedPairs(
        listed, judged.confidence, judged.confidence >= THRESHOLD, judged.vetoes, evidence(features, judged)
    )


def evidence(features: Mapping[str, Floats], judged: Judged) -> list[dict[str, object]]:
    """Evidence of each pair, see `JudgedPairs`."""
    said: list[dict[str, object]] = [{} for _ in judged.vetoes]
    for name, terms in judged.terms.items():
        values, weights = features[name], terms.round(2).tolist()
        for k in np.flatnonzero(~np.isnan(values)).tolist():
            said[k][name] = {"value": round(float(values[k]), 3), "weight": weights[k]}
    for k in np.flatnonzero(judged.vetoes != "").tolist():
        said[k]["veto"] = str(judged.vetoes[k])
    return said
