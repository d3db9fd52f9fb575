"""Opening files of unknown quality: what is readable is read, and damage is named."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import SourceError
from extractors.files import reading
from extractors.files.reading import (
    DamagedError,
    Overlong,
    byte_chunks,
    cut_off,
    flaw,
    lines,
    printable,
    text_chunks,
)
from extractors.registry import kind
from lake.bronze import Rejected


def _lines_of(*chunks: str) -> list[str]:
    return list(lines(iter(chunks)))


def test_plain_and_gzip_files_read_alike(tmp_path: Path) -> None:
    text = "Ölür\nzwei\n" * 50_000
    plain, packed = tmp_path / "a.txt", tmp_path / "named_without_gz.txt"
    plain.write_text(text, encoding="utf-8")
    packed.write_bytes(gzip.compress(text[:100].encode()) + gzip.compress(text[100:].encode()))
    assert "".join(text_chunks(plain)) == text
    assert "".join(text_chunks(packed)) == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood_and_removed(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "marked.txt"
    path.write_text("Größe\n", encoding=encoding)
    assert "".join(text_chunks(path)) == "Größe\n"


def test_a_truncated_gzip_gives_all_that_is_left_and_then_says_so(tmp_path: Path) -> None:
    path = tmp_path / "cut.gz"
    whole = "".join(f"line {n * n * 7919 % 100_003}\n" for n in range(50_000))
    packed = gzip.compress(whole.encode())
    path.write_bytes(packed[: len(packed) // 2])
    seen: list[str] = []
    with pytest.raises(DamagedError, match="truncated") as damage:
        seen.extend(lines(text_chunks(path)))
    assert whole.startswith("".join(seen) + damage.value.rest)
    assert len(seen) > 1000


def test_damaged_gzip_is_damage_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "broken.gz"
    packed = bytearray(gzip.compress(bytes(range(256)) * 2000))
    packed[40:60] = b"\xff" * 20
    path.write_bytes(packed)
    with pytest.raises(DamagedError, match="damaged"):
        list(byte_chunks(path))


def test_an_empty_or_missing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    with pytest.raises(SourceError, match=r"empty.csv: the file is empty. Remedy: "):
        list(byte_chunks(tmp_path / "empty.csv"))
    with pytest.raises(SourceError, match="cannot be read"):
        list(byte_chunks(tmp_path / "nowhere.csv"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n", "\r\r"])
def test_every_line_end_of_real_exports_ends_one_line(end: str) -> None:
    text = end.join(["a", "b", "c"]) + end
    assert [line.rstrip("\r\n") for line in _lines_of(text)] == ["a", "b", "c"]


@given(st.text(alphabet="ab\r\n", max_size=40), st.integers(1, 5))
def test_lines_do_not_depend_on_how_the_text_arrives(text: str, size: int) -> None:
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert _lines_of(*pieces) == _lines_of(text)
    assert "".join(_lines_of(text)) == text


def test_flaws_are_named_and_made_printable() -> None:
    assert flaw("fine ✓") is None
    assert flaw("a\0b") == "the row holds NUL bytes"
    undecodable = b"caf\xe9".decode("utf-8", "surrogateescape")
    assert flaw(undecodable) == "the row holds bytes that are not UTF-8"
    assert printable(undecodable + "\0") == "caf\\xe9\\x00"
    assert printable("\ud83d").encode() == b"\\ud83d"


def test_the_rest_of_a_cut_file_is_one_refusal_unless_nothing_was_read() -> None:
    damage = DamagedError("cut", "half a ro")
    refusal = cut_off("rows", Path("folder/a.csv"), 7, damage)
    assert (refusal.file, refusal.row, refusal.raw) == ("a.csv", 8, "half a ro")
    assert "7 rows before" in refusal.reason
    with pytest.raises(SourceError, match=r"a\.csv, row 1"):
        cut_off("rows", Path("folder/a.csv"), 0, damage)


_PIECES = st.lists(st.text(alphabet="ab\r\n", max_size=30), max_size=12)


@given(chunks=_PIECES, longest=st.integers(1, 40))
def test_lines_beyond_the_longest_come_cut_and_all_others_whole(chunks: list[str], longest: int) -> None:
    whole = _lines_of(*chunks)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "LONGEST", longest)
        patch.setattr(reading, "RAW_KEPT", 5)
        read = _lines_of(*chunks)
    assert len(read) == len(whole)
    for line, as_it_is in zip(read, whole, strict=True):
        if isinstance(line, Overlong):
            assert len(as_it_is.rstrip("\r\n")) > longest
            assert as_it_is.startswith(line.removesuffix("\n"))
        else:
            assert line == as_it_is


def test_an_overlong_line_of_json_is_one_refused_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST", 200_000)
    path = tmp_path / "listens.jsonl"
    listen = {"listened_at": 1, "track_metadata": {"artist_name": "Ada", "track_name": "Dawn"}}
    good, long = json.dumps(listen), json.dumps({**listen, "x": "y" * 700_000})
    path.write_text(f"{long}\n{good}\n{long}\n{good}")
    found = list(kind("listenbrainz_listens").read(path))
    assert [isinstance(one, Rejected) for one in found] == [True, False, True, False]
    reasons = {one.reason for one in found if isinstance(one, Rejected)}
    assert reasons == {"the row has more than 200,000 characters"}
