"""A delivery: the same bytes every time, read by the kinds without loss, and covered by its truth."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from extractors.files.recorded_api import KINDS
from extractors.pages.tracklists_1001 import parse_tracklist_page
from extractors.sandbox.delivery import Delivery, deliver, delivered
from extractors.sandbox.rates import RATES
from extractors.sandbox.truth import RECORDS, TRACKS
from extractors.sandbox.world import WorldSpec, make_world
from lake.bronze import Answer

SPEC = WorldSpec(tracks=300, sets=25)


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    return deliver(SPEC, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    """Large enough for shares to show."""
    return deliver(WorldSpec(tracks=5000, sets=40), tmp_path_factory.mktemp("large"))


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def answers(delivery: Delivery, provider: str, stream: str) -> list[dict[str, Any]]:
    (path,) = (file.path for file in delivery.files if (file.provider, file.stream) == (provider, stream))
    return [json.loads(line) for line in path.read_text().splitlines()]


def truth_of(delivery: Delivery, provider: str, stream: str) -> dict[str, dict[str, Any]]:
    """True fields of each record of a stream, by its id."""
    records = pl.read_parquet(delivery.true_records).filter(provider=provider, stream=stream)
    joined = records.join(pl.read_parquet(delivery.true_tracks), on="true_track_id")
    return {row["source_entity_id"]: row for row in joined.iter_rows(named=True)}


def test_the_same_specification_gives_the_same_bytes(delivery: Delivery, tmp_path: Path) -> None:
    again = deliver(SPEC, tmp_path / "again")
    assert again.made
    assert contents(again.root) == contents(delivery.root)


def test_a_finished_delivery_is_recognised(delivery: Delivery) -> None:
    before = {path: path.stat().st_mtime_ns for path in delivery.root.rglob("*")}
    again = deliver(SPEC, delivery.root)
    assert not again.made
    assert again.files == delivery.files
    assert {path: path.stat().st_mtime_ns for path in delivery.root.rglob("*")} == before


def test_an_unfinished_or_different_delivery_is_made_again(delivery: Delivery, tmp_path: Path) -> None:
    made = deliver(SPEC, tmp_path)
    (tmp_path / "beatport/tracks_api.jsonl").write_text("cut off")
    assert deliver(SPEC, tmp_path).made
    (tmp_path / "world.json").write_text("{not json")
    assert deliver(SPEC, tmp_path).made
    assert contents(tmp_path) == contents(delivery.root)
    assert deliver(WorldSpec(tracks=300, sets=25, seed=2), tmp_path).made
    assert contents(tmp_path) != contents(delivery.root)
    assert made.root == tmp_path


def test_progress_is_told_per_file(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    made = deliver(WorldSpec(tracks=100, sets=5), tmp_path, lambda *step: told.append(step))
    assert {place for place, done, total in told if done == total} == {
        file.relative_to(made.root).as_posix() for file in made.root.rglob("*.jsonl")
    }


def test_every_line_is_an_answer_its_kind_understands(delivery: Delivery) -> None:
    kinds = {kind.name: kind for kind in KINDS}
    for file in delivery.files:
        if file.kind in kinds:
            found = list(kinds[file.kind].read(file.path))
            assert all(isinstance(one, Answer) for one in found)
            assert len(found) == file.rows > 0


def test_the_truth_covers_every_answer(delivery: Delivery) -> None:
    records = pl.read_parquet(delivery.true_records)
    assert records.schema == pl.Schema(RECORDS)
    for file in delivery.files:
        if file.provider in {"beatport", "spotify", "musicbrainz"} and file.stream != "charts_api":
            ids = [str(answer["id"]) for answer in answers(delivery, file.provider, file.stream)]
            known = records.filter(provider=file.provider, stream=file.stream)["source_entity_id"].to_list()
            assert ids == known
            assert len(set(ids)) == len(ids)
    lines = [
        f"{release['id']}-{line['position']}"
        for release in answers(delivery, "discogs", "releases_api")
        for line in release["tracklist"]
    ]
    assert lines == records.filter(provider="discogs")["source_entity_id"].to_list()


def test_the_truth_knows_every_track_and_somebody_has_each(delivery: Delivery) -> None:
    tracks = pl.read_parquet(delivery.true_tracks)
    assert tracks.schema == pl.Schema(TRACKS)
    assert tracks.filter(kind="track")["true_track_id"].to_list() == list(range(SPEC.tracks))
    records = pl.read_parquet(delivery.true_records)
    assert set(range(SPEC.tracks)) <= set(records["true_track_id"])
    assert set(records["true_track_id"].drop_nulls()) <= set(tracks["true_track_id"])


def test_pages_read_back_as_the_truth_has_them(delivery: Delivery) -> None:
    records = pl.read_parquet(delivery.true_records).filter(provider="1001tracklists")
    pages = answers(delivery, "1001tracklists", "pages")
    assert len(pages) == SPEC.set_count
    read = []
    for answer in pages:
        page = parse_tracklist_page(answer["html"])
        assert page["status"] == "tracklist"
        assert page["id"] in answer["url"]
        assert page["dj_names"]
        assert page["date"]
        read += [(page["id"], row["position"], row["kind"], row["track_id"]) for row in page["rows"]]
    assert read == records.select("playlist_key", "position", "kind", "source_entity_id").rows()


def test_names_on_a_page_come_from_the_true_track(delivery: Delivery) -> None:
    tracks = pl.read_parquet(delivery.true_tracks)["title"].to_list()
    records = pl.read_parquet(delivery.true_records).filter(kind="track", provider="1001tracklists")
    true = {
        row[:2]: tracks[row[2]] for row in records.select("playlist_key", "position", "true_track_id").rows()
    }
    told = 0
    for answer in answers(delivery, "1001tracklists", "pages"):
        page = parse_tracklist_page(answer["html"])
        told += sum(
            str(row["title"]).startswith(true[page["id"], row["position"]])
            for row in page["rows"]
            if (page["id"], row["position"]) in true
        )
    assert told > 0.9 * len(true)


def test_coverage_is_about_what_the_rates_say(large: Delivery) -> None:
    for provider in ("beatport", "spotify", "musicbrainz", "discogs"):
        records = pl.read_parquet(large.true_records).filter(provider=provider)
        share = records["true_track_id"].n_unique() / large.spec.tracks
        assert share == pytest.approx(RATES[provider].coverage, abs=0.03)


def test_defects_are_about_as_frequent_as_the_rates_say(large: Delivery) -> None:
    true = truth_of(large, "beatport", "tracks_api")
    rates = RATES["beatport"]
    found = [(answer, true[str(answer["id"])]) for answer in answers(large, "beatport", "tracks_api")]
    with_bpm = [(answer, right) for answer, right in found if answer["bpm"] is not None]
    wrong_bpm = sum(abs(answer["bpm"] - right["bpm"]) > 0.5 for answer, right in with_bpm) / len(with_bpm)
    assert rates.bpm_wrong <= wrong_bpm + 0.01
    assert wrong_bpm < rates.bpm_wrong + 4 * rates.bpm_octave
    no_isrc = sum(answer["isrc"] is None for answer, _ in found) / len(found)
    assert no_isrc == pytest.approx(rates.isrc_missing + 0.04, abs=0.02)
    keys = [(answer["key"], right["key_camelot"]) for answer, right in found if answer["key"]]
    wrong = sum(f"{key['camelot_number']}{key['camelot_letter']}" != camelot for key, camelot in keys)
    assert wrong / len(keys) == pytest.approx(rates.key_wrong, abs=0.02)


def test_confidence_tells_right_from_wrong(large: Delivery) -> None:
    true = truth_of(large, "beatport", "tracks_api")
    sure = {True: [], False: []}
    for answer in answers(large, "beatport", "tracks_api"):
        if answer["bpm"] is not None:
            right = abs(answer["bpm"] - true[str(answer["id"])]["bpm"]) <= 0.5
            sure[right].append(answer["_confidence"]["bpm"] >= 0.98)
        else:
            assert "bpm" not in answer["_confidence"]
    assert sum(sure[True]) / len(sure[True]) > 0.92
    assert sum(sure[False]) / len(sure[False]) < 0.15


def test_the_worked_example_is_told(large: Delivery) -> None:
    golden = make_world(large.spec).golden_track
    for provider, stream, field, told, confidence in (
        ("beatport", "tracks_api", "bpm", 130, 0.89),
        ("spotify", "audio_features_api", "tempo", 128.0, 0.95),
    ):
        true = truth_of(large, provider, stream)
        of_it = [
            answer
            for answer in answers(large, provider, stream)
            if true[str(answer["id"])]["true_track_id"] == golden
        ]
        assert of_it
        assert all((one[field], one["_confidence"]["bpm"]) == (told, confidence) for one in of_it)
    assert true[str(of_it[0]["id"])]["bpm"] == 128


def test_charts_list_tracks_of_the_store(delivery: Delivery) -> None:
    ids = {answer["id"] for answer in answers(delivery, "beatport", "tracks_api")}
    for chart in answers(delivery, "beatport", "charts_api"):
        assert chart["track_ids"]
        assert len(set(chart["track_ids"])) == len(chart["track_ids"]) == chart["track_count"]
        assert set(chart["track_ids"]) <= ids


def test_a_delivery_tells_of_which_world_it_is(delivery: Delivery, tmp_path: Path) -> None:
    found = delivered(delivery.root)
    assert found is not None
    assert found.as_dict() == SPEC.as_dict()
    assert deliver(found, delivery.root).made is False
    assert delivered(tmp_path) is None
    (tmp_path / "world.json").write_text('{"spec": {"tracks": 300}}')
    assert delivered(tmp_path) is None
