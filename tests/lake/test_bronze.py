"""Bronze: content-addressed, immutable, whole files only."""

import datetime as dt
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lake import bronze
from lake.bronze import Answer, Rejected

DAY = dt.date(2026, 3, 1)


def write(root: Path, *answers: Answer | Rejected, day: dt.date = DAY) -> bronze.Written:
    return bronze.write(root, "beatport", answers, ingest_date=day, extractor_version="test/1")


def rows(root: Path, stream: str = "tracks") -> list[tuple[str, str]]:
    return duckdb.sql(
        f"select request_key, payload from {bronze.read_sql(root, 'beatport', stream)} order by all"
    ).fetchall()


def test_the_same_content_adds_nothing_whatever_the_day_or_the_file(tmp_path: Path) -> None:
    first = Answer("tracks", "tracks/1", '{"id": 1}', source_url="file:a.json")
    again = Answer("tracks", "tracks/1", '{"id": 1}', source_url="file:b.json", source_row=7)
    assert write(tmp_path, first).new == 1
    assert write(tmp_path, again, day=DAY + dt.timedelta(days=1)).new == 0
    assert rows(tmp_path) == [("tracks/1", '{"id": 1}')]


def test_a_changed_answer_is_a_new_row_and_the_old_one_stays(tmp_path: Path) -> None:
    write(tmp_path, Answer("tracks", "tracks/1", '{"bpm": 130}'))
    before = {file: file.read_bytes() for file in tmp_path.rglob("*.parquet")}
    write(tmp_path, Answer("tracks", "tracks/1", '{"bpm": 128}'))
    assert rows(tmp_path) == [("tracks/1", '{"bpm": 128}'), ("tracks/1", '{"bpm": 130}')]
    assert all(file.read_bytes() == content for file, content in before.items())


def test_an_empty_stream_reads_as_an_empty_table(tmp_path: Path) -> None:
    bronze.ensure_stream(tmp_path, "beatport", "tracks")
    assert rows(tmp_path) == []


def test_rejected_rows_are_kept_with_their_reason(tmp_path: Path) -> None:
    write(tmp_path, Rejected("tracks", "x.csv", 3, "bpm", "not a number", "mend it", "a,b"))
    ((_, payload),) = rows(tmp_path, bronze.REJECTED_STREAM)
    assert '"reason": "not a number"' in payload
    assert '"raw": "a,b"' in payload


def test_a_tampered_file_is_found_out(tmp_path: Path) -> None:
    write(tmp_path, Answer("tracks", "tracks/1", '{"bpm": 128}'))
    source = bronze.read_sql(tmp_path, "beatport", "tracks")
    assert bronze.damaged(duckdb.connect(), source) == []
    (file,) = (one for one in tmp_path.rglob("*.parquet") if "1970" not in str(one))
    duckdb.sql(
        f"copy (select * exclude (ingest_date) replace ('{{\"bpm\": 131}}' as payload) "
        f"from read_parquet('{file}')) to '{file}'"
    )
    assert [reason for _, reason in bronze.damaged(duckdb.connect(), source)] == [
        "payload does not match payload_sha256"
    ]


def test_nothing_is_left_beside_when_writing_fails(tmp_path: Path) -> None:
    def broken() -> object:
        yield Answer("tracks", "tracks/1", "{}")
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="the source broke"):
        bronze.write(tmp_path, "beatport", broken(), ingest_date=DAY, extractor_version="test/1")  # type: ignore[arg-type]
    assert not list(tmp_path.rglob("*.tmp"))


@hypothesis_settings(max_examples=30, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), max_size=8))
def test_payloads_come_back_character_for_character(
    tmp_path_factory: pytest.TempPathFactory, payloads: list[str]
) -> None:
    root = tmp_path_factory.mktemp("bronze")
    bronze.ensure_stream(root, "beatport", "tracks")
    write(root, *(Answer("tracks", "any", payload) for payload in payloads))
    assert sorted(payload for _, payload in rows(root)) == sorted(set(payloads))


def test_many_rows_go_to_several_files_and_each_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bronze, "BATCH_ROWS", 10)
    answers = [Answer("tracks", f"tracks/{i % 25}", "{}") for i in range(50)]
    written = write(tmp_path, *answers)
    assert (written.offered, written.new, len(rows(tmp_path))) == (50, 25, 25)
    assert len(written.files) == 3
