"""Lists: reading, packed and moved values, candidates, groups, pairs."""

import gzip
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.matching import scenarios, twenty_thousand
from enrichment.lists.dedupe import dedupe_frame
from enrichment.lists.pairs import judge_frame
from enrichment.lists.reading import fields_of, parse_mapping, read_file
from enrichment.lists.records import from_frame
from enrichment.lists.training import labelled, learn
from enrichment.lists.truth import by_pairs
from enrichment.matching.evaluation import pair_labels, pairwise
from enrichment.matching.model import dump, load
from lake.errors import LakeError
from tests.enrichment.list_world import recordings, rows, written

HERE = Path("list.csv")


def frame(made: list[dict[str, str | None]]) -> pl.DataFrame:
    return pl.DataFrame(made, infer_schema_length=None)


def test_packed_fields_are_taken_apart_by_the_evidence_of_the_file() -> None:
    made = rows()
    listed = from_frame(frame(made).drop("cluster"), {}, HERE)
    truth = recordings(60)
    for i, row in enumerate(made):
        one = truth[int(row["cluster"] or 0)]
        assert listed.records.title[i] == one["title"].lower(), row
        assert listed.records.artist[i] == one["artist"].lower(), row
        assert listed.records.album[i] == one["album"].lower(), row
        assert listed.records.length[i] == pytest.approx(float(one["seconds"]), abs=0.1)
        assert listed.records.year[i] == float(one["year"])
    assert {unit.source: unit.notation for unit in listed.lengths} == {
        "brackets": "h:mm:ss", "dash": "seconds", "album-dash": "minutes", "numbered": "with units",
        "clean": "milliseconds",
    }  # fmt: skip
    assert {(habit.source, habit.form) for habit in listed.habits} >= {
        ("brackets", "title (album) in title"),
        ("dash", "artist - title in title"),
        ("album-dash", "title - album in title"),
        ("numbered", "number-title in title"),
        ("numbered", "album (year) in album"),
    }


def test_duplicates_of_five_sources_are_found_at_most_one_a_source() -> None:
    made = frame(rows(120))
    truth = made["cluster"].cast(pl.Int64).to_numpy()
    found = dedupe_frame(made.drop("cluster"), {}, HERE)
    result = pairwise(found.groups, truth, rounds=20)
    assert result.precision >= 0.99
    assert result.recall >= 0.97
    assert found.one_per_source
    assert ((found.certainty >= 0) & (found.certainty <= 1)).all()


def test_versions_stay_apart_and_an_isrc_joins_what_is_spelt_differently() -> None:
    same = {"artist": "Marble Dusk", "length": "6:30"}
    made = [
        {**same, "title": "Lumen"},
        {**same, "title": "Lumen (Raven Remix)", "length": "7:10"},
        {**same, "title": "Lumen (Atlas Remix)", "length": "7:12"},
        {**same, "title": "Lumen (Live)"},
        {**same, "title": "Lumen (Original Mix)"},
        {"title": "Zephyr", "artist": "Copper", "isrc": "GBABC2000001", "length": "3:00"},
        {"title": "Zephyr (feat. Quartz)", "artist": "Koper", "isrc": "gb-abc-20-00001", "length": "3:01"},
    ]
    found = dedupe_frame(frame(made), {}, HERE)
    assert found.groups.tolist() == [0, 1, 2, 3, 0, 5, 5]
    assert found.certainty[5] >= 0.99


def test_copies_of_a_row_are_one_unless_it_names_nothing() -> None:
    made = [
        {"title": "ID", "artist": "ID"},
        {"title": None, "artist": None},
        {"title": "Lumen", "artist": "Dusk"},
    ]
    assert dedupe_frame(frame(made * 2), {}, HERE).groups.tolist() == [0, 1, 2, 3, 4, 2]


def test_values_moved_into_titles_are_put_back() -> None:
    made = []
    for k, one in enumerate(recordings(80)):
        row = {f"a_{k}": v for k, v in written(one, "clean").items() if k != "source"}
        row["a_length"] = f"{int(one['seconds']) // 60}:{int(one['seconds']) % 60:02}"
        row |= {name.replace("a_", "b_"): value for name, value in row.items()}
        side, moved = ("a_", "b_")[k % 2], ("artist", "album", "length")[: k % 4]
        for name in moved:
            row[f"{side}title"] = f"{row[f'{side}title']} {row[f'{side}{name}']}"
            row[f"{side}{name}"] = None
        made.append(row)
    # the vocabulary is what other rows give: recordings share their artists and albums
    judged = judge_frame(frame(made), "a_", "b_", {}, HERE)
    assert judged.matches.mean() > 0.95
    title = judged.listed.records.title
    assert np.mean([a == b for a, b in zip(title[:80], title[80:], strict=True)]) > 0.9


def test_evidence_names_features_and_vetoes_and_missing_values_say_nothing() -> None:
    made = [
        {"a_title": "Lumen (Raven Remix)", "a_artist": "Marble", "b_title": "Lumen", "b_artist": "Marble",
         "b_album": "Onyx"},
        {"a_title": "Lumen", "a_artist": "Marble", "b_title": "Lumen", "b_artist": None, "b_album": None},
        {"a_title": "Lumen Over The Harbour", "a_artist": "Marble", "b_title": "Lumen over the harbour",
         "b_artist": None},
    ]  # fmt: skip
    judged = judge_frame(frame(made), "a_", "b_", {}, HERE)
    assert judged.evidence[0]["veto"] == "version"
    assert judged.confidence[0] <= 0.02
    assert judged.evidence[1]["veto"] == "title alone"  # one word may be anybody's
    assert set(judged.evidence[2]) == {"same_title", "text_within"}
    assert {"value", "weight"} == set(judged.evidence[2]["same_title"])  # type: ignore[call-overload]


