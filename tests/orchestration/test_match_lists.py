"""``cratelake match``: files in, files and tables out, errors without tracebacks."""

import json
from pathlib import Path

import polars as pl
import pytest

from orchestration.cli import main
from tests.enrichment import release_world
from tests.enrichment.list_world import rows


def call(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr("sys.argv", ["cratelake", "match", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    pl.DataFrame(rows(50), infer_schema_length=None).write_csv(path)
    return path


def test_dedupe_writes_a_cluster_for_each_row(labelled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = labelled.parent / "out.csv"
    assert call(monkeypatch, "dedupe", labelled, "--map", "cluster=ignore", "--out", target) == 0
    made = pl.read_csv(target)
    assert made.columns == ["record_id", "cluster_id", "confidence"]
    assert made.height == pl.read_csv(labelled).height
    assert made["cluster_id"].n_unique() == pytest.approx(50, abs=3)


def test_eval_prints_scores_completeness_and_calibration(
    labelled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "eval", labelled, "--truth", "cluster") == 0
    said = capsys.readouterr().out
    assert all(word in said for word in ("precision", "recall", "completeness", "ECE"))


def test_pairs_adds_confidence_decision_and_evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, target = tmp_path / "pairs.csv", tmp_path / "out.csv"
    path.write_text(
        "a_Name1,a_artist,b_Name1,b_artist\nLumen,Dusk,Lumen,Dusk\nLumen,Dusk,Lumen (Live),Dusk\n"
    )
    options = ("--left", "a_", "--right", "b_", "--map", "Name1=title", "--out", target)
    assert call(monkeypatch, "pairs", path, *options) == 0
    made = pl.read_csv(target)
    assert made["decision"].to_list() == ["match", "no match"]
    assert json.loads(made["evidence"][1])["veto"] == "version"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("dedupe", "{list}", "--out", "{folder}/none/o.csv"), "no folder"),
     (("dedupe", "{list}", "--out", "{folder}/o.txt"), "neither"),
     (("dedupe", "{folder}/none.csv", "--out", "{folder}/o.csv"), "no such file"),
     (("dedupe", "{list}", "--map", "x", "--out", "{folder}/o.csv"), "NAME=field"),
     (("eval", "{list}", "--truth", "none"), "--truth"),
     (("eval", "{list}"), "--matches FILE"),
     (("eval", "{list}", "--truth", "cluster", "--matches", "{list}"), "two truths"),
     (("eval", "{list}", "--matches", "{folder}/none.csv"), "no such file"),
     (("eval", "{list}", "--matches", "{list}"), "the list has no record"),
     (("dedupe", "{list}", "--out", "{list}"), "the file that is read"),
     (("dedupe", "{folder}", "--out", "{folder}/o.csv"), "a folder"),
     (("pairs", "{list}", "--left", "l_", "--right", "r_", "--out", "{folder}/o.csv"), "begins with")],
)  # fmt: skip
def test_errors_name_the_remedy(
    labelled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...], said: str,
) -> None:  # fmt: skip
    given = [one.format(list=labelled, folder=labelled.parent) for one in arguments]
    assert call(monkeypatch, *given) == 1
    error = " ".join(capsys.readouterr().err.split())
    assert said in error
    assert "Remedy" in error


@pytest.fixture
def discs(tmp_path: Path) -> Path:
    path = tmp_path / "discs.csv"
    made = pl.DataFrame(release_world.rows(30), infer_schema_length=None).with_row_index("id")
    made.write_csv(path)
    joined = made.join(made, on="cluster").filter(pl.col("id") < pl.col("id_right"))
    joined.select(id1="id", id2="id_right").write_csv(tmp_path / "pairs.csv")
    return path


def test_a_list_of_releases_is_measured_against_pairs(
    discs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = (discs, "--matches", discs.parent / "pairs.csv", "--map", "cluster=ignore")
    assert call(monkeypatch, "eval", *arguments) == 0
    said = capsys.readouterr()
    assert "list of releases" in said.err
    assert "divided by '|'" in said.err
    assert "completeness" in said.out


def test_dedupe_of_releases_writes_a_cluster_for_each(
    discs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = discs.parent / "out.parquet"
    assert call(monkeypatch, "dedupe", discs, "--map", "cluster=ignore", "--out", target) == 0
    assert "releases" in capsys.readouterr().out
    made = pl.read_parquet(target).with_columns(cluster=pl.read_csv(discs)["cluster"])
    assert made["cluster_id"].n_unique() == pytest.approx(made["cluster"].n_unique(), abs=3)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"title,artist\nA\x00b,c\n", "row 1: a NUL byte"),
     ("title,artist\nLumen,Dusk\n".encode("utf-16"), "iconv -f UTF-16"),
     ("title,artist\nL\u00f6we,Dusk\n".encode("latin-1"), "iconv -f WINDOWS-1252"),
     (b"\x1f\x8b\x08\x00" + b"\x00" * 6 + b"\xff" * 40, "not UTF-8"),
     (b"PK\x03\x04\xff\xfe", "an Excel workbook"),
     (b"title,title\nA,b\n", "title twice"),
     (b"title,artist\rA,b\r", "CR alone"),
     (b'title,artist\n"A,b\nc,d\n', "cannot be read"),
     (b"title,artist\n" + b"x" * 20_001 + b",c\n", "over 20,000 characters")],
)  # fmt: skip
def test_broken_files_are_refused_and_the_output_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    content: bytes, said: str,
) -> None:  # fmt: skip
    path, target = tmp_path / "list.csv", tmp_path / "out.csv"
    path.write_bytes(content)
    target.write_text("kept")
    assert call(monkeypatch, "dedupe", path, "--out", target) == 1
    error = " ".join(capsys.readouterr().err.split())
    assert said in error
    assert "Remedy" in error
    assert target.read_text() == "kept"


def test_one_row_is_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for columns in ("title,artist\nA,b\n", "title,artist,tracks\nA,b,c|d\n"):
        path, target = tmp_path / "list.csv", tmp_path / "out.csv"
        path.write_text(columns)
        assert call(monkeypatch, "dedupe", path, "--out", target) == 0
        assert pl.read_csv(target)["cluster_id"].to_list() == [1]


def test_the_examples_of_the_page_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, labelled: Path, discs: Path
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "matching.md").read_text(encoding="utf-8")
    lines = [line.split() for line in page.splitlines() if line.startswith("cratelake match ")]
    assert len(lines) >= 5
    (tmp_path / "shops.csv").write_text("a_title,a_artist,b_title,b_artist\nLumen,Dusk,Lumen,Dusk\n")
    monkeypatch.chdir(tmp_path)
    for words in lines:
        assert call(monkeypatch, *words[2:]) == 0, words
