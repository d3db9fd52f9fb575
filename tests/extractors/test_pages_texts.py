"""Text exports of 1001Tracklists, and entries of a listening log."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import SourceError
from extractors.pages.listening_log import parse_logged_mix, parse_logged_mix_json
from extractors.pages.text_export import parse_text_export, parse_text_export_json
from extractors.pages.tracklists_1001 import parse_tracklist_page
from extractors.registry import kind
from lake.bronze import Answer

EXPORT = """Ada & Bo @ Main Stage, Some Festival, Norway 2024-05-17

Player 2
[00:00] Ada - Dawn (Bo Remix) [ONE (BIG)/TWO]
w/ Bo - Dusk
[1:02:03] Ada - ID
Ada on stage
Ada vs. Bo - Dawn vs. Dusk (Ada Mashup)

Please set a backlink to keep the tracklist up-to-date: https://1001.tl/1abc2de3"""
ENTRY = """### Ada & Bo @ Some Club 2022-03-21

> 7/10 | ~1h54m | 12 tracks
> | [Ada](https://rateyourmusic.com/artist/ada)
> | [Bo](#)
> | https://1001.tl/2dqrzu61
> | https://video.example/x

- Dawn _([Cy](https://rateyourmusic.com/artist/cy) Remix)_ - [Ada](https://r.example/ada) feat. [Di](#)
- Dusk - Reprise - Bo @48:22
- @54:00
- <10> Snake_Case - [Eve](#)
"""


def test_an_export_is_read_as_a_page_is() -> None:
    found = parse_text_export(EXPORT)
    assert (found["id"], found["dj_names"], found["date"]) == ("1abc2de3", ["Ada", "Bo"], "2024-05-17")
    assert found["event"] == "Main Stage, Some Festival, Norway"
    columns = ("position", "cue_ms", "kind", "with_previous", "artist", "title", "label")
    assert [tuple(row[name] for name in columns) for row in found["rows"]] == [
        (1, None, "note", False, None, "Player 2", None),
        (2, 0, "track", False, "Ada", "Dawn (Bo Remix)", "ONE (BIG)/TWO"),
        (3, None, "track", True, "Bo", "Dusk", None),
        (4, 3_723_000, "unknown", False, "Ada", None, None),
        (5, None, "note", False, None, "Ada on stage", None),
        (6, None, "mashup", False, "Ada vs. Bo", "Dawn vs. Dusk (Ada Mashup)", None),
    ]
    assert set(found["rows"][0]) == set(parse_tracklist_page('<div class="tlpItem"></div>')["rows"][0]), (
        "the shape of a page's rows"
    )


def test_bare_lines_alone_are_no_tracklist_and_an_address_is_no_heading() -> None:
    found = parse_text_export("Ada @ Club\n\nPlayer 2\nshopping")
    assert (found["status"], found["rows"]) == ("no_rows", [])
    rows = parse_text_export("Ada @ Club\nhttps://1001.tl/1abc2de3\n[00:00] Ada - Dawn")["rows"]
    assert [(row["kind"], row["title"]) for row in rows] == [("track", "Dawn")]


def test_a_text_without_rows_is_no_export(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("shopping:\nbread\n")
    with pytest.raises(SourceError, match="not a text export of 1001Tracklists"):
        list(kind("1001tracklists_exports").read(tmp_path / "notes.txt"))
    (tmp_path / "export.txt").write_text(EXPORT)
    (answer,) = kind("1001tracklists_exports").read(tmp_path / "export.txt")
    assert isinstance(answer, Answer)
    assert (answer.payload, answer.source_entity_id) == (EXPORT, "1abc2de3")


@pytest.mark.real
@pytest.mark.parametrize("name", ["2wrmg6f1", "1pn8l919"])
def test_the_real_export_says_what_the_real_page_says(shared_data: Path, name: str) -> None:
    folder = shared_data / "payloads/1001tracklists"
    page = parse_tracklist_page((folder / f"tracklist_page/{name}_2026.html").read_text())
    export = parse_text_export((folder / f"export/{name}.txt").read_text())
    rows = [row for row in page["rows"] if row["kind"] != "mashup_element"]
    assert len(rows) == len(export["rows"])
    for column, differences in (
        ("artist", 2),
        ("title", 1),
        ("label", 1),
        ("with_previous", 0),
        ("cue_ms", 1),
    ):
        pairs = [(ours[column], theirs[column]) for ours, theirs in zip(rows, export["rows"], strict=True)]
        if column == "cue_ms":  # an export shows whole seconds
            pairs = [(ours and ours // 1000, theirs and theirs // 1000) for ours, theirs in pairs if theirs]
        assert sum(ours != theirs for ours, theirs in pairs) <= differences, column


def test_an_entry_of_the_log() -> None:
    found = parse_logged_mix(ENTRY)
    liked = found.pop("liked")
    assert found == {
        "title": "Ada & Bo @ Some Club",
        "date": "2022-03-21",
        "score": 7.0,
        "duration_ms": 6_840_000,
        "stated_tracks": 12,
        "artists": ["Ada", "Bo"],
        "tracklist_1001_id": "2dqrzu61",
        "links": ["https://1001.tl/2dqrzu61", "https://video.example/x"],
    }
    assert [(one["artist"], one["title"], one["cue_raw"], one["score"]) for one in liked] == [
        ("Ada feat. Di", "Dawn (Cy Remix)", None, None),
        ("Bo", "Dusk - Reprise", "48:22", None),
        (None, None, "54:00", None),
        ("Eve", "Snake_Case", None, 10.0),
    ]


def test_a_log_is_one_answer_per_mix_and_a_list_one_per_artist(tmp_path: Path) -> None:
    one = kind("mix_listening_log")
    log = tmp_path / "some.md"
    log.write_text(f"# Some Program\n\n## 2022\n\n{ENTRY}\n### Cy - Other 2023-01-01\n")
    answers = [found for found in one.read(log) if isinstance(found, Answer)]
    assert [answer.request_key for answer in answers] == [
        "mixes/Some Program/2022/Ada & Bo @ Some Club 2022-03-21",
        "mixes/Some Program/2022/Cy - Other 2023-01-01",
    ]
    assert answers[0].payload == f"{ENTRY}\n"
    log.write_text(
        "# EDC\n\n## 2021\n\n### Ada 2021-01-02\n\n# 2022\n\n### Bo 2022-01-02\n\n# 1999 Club\n\n### Cy\n"
    )
    assert [found.request_key for found in one.read(log) if isinstance(found, Answer)] == [
        "mixes/EDC/2021/Ada 2021-01-02",
        "mixes/EDC/2022/Bo 2022-01-02",
        "mixes/1999 Club/Cy",
    ], "a year of its own heading is a part of the program"
    listed = tmp_path / "artists.yaml"
    listed.write_text("artists:\n  - name: Ada\n    rym: https://r.example/ada\n\n  - name: Bo\n")
    found = [answer for answer in one.read(listed) if isinstance(answer, Answer)]
    assert [(answer.stream, answer.request_key) for answer in found] == [
        ("artists", "artists/Ada"),
        ("artists", "artists/Bo"),
    ]
    (tmp_path / "empty.md").write_text("nothing")
    with pytest.raises(SourceError, match="this is not a listening log"):
        list(one.read(tmp_path / "empty.md"))


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    json.loads(parse_text_export_json(text))
    json.loads(parse_logged_mix_json(text))
    beside = parse_text_export(f"Ada @ Club\n[00:00] Ada - Dawn [ONE]\n{text}\n")
    assert (beside["rows"][0]["artist"], beside["rows"][0]["title"]) == ("Ada", "Dawn")
