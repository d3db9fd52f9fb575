"""Lists of releases: track lists, features, duplicates, truths."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.matching import discs
from enrichment.lists import release_training, tracklists, truth
from enrichment.lists.dedupe import dedupe_frame, understood
from enrichment.lists.pairs import judge_frame
from enrichment.lists.reading import read_file
from enrichment.lists.release_features import FEATURES, release_features
from enrichment.lists.releases import ReleaseList, understand
from enrichment.matching.evaluation import pairwise
from enrichment.matching.model import dump, load
from lake.errors import LakeError
from tests.enrichment.release_world import rows

HERE = Path("discs.csv")
LUMEN = ["Amber Dusk", "Basalt", "Cinder Road", "Delta Nine", "Ember", "Fjord Song"]
ONYX = ["Garnet", "Harbour Light", "Indigo", "Jasper Moon", "Kelp", "Nectar"]


def frame(made: list[dict[str, str | None]]) -> pl.DataFrame:
    return pl.DataFrame(made, infer_schema_length=None)


def one_pair(a: dict[str, str | None], b: dict[str, str | None]) -> dict[str, float]:
    listed = understood(frame([a, b]), {}, HERE)
    assert isinstance(listed, ReleaseList)
    features = listed.features(np.array([0]), np.array([1]))
    return {name: float(features[name][0]) for name in FEATURES}


@pytest.mark.parametrize(
    ("write", "form"),
    [("|".join, "|"), (" / ".join, " / "), (";".join, ";"), ("\n".join, "\n"), (json.dumps, tracklists.JSON),
     (lambda t: json.dumps([{"title": one} for one in t]), tracklists.JSON),
     (lambda t: "|".join(f"{n:02}. {one}" for n, one in enumerate(t, 1)), "|")],
)  # fmt: skip
def test_divided_track_lists_read_alike_however_they_are_written(write, form: str) -> None:  # type: ignore[no-untyped-def]
    lists, notation = tracklists.read([write(LUMEN), None, write(ONYX)])
    assert notation.form == form
    assert notation.divided
    assert lists == [[t.lower() for t in LUMEN], [], [t.lower() for t in ONYX]]


def test_running_text_is_one_title_and_undivided() -> None:
    lists, notation = tracklists.read([" ".join(LUMEN)])
    assert not notation.divided
    assert lists == [[" ".join(LUMEN).lower()]]


@pytest.mark.parametrize(
    ("cell", "says"),
    [("track 01 track 02 track 03 track 04", False), ("onbekend onbekend onbekend onbekend", False),
     ("Audio Track 1|Audio Track 2|Audio Track 3", False),
     ("chapter 14 chapter 15 chapter 16 chapter 17", True),
     ("around the world around the world", True), ("one", True), ("1 2 3", False)],
)  # fmt: skip
def test_a_list_that_names_no_track_says_nothing(cell: str, says: bool) -> None:
    assert bool(tracklists.read([cell])[0][0]) is says


def test_broken_text_is_the_same_or_not_and_never_a_little_alike() -> None:
    broken = "ã â â ã ã å â ã ã â"
    assert tracklists.legible(broken) == tracklists.legible(broken + " 2")
    assert tracklists.legible(broken) != tracklists.legible("ã â â ã ã å â ã ã ã")
    assert tracklists.legible("Caf\u00c3\u00a9 del Mar") == "cafe del mar"


def test_counts_of_tracks_make_no_list_of_releases() -> None:
    made = frame([{"title": "Lumen", "artist": "Dusk", "tracks": "12"}] * 2)
    assert not isinstance(understood(made, {}, HERE), ReleaseList)


def test_numbered_columns_are_one_track_list() -> None:
    made = frame([{"dtitle": "Lumen", **{f"track{n:02}": t for n, t in enumerate(LUMEN, 1)}}])
    listed = understood(made, {"dtitle": "title"}, HERE)
    assert isinstance(listed, ReleaseList)
    assert listed.records.tracks == [[t.lower() for t in LUMEN]]


def test_disc_numbers_are_told_from_titles_and_various_is_nobody() -> None:
    tracks = " | ".join(LUMEN)
    said = one_pair(
        {"title": "Lumen CD1", "artist": "Various Artists", "tracks": tracks},
        {"title": "Lumen (Disc 2)", "artist": "Dusk", "tracks": tracks},
    )
    assert said["title"] == 1.0
    assert said["title_numbers"] == 0.0
    assert np.isnan(said["artist"])
    silent = one_pair({"title": "Lumen vol. ii", "tracks": tracks}, {"title": "Lumen", "tracks": tracks})
    assert silent["title_numbers"] == 0.5


def test_track_lists_are_compared_in_order_in_part_and_without_the_artist() -> None:
    base = {"title": "Lumen", "artist": "Marble Dusk", "tracks": "|".join(LUMEN)}
    same = one_pair(base, base)
    assert all(same[n] == 1.0 for n in FEATURES if n.startswith("tracks") and n != "tracks_shared")
    turned = one_pair(base, {**base, "tracks": "|".join(LUMEN[::-1])})
    assert turned["tracks_order"] < 0.7
    assert turned["tracks_matched"] == 1.0
    longer = one_pair(base, {**base, "tracks": "|".join([*LUMEN, *ONYX])})
    assert longer["tracks_within"] == longer["tracks_matched"] == 1.0
    assert longer["tracks_count"] < 0.6
    credited = one_pair(base, {**base, "tracks": "|".join(f"Marble Dusk - {t}" for t in LUMEN)})
    assert credited["tracks_order"] == 1.0
    misspelt = one_pair(base, {**base, "tracks": "|".join(t.replace("e", "ee") for t in LUMEN)})
    assert misspelt["tracks_matched"] > 0.8


def test_duplicates_are_found_and_other_discs_stay_apart() -> None:
    made = frame(rows(80))
    known = made["cluster"].cast(pl.Int64).to_numpy()
    found = dedupe_frame(made.drop("cluster"), {}, HERE)
    result = pairwise(found.groups, known, rounds=0)
    assert result.precision >= 0.97
    assert result.recall >= 0.95


def test_pairs_of_releases_are_judged_with_evidence() -> None:
    tracks = {"a_tracks": "|".join(LUMEN), "b_tracks": "|".join(LUMEN)}
    made = frame(
        [{"a_title": "Lumen", "a_artist": "Dusk", "b_title": "Lumen (Limited)", "b_artist": "Dusk", **tracks},
         {"a_title": "Lumen", "a_artist": "Dusk", "b_title": "Onyx", "b_artist": "Opal", **tracks,
          "b_tracks": "|".join(ONYX)}]
    )  # fmt: skip
    judged = judge_frame(made, "a_", "b_", {}, HERE)
    assert judged.matches.tolist() == [True, False]
    assert "tracks_order" in judged.evidence[0]


CELLS = st.one_of(st.none(), st.text(max_size=60), st.lists(st.sampled_from(LUMEN + ONYX)).map("|".join))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), min_size=2, max_size=6))
def test_features_are_symmetric_in_range_and_never_fail(cells: list[tuple[str | None, ...]]) -> None:
    values = dict(
        zip(("title", "artist", "tracks", "year", "genre"), map(list, zip(*cells, strict=True)), strict=True)
    )
    listed = understand(values, [""] * len(cells))
    left, right = np.triu_indices(len(cells), 1)
    there, back = (release_features(listed.records, *both) for both in ((left, right), (right, left)))
    for name in FEATURES:
        np.testing.assert_allclose(there[name], back[name], err_msg=name)
        if name not in {"year", "tracks_shared"}:
            assert ((there[name] >= 0) & (there[name] <= 1) | np.isnan(there[name])).all(), name
    confidence = listed.model().judge(there).confidence
    assert ((confidence >= 0) & (confidence <= 1)).all()


@given(st.lists(st.one_of(st.none(), st.text()), max_size=8))
def test_reading_track_lists_never_fails(cells: list[str | None]) -> None:
    lists, notation = tracklists.read(cells)
    assert len(lists) == len(cells)
    assert notation.named + notation.unnamed == sum(bool(c) for c in cells)


def test_a_truth_of_pairs_is_closed_and_its_faults_are_named(tmp_path: Path) -> None:
    listed = understood(frame([{"id": k, "title": k, "tracks": "a b"} for k in "stuvw"]), {}, HERE)
    path = tmp_path / "pairs.csv"
    path.write_text("id1,id2\ns,u\nu,w\n")
    known = truth.by_pairs(listed, path)
    assert known.tolist() == [0, 1, 0, 2, 0]
    for content, said in (
        ("id1,id2\ns,x\n", "no record 'x'"),
        ("id1,id2\ns,\n", "row 1"),
        ("id1\ns\n", "one column"),
    ):
        path.write_text(content)
        with pytest.raises(LakeError, match=said):
            truth.by_pairs(listed, path)


def test_a_model_of_releases_is_learned_and_monotone(tmp_path: Path) -> None:
    path = tmp_path / "discs.csv"
    frame(rows(150)).write_csv(path)
    model = release_training.learn(*release_training.labelled(path, {}, truth="cluster"))
    assert set(model.curves) <= set(FEATURES)
    for name, curve in load(dump(model)).curves.items():
        weights = curve.weights[::-1] if name in release_training.FALLING else curve.weights
        assert list(weights) == sorted(weights), name


def test_parquet_may_hold_lists_of_tracks(tmp_path: Path) -> None:
    path = tmp_path / "discs.parquet"
    pl.DataFrame({"title": ["Lumen", "Onyx"], "tracklist": [LUMEN, None]}).write_parquet(path)
    listed = understood(read_file(path), {}, path)
    assert isinstance(listed, ReleaseList)
    assert listed.records.tracks == [[t.lower() for t in LUMEN], []]


@pytest.mark.real
@pytest.mark.slow
def test_discs_held_out(shared_data: Path) -> None:
    measured = {name: value for name, _, value, _ in discs(shared_data / "matching" / "cddb_discs.csv.gz")}
    assert float(measured["discs, held out, within halves: F1"].split()[0]) >= 0.92
    assert float(measured["discs, held out, whole list: F1"].split()[0]) >= 0.90
    assert float(measured["discs: blocking completeness"].split()[0]) >= 0.99
    assert float(measured["discs: precision at confidence .9"].split()[0]) >= 0.93


@pytest.mark.parametrize(
    ("cells", "unnamed"),
    [(["Track 01|Track 02|Track 03", "Lumen|Lumen (Remix)", "Onyx|Quartz"], 1), (["A1|B1", "Onyx|Quartz"], 1),
     (['["Onyx", "Quartz"]', "[]"], 1), (["Chapter 4|Chapter 7", "Onyx|Quartz"], 0)],
)  # fmt: skip
def test_places_and_counted_tracks_name_nothing(cells: list[str | None], unnamed: int) -> None:
    assert tracklists.read(cells)[1].unnamed == unnamed
