"""The dumps of AcousticBrainz: archives of submissions, whole, cut off, and none at all."""

import datetime as dt
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from extractors.errors import SourceError
from extractors.files.acousticbrainz_dump import KIND
from extractors.http.settings import Mode
from extractors.ingest import ingest
from lake.bronze import Answer, Rejected
from tests.extractors.sources.opened import Recorder, opened

MBID = "0dad432b-16cc-4bf0-8961-fd31d124b01b"
LOW: dict[str, Any] = {"rhythm": {"bpm": 128.1}, "tonal": {"key_key": "A"}, "lowlevel": {}, "metadata": {}}
HIGH: dict[str, Any] = {"highlevel": {}, "metadata": {}}


def archive(path: Path, documents: dict[str, object]) -> Path:
    """A dump of these documents, compressed as its name says."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for name, document in documents.items():
            text = document if isinstance(document, bytes) else json.dumps(document).encode()
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text))
    compression = {".zst": "zstd", ".gz": "gzip"}.get(path.suffix)
    with pa.output_stream(str(path), compression=compression) as file:
        file.write(raw.getvalue())
    return path


@pytest.mark.parametrize("suffix", [".tar.zst", ".tar", ".tar.gz"])
def test_submissions_go_to_the_streams_of_the_api_under_its_keys(suffix: str, tmp_path: Path) -> None:
    dump = archive(
        tmp_path / f"acousticbrainz-sample-json-20220623-0{suffix}",
        {
            f"acousticbrainz/lowlevel/0d/0/{MBID}-0.json": LOW,
            f"acousticbrainz/lowlevel/0d/0/{MBID}-1.json": {**LOW, "x": 1},
            f"acousticbrainz/highlevel/0d/0/{MBID}-0.json": HIGH,
            "acousticbrainz/COPYING": b"CC0",
        },
    )
    found = list(KIND.read(dump))
    assert all(isinstance(one, Answer) for one in found)
    assert [(one.stream, one.request_key) for one in found if isinstance(one, Answer)] == [
        ("low_level_api", f"{MBID}/low-level"),
        ("low_level_api", f"{MBID}/low-level?n=1"),
        ("high_level_api", f"{MBID}/high-level"),
    ]
    assert isinstance(found[0], Answer)
    assert (found[0].payload, found[0].source_entity_id) == (json.dumps(LOW), MBID)


def test_a_document_that_is_none_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    dump = archive(
        tmp_path / "acousticbrainz-x.tar.zst",
        {
            f"{MBID}-0.json": b'{"rhythm"',
            f"{MBID}-1.json": {"a": 1},
            f"{MBID}-2.json": b"\xff",
            f"{MBID}-3.json": LOW,
        },
    )
    found = list(KIND.read(dump))
    assert [type(one) for one in found] == [Rejected, Rejected, Rejected, Answer]
    assert isinstance(found[1], Rejected)
    assert (found[1].row, found[1].field) == (2, f"{MBID}-1.json")


def test_half_an_archive_gives_what_it_has_and_says_so(tmp_path: Path) -> None:
    whole = archive(
        tmp_path / "acousticbrainz-x.tar", {f"{MBID}-{number}.json": LOW for number in range(50)}
    ).read_bytes()
    half = tmp_path / "acousticbrainz-half.tar"
    half.write_bytes(whole[: len(whole) // 2])
    found = list(KIND.read(half))
    assert sum(isinstance(one, Answer) for one in found) >= 20
    assert isinstance(found[-1], Rejected)
    assert "damaged" in found[-1].reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"no archive at all" * 99, "damaged or none"),
        (b"\x28\xb5\x2f\xfd" + b"x" * 99, "damaged or none"),
        (b"\x1f\x8b" + b"x" * 99, "damaged or none"),
    ],
)
def test_what_is_no_archive_is_refused(content: bytes, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "acousticbrainz-x.tar.zst"
    file.write_bytes(content)
    with pytest.raises(SourceError, match=reason):
        list(KIND.read(file))


def test_an_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    dump = archive(tmp_path / "acousticbrainz-x.tar.zst", {"readme.txt": b"x"})
    with pytest.raises(SourceError, match="no submission"):
        list(KIND.read(dump))
    with pytest.raises(SourceError, match="cannot be read"):
        list(KIND.read(tmp_path / "missing.tar"))


def test_the_dump_answers_what_the_api_was_asked(tmp_path: Path) -> None:
    dump = archive(tmp_path / "acousticbrainz-x.tar.zst", {f"{MBID}-0.json": LOW, f"{MBID}-1.json": HIGH})
    ingest(KIND, [dump], tmp_path / "bronze", ingest_date=dt.date(2026, 3, 1))
    host = Recorder({})
    for mode in (Mode.RECORDED, Mode.LIVE):
        # live, but the API is closed: what the dump brought counts for ever
        with opened("acousticbrainz", tmp_path, host, mode, api=False) as client:
            assert client.low_level(MBID).data == LOW
            assert client.high_level(MBID, 1).data == HIGH
    assert host.asked == []


@pytest.mark.real
def test_the_recorded_document_is_read_out_of_an_archive(shared_data: Path, tmp_path: Path) -> None:
    text = (shared_data / f"payloads/acousticbrainz/low-level/{MBID}.json").read_bytes()
    (found,) = KIND.read(archive(tmp_path / "acousticbrainz-x.tar.zst", {f"a/{MBID}-0.json": text}))
    assert isinstance(found, Answer)
    assert found.payload.encode() == text
