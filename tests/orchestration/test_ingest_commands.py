"""``cratelake ingest`` and ``cratelake inbox`` as a person sees them."""

import gzip
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestration.cli import main
from tests.conftest import REPOSITORY
from tests.orchestration.homes import Home

HEADER = "utc_time,artist,album,track\n"
ROW = '"24 Jan 2023, 09:42",Ada,,Dawn\n'


class Shell:
    """The command line in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def run(self, *arguments: str, code: int) -> str:
        """What it prints, without its folds."""
        self._monkeypatch.setattr(sys, "argv", ["cratelake", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        assert ended.value.code == code, said
        return " ".join((said.out + said.err).split())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRATELAKE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def shell(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


def write(path: Path, content: str | bytes) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def test_a_half_read_file_fails_and_says_where_it_broke_off(shell: Shell, tmp_path: Path) -> None:
    half = write(tmp_path / "half.csv.gz", gzip.compress((HEADER + ROW * 3).encode(), 0)[:-12])
    whole = write(tmp_path / "whole.csv", HEADER + ROW)
    said = shell.run("ingest", "lastfm_scrobbles", half, whole, code=1)
    assert re.search(
        r"half.csv.gz │ \d │ \d │ 1 │ broken off at row \d whole.csv │ 1 │ . │ 0 │ in bronze", said
    )
    assert re.search(r"broken off half.csv.gz, row \d: the gzip data ends in the middle", said)
    assert "1 of 2 files could not be read to their end" in said


def test_bad_rows_are_told_by_their_reasons(shell: Shell, tmp_path: Path) -> None:
    path = write(tmp_path / "scrobbles.csv", HEADER + ROW + ",Ada,,x\n" + "a,b\n" * 12 + '"x\0",Ada,,x\n')
    said = shell.run("ingest", "lastfm_scrobbles", path, code=0)
    assert "row 4, (row): 2 cells where the header has 4" in said
    assert "(12 rows like it)" in said
    assert "row 3, utc_time: the scrobble has no time" in said
    assert "NUL bytes" in said
    ids = "".join(f"<release id='{letter}'/>" for letter in "abcdefghijkl")
    dump = write(tmp_path / "releases.xml", f"<releases><release id='1'/>{ids}</releases>")
    said = shell.run("ingest", "discogs_dump", dump, code=0)
    assert said.count("the id is not a number: ") == 10
    assert "2 more rows for 2 more reasons" in said


def test_a_folder_without_fitting_names_tells_the_way_out(shell: Shell, tmp_path: Path) -> None:
    play = '[{"endTime": "2026-01-02 10:00", "artistName": "a", "trackName": "b", "msPlayed": 1}]'
    path = write(tmp_path / "user3.json.gz", gzip.compress(play.encode()))
    said = shell.run("ingest", "spotify_streaming_history", str(tmp_path), code=1)
    assert (
        "given by itself a file is taken whatever its name: cratelake ingest spotify_streaming_history"
        in said
    )
    assert "1 new rows" in shell.run("ingest", "spotify_streaming_history", path, code=0)


def test_the_inbox_takes_refuses_and_says_what_lies_beside_it(shell: Shell, home: Path) -> None:
    assert "nothing waits" in shell.run("inbox", code=0)
    write(home / "inbox/friday.txt", "Ada - Dawn\n")
    said = shell.run("inbox", code=0)
    assert "not taken friday.txt lies in inbox/ itself" in said
    assert "it belongs into inbox/<kind>/" in said
    (home / "inbox/wrong_kind").mkdir()
    write(home / "inbox/wrong_kind/x.txt", "Ada - Dawn\n")
    write(home / "inbox/discogs_dump/releases.xml", "<releases><release id='1'/><release id='x'/>")
    said = shell.run("inbox", code=1)
    assert "releases.xml │ 1 │ 1 │ 2 │ broken off at row 3" in said
    assert "broken off discogs_dump/releases.xml, row 3: the file ends before" in said
    assert "rejected releases.xml row 2, id: the id is not a number: x" in said
    assert "refused wrong_kind/x.txt: there is no kind of source file called wrong_kind" in said
    assert "2 of 2 files could not be read to their end" in said


@pytest.mark.slow
def test_the_readme_fills_an_inbox_that_is_not_there_yet(home: Path, tmp_path: Path) -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    (block,) = (one for one in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "/inbox/" in one)
    write(tmp_path / "ada-StreamingHistory0.json", "[]")
    for name in ("friday.txt", "set.cue", "crate.m3u8", "ada-collection-20260101.csv"):
        write(tmp_path / name, "Ada - Dawn\n")
    scripts = Path(sys.executable).parent
    *lays, last = block.splitlines()
    assert last == "cratelake inbox"
    done = subprocess.run(
        ["sh", "-ec", "\n".join([f'PATH="{scripts}:$PATH"', *lays])],
        env=Home(home).environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert {one.parent.name for one in (home / "inbox").glob("*/*")} == {
        "spotify_streaming_history",
        "tracklist_files",
        "discogs_collection",
    }


@pytest.mark.slow
def test_ctrl_c_says_how_many_rows_are_in(home: Path, tmp_path: Path) -> None:
    rows = "".join(f'"24 Jan 2023, 09:42",Ada {number},,Dawn\n' for number in range(400_000))
    path = write(tmp_path / "scrobbles.csv", HEADER + rows)
    lake = Home(home)
    with subprocess.Popen(
        lake.command("ingest", "lastfm_scrobbles", path),
        env=lake.environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        landed = home / "bronze/lastfm/scrobbles"
        deadline = time.monotonic() + 300
        while len(list(landed.glob("*/*.parquet"))) < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=300)
    assert process.returncode == 130, said
    found = re.search(r"stopped in scrobbles\.csv: ([\d,]+) rows read are in bronze; the same command", said)
    assert found, said
    assert 0 < int(found[1].replace(",", "")) < 400_000
    assert "Traceback" not in said
