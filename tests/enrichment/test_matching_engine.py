"""The engine shared by lists and lake: versions, grouping, evaluation."""

import math

import numpy as np
import pytest

from enrichment.matching.evaluation import calibration, cluster_level, pairwise, scores
from enrichment.matching.grouping import group, one_per_source, pairs_within
from enrichment.matching.version_conflicts import CONFLICT, NEARLY, SAME, SOFT, UNSAID, compare


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [("remix:a", "remix:a", SAME), ("remix:dimension", "remix:dimensoin", NEARLY),
     ("remix:a", "remix:zzz", CONFLICT),
     ("", "remix:a", CONFLICT), ("", "live", CONFLICT), ("", "radio", UNSAID), ("", "remaster", CONFLICT),
     ("radio", "extended", SOFT), ("remix", "remix:a", SOFT), ("remix:a|radio", "remix:a", UNSAID)],
)  # fmt: skip
def test_versions(a: str, b: str, expected: float) -> None:
    assert compare(a, b) == compare(b, a) == expected


def test_two_silent_titles_say_nothing_about_the_version() -> None:
    assert math.isnan(compare("", ""))


def _pairs(*given: tuple[int, int, float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    left, right, confidence = zip(*given, strict=True)
    return np.array(left), np.array(right), np.array(confidence)


def test_no_chain_through_a_weak_link() -> None:
    left, right, confidence = _pairs((0, 1, 0.999), (1, 2, 0.6), (2, 3, 0.999))
    groups, _ = group(4, left, right, confidence)
    assert groups.tolist() == [0, 0, 2, 2]


def test_one_row_of_a_source_in_a_group_the_surest_first() -> None:
    left, right, confidence = _pairs((0, 1, 0.9), (0, 2, 0.99), (1, 2, 0.01))
    groups, certainty = group(3, left, right, confidence, sources=np.array([0, 1, 1]))
    assert groups.tolist() == [0, 1, 0]
    assert certainty[0] == 0.99
    assert certainty[1] == pytest.approx(0.1)


def test_sources_that_repeat_themselves_are_recognised() -> None:
    sources = np.array([0, 0, 1, 1])
    assert one_per_source(sources, *_pairs((0, 2, 0.99), (1, 3, 0.99)))
    assert not one_per_source(sources, *_pairs((0, 1, 0.99), (1, 3, 0.99)))
    assert not one_per_source(np.zeros(4, int), *_pairs((0, 2, 0.99)))


def test_scores_of_a_grouping() -> None:
    truth, groups = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 2, 3, 3, 2])
    result = pairwise(groups, truth, rounds=50)
    assert (result.precision, result.recall) == (2 / 3, 2 / 4)
    assert result.f1_interval[0] <= result.f1 <= result.f1_interval[1]
    whole = cluster_level(groups, truth, rounds=0)
    assert (whole.precision, whole.recall) == (1 / 3, 1 / 2)
    assert scores(0, 0, 0).f1 == 1.0
    assert len(pairs_within(truth)[0]) == 4


def test_calibration_is_the_mean_distance_of_confidence_and_share() -> None:
    made = calibration(np.array([0.95, 0.95, 0.05, 0.05]), np.array([True, False, False, False]))
    assert made.error == pytest.approx((0.45 * 2 + 0.05 * 2) / 4)
