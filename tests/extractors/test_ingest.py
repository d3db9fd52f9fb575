"""What a person is told of files on their way into bronze: read to the end, broken off, refused, stopped."""

import datetime as dt
import gzip
import hashlib
from pathlib import Path

import pytest

from extractors import ingest as ingesting
from extractors.files import reading
from extractors.ingest import FileReport, Progress, ingest
from extractors.registry import kind
from lake import bronze

DAY = dt.date(2026, 1, 1)
HEADER = "utc_time,artist,album,track\n"


def scrobbles(count: int) -> str:
    # titles that do not pack well, so that half the file is half the rows
    noise = (hashlib.md5(str(number).encode(), usedforsecurity=False) for number in range(count))
    return HEADER + "".join(f'"24 Jan 2023, 09:42",Ada,,{title.hexdigest()}\n' for title in noise)


def brought(root: Path, name: str, content: str | bytes) -> FileReport:
    path = root / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (report,) = ingest(kind("lastfm_scrobbles"), [path], root / "bronze", ingest_date=DAY).files
    return report


def stored(root: Path) -> int:
    return bronze.count(root / "bronze", "lastfm", "scrobbles")


def test_a_file_that_ends_in_its_middle_keeps_its_rows_and_is_no_success(tmp_path: Path) -> None:
    whole = gzip.compress(scrobbles(4000).encode())
    report = brought(tmp_path, "scrobbles.csv.gz", whole[: len(whole) // 2])
    assert 1000 < report.answers < 3000
    assert report.answers == report.new == stored(tmp_path)
    assert report.state == f"broken off at row {report.answers + 2:,}", "the header is row 1"
    assert report.refused is not None
    assert "truncated" in report.refused.reason
    assert report.refusals == (), "the missing rest is no bad row"
    again = brought(tmp_path, "scrobbles.csv.gz", whole)
    assert (again.state, again.answers, stored(tmp_path)) == ("in bronze", 4000, 4000)


@pytest.mark.parametrize("line", ["x" * 300_000, '2026,"' + "y" * 900_000 + '",a,b'])
def test_an_overlong_line_is_one_bad_row_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr(reading, "LONGEST", 200_000)
    header, *rows = scrobbles(6).splitlines(keepends=True)
    text = "".join([header, *rows[:3], line + "\n", *rows[3:]])
    report = brought(tmp_path, "scrobbles.csv", text)
    assert (report.answers, report.rejected, report.state) == (6, 1, "in bronze")
    (told,) = report.refusals
    assert (told.first.row, told.first.reason) == (5, "the row has more than 200,000 characters")


def test_a_file_without_one_good_row_is_refused(tmp_path: Path) -> None:
    report = brought(tmp_path, "scrobbles.csv", HEADER + ",Ada,,Dawn\n" * 2)
    assert (report.answers, report.rejected, report.state) == (0, 2, "refused")
    assert report.refused is not None
    assert "none of its 2 rows is good: the scrobble has no time" in str(report.refused)
    assert bronze.count(tmp_path / "bronze", "lastfm", "rejected") == 2, "kept with their reason"


def test_every_reason_is_told_with_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = scrobbles(1) + ",Ada,,Dawn\n" * 4 + "a,b\n" + "a,b,c\n" * 2
    report = brought(tmp_path, "scrobbles.csv", text)
    assert report.state == "in bronze"
    assert [(one.first.row, one.first.field, one.rows) for one in report.refusals] == [
        (3, "utc_time", 4),
        (7, "(row)", 3),
    ], "2 and 3 cells where there should be 4 is one reason"
    monkeypatch.setattr(ingesting, "REASONS_KEPT", 1)
    report = brought(tmp_path, "scrobbles.csv", text)
    assert [one.rows for one in report.refusals] == [4]
    assert report.rejected == 7


def test_who_is_stopped_hears_how_many_rows_are_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bronze, "BATCH_ROWS", 500)
    path = tmp_path / "scrobbles.csv"
    path.write_text(scrobbles(4000))
    told: list[Progress] = []

    def stop(progress: Progress) -> None:
        told.append(progress)
        if progress.rows == 2000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(kind("lastfm_scrobbles"), [path], tmp_path / "bronze", ingest_date=DAY, progress=stop)
    assert told[-1].stored == stored(tmp_path) == 1500
    (report,) = ingest(kind("lastfm_scrobbles"), [path], tmp_path / "bronze", ingest_date=DAY).files
    assert (report.new, stored(tmp_path)) == (2500, 4000)
