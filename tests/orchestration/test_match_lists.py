"""``cratelake match``: files in, files and tables out, errors without tracebacks."""

import json
from pathlib import Path

import polars as pl
import pytest

from orchestration.cli import main
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
