"""Kinds of recorded API answers: good lines arrive untouched, hostile ones are refused with their place."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.errors import SourceError
from extractors.files.recorded_api import BEATPORT, DISCOGS, KINDS, MUSICBRAINZ, SPOTIFY
from extractors.kind import Kind
from lake.bronze import Answer, Rejected

MBID = "4dd533cd-21ce-4b8a-bbc3-4a05ca82650d"
SPOTIFY_ID = "80WEMAa9gZEIn45oiELV30"
BEATPORT_TRACK = {"id": 123, "name": "Lantern", "mix_name": "Original Mix", "artists": [{"name": "Korven"}]}
GOOD: list[tuple[Kind, str, dict[str, Any], str]] = [
    (BEATPORT, "tracks_api", BEATPORT_TRACK, "tracks/123"),
    (BEATPORT, "charts_api", {"id": 9, "name": "Chart", "track_ids": [1, 2]}, "charts/9"),
    (
        SPOTIFY,
        "tracks_api",
        {"id": SPOTIFY_ID, "name": "L", "artists": [], "type": "track"},
        f"tracks/{SPOTIFY_ID}",
    ),
    (SPOTIFY, "audio_features_api", {"id": SPOTIFY_ID, "tempo": 1, "key": 1}, f"audio-features/{SPOTIFY_ID}"),
    (MUSICBRAINZ, "recordings_api", {"id": MBID, "title": "L"}, f"recording/{MBID}"),
    (DISCOGS, "releases_api", {"id": 7, "title": "L", "tracklist": []}, "releases/7"),
]


def write(folder: Path, name: str, *lines: str | bytes) -> Path:
    path = folder / name
    raw = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines) + b"\n"
    path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    return path


def track(**changes: Any) -> str:
    return json.dumps(BEATPORT_TRACK | changes)


@pytest.mark.parametrize("good", GOOD, ids=lambda good: f"{good[0].name}-{good[1]}")
@pytest.mark.parametrize("end", [".jsonl", "-2026-10.jsonl.gz"])
def test_a_good_line_arrives_untouched(
    tmp_path: Path, good: tuple[Kind, str, dict[str, Any], str], end: str
) -> None:
    kind, stream, answer, request_key = good
    text = json.dumps(answer | {"unknown": [1.50, "é", None]}, indent=None, separators=(", ", ":"))
    (found,) = kind.read(write(tmp_path, stream + end, text))
    assert isinstance(found, Answer)
    assert found.payload == text
    assert (found.stream, found.request_key, found.source_row) == (stream, request_key, 1)
    assert found.source_entity_id == str(answer["id"])
    assert found.source_url is not None
    assert found.source_url.startswith("https://")


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        ("{", "(row)", "not valid JSON"),
        ('{"id": 1,}', "(row)", "not valid JSON"),
        ("[1, 2]", "(row)", "not a JSON object"),
        ("null", "(row)", "not a JSON object"),
        ('{"id": 1, "name": "' + "[" * 100_000, "(row)", "not valid JSON"),
        ("[" * 100_000, "(row)", "not valid JSON"),
        (b'{"id": 1, "name": "\xff\xfe"}', "(row)", "not UTF-8"),
        ('{"id": 1, "name": "a\0b"}', "(row)", "NUL"),
        ('{"id": 1, "name": "\\ud800"}', "(row)", "surrogate"),
        ('{"detail": "Not found."}', "(row)", "error: Not found."),
        ('{"error": {"status": 429, "message": "Too many requests"}}', "(row)", "error: Too many requests"),
        ('{"message": "You are making requests too quickly."}', "(row)", "too quickly"),
        ('{"error": "Not Found", "help": "see the documentation"}', "(row)", "error: Not Found"),
        ('{"results": [], "count": 0}', "id", "member is missing"),
        (track(id=None), "id", "no id of Beatport tracks"),
        (track(id="123"), "id", "no id of Beatport tracks"),
        (track(id=True), "id", "no id of Beatport tracks"),
        (track(id=-5), "id", "no id of Beatport tracks"),
        (track(id=1.0), "id", "no id of Beatport tracks"),
        ('{"id": 5, "name": "Lantern", "artists": []}', "mix_name", "member is missing"),
    ],
)
def test_a_hostile_line_is_refused_and_its_neighbours_are_kept(
    tmp_path: Path, line: str | bytes, field: str, reason: str
) -> None:
    found = list(BEATPORT.read(write(tmp_path, "tracks_api.jsonl", track(id=1), line, "", track(id=2))))
    before, refused, after = found
    assert isinstance(before, Answer)
    assert isinstance(after, Answer)
    assert isinstance(refused, Rejected)
    assert (refused.stream, refused.file, refused.row) == ("tracks_api", "tracks_api.jsonl", 2)
    assert refused.field == field
    assert reason in refused.reason
    assert refused.remedy
    assert after.source_row == 4


@pytest.mark.parametrize(
    ("kind", "stream", "answer"),
    [
        (SPOTIFY, "tracks_api", {"id": "short", "name": "L", "artists": [], "type": "track"}),
        (SPOTIFY, "audio_features_api", {"id": 5, "tempo": 1, "key": 1}),
        (MUSICBRAINZ, "recordings_api", {"id": MBID.upper(), "title": "L"}),
        (DISCOGS, "releases_api", {"id": "7", "title": "L", "tracklist": []}),
    ],
)
def test_ids_of_another_form_are_refused(
    tmp_path: Path, kind: Kind, stream: str, answer: dict[str, Any]
) -> None:
    (found,) = kind.read(write(tmp_path, f"{stream}.jsonl", json.dumps(answer)))
    assert isinstance(found, Rejected)
    assert found.field == "id"


@pytest.mark.parametrize(
    "content",
    [
        "id,name\n1,Lantern",
        "{\n  'id': 1\n}",
        '[\n{"id": 1}\n]',
        '{"id": 1, "tempo": 120, "key": 3}',
        "<html></html>",
    ],
)
def test_a_file_of_something_else_is_refused_as_a_whole(tmp_path: Path, content: str) -> None:
    with pytest.raises(SourceError, match=r"tracks_api\.jsonl, row 1.*not a file of Beatport tracks"):
        list(BEATPORT.read(write(tmp_path, "tracks_api.jsonl", content)))


def test_answers_of_another_provider_are_not_taken_for_ours(tmp_path: Path) -> None:
    spotify = json.dumps({"id": SPOTIFY_ID, "name": "L", "artists": [], "type": "track"})
    with pytest.raises(SourceError, match="mix_name"):
        list(BEATPORT.read(write(tmp_path, "tracks_api.jsonl", spotify)))
    with pytest.raises(SourceError, match="type"):
        list(SPOTIFY.read(write(tmp_path, "tracks_api.jsonl", track())))


def test_a_file_that_does_not_say_its_stream_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"call the file tracks_api\*\.jsonl or charts_api\*\.jsonl"):
        list(BEATPORT.read(write(tmp_path, "export.jsonl", track())))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tracks_api.jsonl"
    path.write_bytes(b"")
    with pytest.raises(SourceError, match="empty"):
        list(BEATPORT.read(path))


def test_a_truncated_gzip_file_keeps_what_could_be_read(tmp_path: Path) -> None:
    path = write(tmp_path, "tracks_api.jsonl.gz", *(track(id=number) for number in range(1, 5000)))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    *answers, last = BEATPORT.read(path)
    assert all(isinstance(answer, Answer) for answer in answers)
    assert answers
    assert isinstance(last, Rejected)
    assert "truncated" in last.reason
    path.write_bytes(whole[:12])
    with pytest.raises(SourceError, match="truncated"):
        list(BEATPORT.read(path))


def test_an_error_message_as_first_line_does_not_condemn_the_file(tmp_path: Path) -> None:
    refused, answer = BEATPORT.read(write(tmp_path, "tracks_api.jsonl", '{"detail": "Not found."}', track()))
    assert isinstance(refused, Rejected)
    assert isinstance(answer, Answer)


@given(
    lines=st.lists(
        st.one_of(
            st.just(track()),
            st.text(max_size=40),
            st.binary(max_size=40),
            st.recursive(
                st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner)
            ).map(json.dumps),
        ),
        max_size=12,
    )
)
@settings(max_examples=60, deadline=None)
def test_whatever_a_file_holds_every_line_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str | bytes]
) -> None:
    clean = [(line if isinstance(line, bytes) else line.encode("utf-8", "surrogatepass")) for line in lines]
    clean = [line.replace(b"\n", b" ").replace(b"\r", b" ") for line in clean]
    path = write(tmp_path_factory.mktemp("any"), "tracks_api.jsonl", track(id=1), *clean)
    found = list(BEATPORT.read(path))
    blank = sum(not line.strip(b" \t") for line in clean)
    assert len(found) == 1 + len(clean) - blank
    good = track().encode()
    assert sum(isinstance(one, Answer) for one in found) >= 1 + sum(line == good for line in clean)


def test_each_kind_names_its_files_and_streams() -> None:
    for kind in KINDS:
        assert kind.name == f"{kind.provider}_api"
        assert kind.patterns == tuple(f"{stream}*.jsonl" for stream in kind.streams)
        assert kind.example.startswith(f"cratelake ingest {kind.name} ")
