"""Pages of MixesDB: wikitext of our own in the wiki's forms, and the real pages."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.text.tracklist import parse_tracklist_line
from extractors.errors import SourceError
from extractors.files.mixesdb_pages import page_title
from extractors.pages.mixesdb import parse_mixesdb_page, parse_mixesdb_page_json, parse_wikitext
from extractors.registry import kind
from lake.bronze import Answer, Rejected

PAGE = """[[File:2026-08-02 - Ada - Some Podcast 498.jpg|right|360px]]

== File details ==

{|{{NormalTableFormat}}
! dur
|-
| 1:04:54
| ~241
|}

{{Player|mode=mirrors
 |https://sound.example/ada
 |https://cloud.example/ada
}}
<!-- https://hidden.example/ada -->

== Notes ==

# Some Note - That Is No Track

== Tracklist ==

;Part 1
# [000] Ada - Dawn [One - ONE 01]
# [0??] + Bo - Dusk (Acapella)
# ''Cy - ?''
'''12:30 - Second Hour'''
# '''Record Of The Day:''' Di - Noon
<list>
[15] Eve - Night
...
?
</list>

[[Category:2026]]
[[Category:Ada]]
[[Category: Techno|sorted]]
[[Category:Tracklist: incomplete]]
"""


def test_a_page_is_rows_parts_players_length_and_categories() -> None:
    found = parse_wikitext(PAGE)
    assert [(row["part"], row["text"]) for row in found["rows"]] == [
        ("Part 1", "[000] Ada - Dawn [One - ONE 01]"),
        ("Part 1", "[0??] + Bo - Dusk (Acapella)"),
        ("Part 1", "''Cy - ?''"),
        ("12:30 - Second Hour", "Di - Noon"),
        ("12:30 - Second Hour", "[15] Eve - Night"),
        ("12:30 - Second Hour", "..."),
        ("12:30 - Second Hour", "?"),
    ]
    assert (found["status"], found["tracklist_state"], found["duration_ms"]) == (
        "tracklist",
        "incomplete",
        3_894_000,
    )
    assert found["categories"] == ["2026", "Ada", "Techno", "Tracklist: incomplete"]
    assert found["players"] == ["https://sound.example/ada", "https://cloud.example/ada"]


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("{{StandardShow2h}}", 7_200_000),
        ("{{StandardShow90min}}", 5_400_000),
        ("{{StandardShow?h|5}}", 18_000_000),
        ("{{StandardShow?h}}", None),
        ("== File details ==\n| 57:36\n| 1:57:45", 7_065_000),
    ],
)
def test_length_of_a_mix(text: str, milliseconds: int | None) -> None:
    assert parse_wikitext(text)["duration_ms"] == milliseconds


def test_cues_that_cover_a_sliver_of_the_mix_are_hours_and_minutes() -> None:
    cues = ["0:00", "0:06", "0:51", "1:10", "1:51", "2:59"]
    lines = "\n".join(f"# [{cue}] Ada - Dawn {cue}" for cue in cues)
    three_hours = f"{{{{StandardShow3h}}}}\n== Tracklist ==\n{lines}"
    assert parse_wikitext(three_hours)["hours_and_minutes"]
    assert not parse_wikitext(three_hours.replace("Show3h", "Show?h|0"))["hours_and_minutes"]
    minutes = "\n".join(f"# [{n * 5}:30] Ada - Dawn {n}" for n in range(11))
    assert not parse_wikitext(f"{{{{StandardShow1h}}}}\n== Tracklist ==\n{minutes}")["hours_and_minutes"]


def test_repeats_redirects_and_empty_pages_say_so() -> None:
    repeat = "{{Repeat\n|Original =1997-06-15 - Ada - Some Mix\n}}"
    assert (parse_wikitext(repeat)["status"], parse_wikitext(repeat)["original"]) == (
        "repeat",
        "1997-06-15 - Ada - Some Mix",
    )
    assert parse_wikitext("#REDIRECT [[Elsewhere]]")["status"] == "redirect"
    assert parse_wikitext("== Tracklist ==\nto come")["status"] == "no_rows"


@pytest.mark.parametrize("content", ["# Ada - Dawn", {"*": "# Ada - Dawn"}], ids=["version 2", "version 1"])
def test_both_versions_of_the_api_and_both_actions_are_read(content: object) -> None:
    def titled(answer: dict[str, Any]) -> list[tuple[Any, ...]]:
        pages = parse_mixesdb_page(json.dumps(answer))["pages"]
        return [(page["title"], page["page_id"], page["revision_id"], page["status"]) for page in pages]

    parsed = {"parse": {"title": "Ada", "pageid": 5, "revid": 9, "wikitext": content}}
    assert titled(parsed) == [("Ada", 5, 9, "tracklist")]
    revision = {"revid": 9, "slots": {"main": content if isinstance(content, dict) else {"content": content}}}
    pages = [{"title": "Ada", "pageid": 5, "revisions": [revision]}, {"title": "Bo", "missing": True}]
    for form in (pages, {str(n): page for n, page in enumerate(pages)}):
        assert titled({"query": {"pages": form}}) == [
            ("Ada", 5, 9, "tracklist"),
            ("Bo", None, None, "missing"),
        ]
    assert titled({"error": {"code": "missingtitle", "info": "no"}}) == [(None, None, None, "error")]


def read(name: str, text: str, folder: Path) -> list[Answer | Rejected]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return list(kind("mixesdb_pages").read(path))


def test_files_of_all_forms_become_pages(tmp_path: Path) -> None:
    saved = {
        "/w/2005-01-02_-_A_%26_B": {"tracklist": PAGE},
        "/w/broken": {"tracklist": 5},
        "/w/C": {"tracklist": "# A - B"},
    }
    first, bad, last = read("saved.json", json.dumps(saved), tmp_path)
    assert isinstance(first, Answer)
    assert first.request_key == "pages/2005-01-02 - A & B"
    assert first.source_url == "https://www.mixesdb.com/w/2005-01-02_-_A_%26_B"
    assert isinstance(bad, Rejected)
    assert (bad.row, bad.field) == (2, "tracklist")
    assert isinstance(last, Answer), "a bad page hides none behind it"
    answer = {"parse": {"title": "Ada", "pageid": 5, "wikitext": "# A - B"}}
    (one,) = read("answer.json", json.dumps(answer, indent=1), tmp_path)
    assert isinstance(one, Answer)
    assert (one.request_key, one.source_entity_id) == ("pages/Ada", "5")
    lines = f"{json.dumps(answer)}\n{json.dumps({'error': {'info': 'gone'}})}\n"
    good, gone = read("answers.jsonl", lines, tmp_path)
    assert isinstance(good, Answer)
    assert isinstance(gone, Rejected)
    assert gone.reason == "the wiki answers with an error: gone"
    (wiki,) = read("2026-08-02 - Ada.wiki", PAGE, tmp_path)
    assert isinstance(wiki, Answer)
    assert (wiki.payload, wiki.request_key) == (PAGE, "pages/2026-08-02 - Ada")
    for name, text in (("x.json", "[]"), ("x.wiki", "no list"), ("y.json", '{"error": {"info": "no"}}')):
        with pytest.raises(SourceError, match="this is not a file of MixesDB pages"):
            read(name, text, tmp_path)


def test_titles_of_pages() -> None:
    assert page_title("/w/1997_-_Sven_V%C3%A4th_-_Mix") == "1997 - Sven Väth - Mix"
    assert page_title("/db/index.php/A_B") == "A B"


@given(st.one_of(st.text(max_size=400), st.lists(st.sampled_from(PAGE.splitlines())).map("\n".join)))
def test_any_text_is_read_and_good_rows_stay_beside_it(text: str) -> None:
    assert json.loads(parse_mixesdb_page_json(text))["pages"]
    page = f"== Tracklist ==\n# Ada - Dawn\n{text.replace('=', '').replace('<!--', '')}\n"
    rows = [row["text"] for row in parse_wikitext(page)["rows"]]
    assert "Ada - Dawn" in rows


@pytest.mark.real
def test_the_real_pages_give_artist_and_title_in_99_of_100_rows(shared_data: Path) -> None:
    with gzip.open(shared_data / "essential_mix_wikitext/essential_mix_part_a.json.gz", "rt") as file:
        pages = [parse_wikitext(page["tracklist"]) for page in json.load(file).values()]
    statuses = [page["status"] for page in pages]
    assert {name: statuses.count(name) for name in set(statuses)} == {
        "tracklist": 798,
        "repeat": 26,
        "no_rows": 3,
    }
    lines = [parse_tracklist_line(row["text"]) for page in pages for row in page["rows"]]
    named = [line for line in lines if line["kind"] in {"track", "mashup"}]
    assert len(lines) == 26_051
    whole = sum(bool(line["artist"] and line["title"]) for line in named)
    assert whole / len(named) > 0.995
    assert sum(page["hours_and_minutes"] for page in pages) == 1
