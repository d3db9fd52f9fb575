"""The drop folder: what is taken moves on, what is refused lies beside its reason."""

import datetime as dt
import os
import time
from pathlib import Path

import pytest

from extractors import inbox
from extractors.registry import KINDS
from lake import bronze

DAY = dt.date(2026, 1, 1)
LIST = "Ada - Dawn\nBo - Dusk\n"


def lay(home: Path, name: str, file: str, content: str | bytes, age: float = 60) -> Path:
    path = home / "inbox" / name / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, (time.time() - age,) * 2)
    return path


def take(home: Path, settled: float = inbox.SETTLED_SECONDS) -> list[inbox.Taken]:
    return inbox.take(home / "inbox", home / "bronze", ingest_date=DAY, settled=settled)


def test_folders_are_made_for_every_kind(tmp_path: Path) -> None:
    inbox.prepare(tmp_path / "inbox")
    assert {one.name for one in (tmp_path / "inbox").iterdir()} == set(KINDS)
    assert take(tmp_path) == []


def test_taken_files_move_to_done_and_refused_ones_lie_beside_their_reason(tmp_path: Path) -> None:
    lay(tmp_path, "tracklist_files", "friday.txt", LIST)
    lay(tmp_path, "tracklist_files", "sub/saturday.txt", LIST)
    lay(tmp_path, "tracklist_files", "notes.txt", "nothing here")
    lay(tmp_path, "discogs_dump", "releases.xml", b"<releases><release id='1'/>")
    lay(tmp_path, "discogs_dump", "labels.xml", b"<labels><label><a></b></label>")
    lay(tmp_path, "nobody_knows", "x.csv", "a,b")
    found = {one.file.relative_to(tmp_path / "inbox").as_posix(): one for one in take(tmp_path)}
    assert {path: one.refused is None for path, one in found.items()} == {
        "discogs_dump/refused/labels.xml": False,
        "discogs_dump/refused/releases.xml": False,
        "nobody_knows/refused/x.csv": False,
        "tracklist_files/done/friday.txt": True,
        "tracklist_files/done/saturday.txt": True,
        "tracklist_files/refused/notes.txt": False,
    }
    assert all(one.file.is_file() for one in found.values())
    reason = (tmp_path / "inbox/tracklist_files/refused/notes.txt.reason.txt").read_text()
    assert "there is no track in it" in reason
    assert "Remedy: " in reason
    assert str(tmp_path) not in reason
    reason = (tmp_path / "inbox/nobody_knows/refused/x.csv.reason.txt").read_text()
    assert reason.startswith("x.csv: there is no kind of source file called nobody_knows, as its folder is.")
    assert reason.count("nobody_knows") == 1
    assert bronze.count(tmp_path / "bronze", "tracklist_file", "files") == 2
    half = found["discogs_dump/refused/releases.xml"]
    assert half.state == "broken off at row 2"
    reason = half.file.with_name("releases.xml.reason.txt").read_text()
    assert "releases.xml, row 2: the file ends before its root element does" in reason
    assert "\n1 rows before this place were taken.\n" in reason
    assert found["discogs_dump/refused/labels.xml"].state == "refused"
    assert bronze.count(tmp_path / "bronze", "discogs", "releases_xml") == 1, "what could be read stays"
    assert bronze.count(tmp_path / "bronze", "discogs", "rejected") == 3, "both files end too early"
    assert take(tmp_path) == []


def test_single_bad_rows_do_not_refuse_a_file_that_was_read_to_its_end(tmp_path: Path) -> None:
    lay(tmp_path, "discogs_dump", "labels.xml", b"<labels><label><id>1</id></label><label/></labels>")
    (taken,) = take(tmp_path)
    assert (taken.state, taken.file.parent.name) == ("done", "done")
    assert taken.report is not None
    assert (taken.report.answers, taken.report.rejected) == (1, 1)


def test_files_that_lie_beside_the_folders_are_told_and_stay(tmp_path: Path) -> None:
    assert inbox.astray(tmp_path / "inbox") == []
    lay(tmp_path, "", "friday.txt", LIST)
    lay(tmp_path, "", ".hidden", LIST)
    lay(tmp_path, "tracklist_files", "saturday.txt", LIST)
    assert [one.name for one in inbox.astray(tmp_path / "inbox")] == ["friday.txt"]
    assert [one.file.name for one in take(tmp_path)] == ["saturday.txt"]
    assert [one.name for one in inbox.astray(tmp_path / "inbox")] == ["friday.txt"]


def test_a_file_of_the_same_name_is_never_written_over(tmp_path: Path) -> None:
    for text in (LIST, LIST + "Cy - Noon\n", LIST):
        lay(tmp_path, "tracklist_files", "friday.txt", text)
        take(tmp_path)
    done = tmp_path / "inbox/tracklist_files/done"
    assert {one.name: one.read_text().count("\n") for one in done.iterdir()} == {
        "friday.txt": 2,
        "friday-2.txt": 3,
        "friday-3.txt": 2,
    }
    assert bronze.count(tmp_path / "bronze", "tracklist_file", "files") == 2


def test_what_may_still_be_copied_waits(tmp_path: Path) -> None:
    lay(tmp_path, "tracklist_files", "friday.txt", LIST, age=0)
    lay(tmp_path, "tracklist_files", ".hidden.txt", LIST)
    assert take(tmp_path) == []
    assert len(take(tmp_path, settled=0)) == 1


def test_links_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(LIST)
    link = tmp_path / "inbox/tracklist_files/link.txt"
    link.parent.mkdir(parents=True)
    link.symlink_to(secret)
    (taken,) = take(tmp_path)
    assert "a link" in str(taken.refused)
    assert secret.read_text() == LIST
    assert not (tmp_path / "bronze").exists()


def test_only_one_takes_at_a_time(tmp_path: Path) -> None:
    lay(tmp_path, "tracklist_files", "friday.txt", LIST)
    with inbox._alone(tmp_path / "inbox"), pytest.raises(inbox.BusyError):
        take(tmp_path)
    assert len(take(tmp_path)) == 1