def test_a_model_is_learned_from_a_labelled_list_and_survives_its_text(tmp_path: Path) -> None:
    path = tmp_path / "labelled.csv"
    frame(rows(150)).write_csv(path)
    listed, truth = labelled(path, "cluster")
    model = learn(listed, truth)
    again = load(dump(model))
    assert again.curves["same_title"].knots == model.curves["same_title"].knots
    for name, curve in again.curves.items():
        falling = name in {"length", "year", "number", "bpm", "one_catalogue"}
        weights = curve.weights[::-1] if falling else curve.weights
        assert list(weights) == sorted(weights), name


@pytest.mark.parametrize(
    ("content", "said"),
    [("", "empty"), ("title,artist\n", "no rows"), ("name_of_it,b\n1,2\n", "--map NAME=title"),
     ("title,artist\na,b,c,d\n", "row 1 has 4 fields"), ("record_id,title\n1,a\n1,b\n", "row 2"),
     ("record_id,title\n,a\n", "row 1")],
)  # fmt: skip
def test_bad_files_are_named_with_a_remedy(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content)
    with pytest.raises(LakeError) as error:
        from_frame(read_file(path), {}, path)
    assert "bad.csv" in str(error.value)
    assert said in str(error.value)


def test_files_come_in_several_forms(tmp_path: Path) -> None:
    made = pl.DataFrame({"title": ["Löwe", "B"], "length": ["3:00", None]})
    made.write_parquet(tmp_path / "a.parquet")
    with gzip.open(tmp_path / "a.csv.gz", "wt", encoding="utf-8") as file:
        file.write(made.write_csv())
    made.write_csv(tmp_path / "a.csv", separator=";")
    for name in ("a.parquet", "a.csv.gz", "a.csv"):
        assert read_file(tmp_path / name)["title"].to_list() == ["Löwe", "B"]
    (tmp_path / "a.csv").write_text("sep=|\ntitle|length\nL\u00f6we|3:00\nB|\n", encoding="utf-8")
    assert read_file(tmp_path / "a.csv")["title"].to_list() == ["L\u00f6we", "B"]
    with pytest.raises(LakeError, match="no such file"):
        read_file(tmp_path / "none.csv")


def test_a_truth_of_pairs_may_have_no_header(tmp_path: Path) -> None:
    path, pairs = tmp_path / "list.csv", tmp_path / "pairs.csv"
    path.write_text("record_id,title\nx1,A\nx2,B\nx3,C\nx4,D\n")
    listed = from_frame(read_file(path), {}, path)
    for content in ("x1,x2\nx3,x2\n", "id1,id2\nx1,x2\nx3,x2\n"):
        pairs.write_text(content)
        assert by_pairs(listed, pairs).tolist() == [0, 0, 0, 1]


def test_mappings() -> None:
    assert parse_mapping(["Song=title"]) == {"Song": "title"}
    assert fields_of(["Song", "id"], {"Song": "title"}, "f")["title"] == "Song"
    for given, said in ((["x"], "NAME=field"), (["a="], "NAME=field")):
        with pytest.raises(LakeError, match=said):
            parse_mapping(given)
    wrong = [
        ({"no": "title"}, "no column no"),
        ({"a": "colour"}, "no field"),
        ({"a": "title", "b": "title"}, "two columns"),
    ]
    for mapping, said in wrong:
        with pytest.raises(LakeError, match=said):
            fields_of(["a", "b"], mapping, "f")
    with pytest.raises(LakeError, match="begins with"):
        fields_of(["a"], {}, "f", prefix="x_")


@pytest.mark.real
@pytest.mark.parametrize(("name", "bar"), [("structured", 0.975), ("dirty", 0.95)])
def test_pairs_of_two_shops(shared_data: Path, name: str, bar: float) -> None:
    path = shared_data / "matching" / f"itunes_amazon_{name}_dev.csv.gz"
    made = read_file(path)
    judged = judge_frame(made, "itunes_", "amazon_", {}, path)
    labels = made["label"].to_numpy().astype(int).astype(bool)
    assert pair_labels(judged.matches, labels, rounds=0).f1 >= bar


@pytest.mark.real
@pytest.mark.slow
def test_five_sources_held_out(shared_data: Path) -> None:
    measured = {
        name: value
        for name, _, value, _ in twenty_thousand(shared_data / "matching" / "musicbrainz_20k.csv.gz")
    }
    assert float(measured["20K, held out: F1"].split()[0]) >= 0.985
    assert float(measured["20K: precision, recall"].split(",")[0]) >= 0.99
    assert float(measured["20K: ECE, all / confidence > .01"].split(" / ")[1]) <= 0.03
    assert float(measured["20K: precision at confidence .9"]) >= 0.99


@pytest.mark.real
def test_recording_scenarios(shared_data: Path) -> None:
    right = scenarios(shared_data / "matching" / "picard_recording_scenarios.jsonl")[0][2]
    assert int(right.split()[0]) >= 25
