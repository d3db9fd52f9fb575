"""Tracklist pages of 1001Tracklists, in small pages of our own in the site's markup."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.pages.set_head import set_id_of
from extractors.pages.tracklists_1001 import parse_tracklist_page, parse_tracklist_page_json

HEAD = """<!DOCTYPE html><html><head><title>{title}</title>
<meta property="og:site_name" content="1001Tracklists"><meta property="og:title" content="{title}">
<link rel="canonical" href="https://www.1001tracklists.com/tracklist/1abc2de3/ada-fox-2024-05-17.html"></head>"""
TITLE = "Ada Fox &amp; Bo Hare @ Main Stage, Some Festival, Norway 2024-05-17"
HEADING = (
    '<h1><a href="/artist/ada-fox/tracklists.html">Ada Fox</a> &amp; Bo Hare @ '
    '<a href="/source/x/some-festival/index.html">Some Festival</a></h1>'
)


def row(
    name: str = "",
    *,
    number: int = 1,
    classes: str = "tlpTog bItm tlpItem trRow1",
    attributes: str = 'data-isided="true"',
    seconds: str = "0",
    clock: str = "",
    extra: str = "",
) -> str:
    meta = f'<meta itemprop="name" content="{name}">' if name else ""
    return (
        f'<div id="tlp_{number}" class="{classes}" data-id="{number}" {attributes}>'
        f'<input id="tlp{number}_cue_seconds" value="{seconds}">'
        f'<span id="tlp{number}_tracknumber_value"> {number:02d} </span><div class="cue">{clock}</div>'
        f'<div class="bCont">{meta}{extra}</div></div>'
    )


def page(*rows: str, title: str = TITLE, heading: str = HEADING) -> dict[str, Any]:
    return parse_tracklist_page(HEAD.format(title=title) + f"<body>{heading}{''.join(rows)}</body></html>")


def only(*rows: str) -> dict[str, Any]:
    (found,) = page(*rows)["rows"]
    return dict(found)


def test_a_page_says_who_played_where_and_when() -> None:
    found = page(row("A - B"))
    assert (found["status"], found["reason"], found["id"]) == ("tracklist", None, "1abc2de3")
    assert found["title"] == "Ada Fox & Bo Hare @ Main Stage, Some Festival, Norway 2024-05-17"
    assert found["dj_names"] == ["Ada Fox", "Bo Hare"]
    assert (found["date"], found["event"]) == ("2024-05-17", "Main Stage, Some Festival, Norway")


def test_djs_that_the_page_does_not_link_are_read_from_the_title() -> None:
    assert page(row("A - B"), heading="")["dj_names"] == ["Ada Fox", "Bo Hare"]
    radio = page(row("A - B"), heading="", title="Ada Fox - Night Radio 012 2024-05-17")
    assert (radio["dj_names"], radio["event"]) == (["Ada Fox"], "Night Radio 012")


def test_a_row_with_everything() -> None:
    extra = (
        '<meta itemprop="publisher" content="&lt;span&gt;&lt;a&gt;ONE&lt;/a&gt; ('
        "&lt;a&gt;Big &amp;amp; Co&lt;/a&gt;)&lt;/span&gt;"
        '&lt;span&gt; / &lt;/span&gt;&lt;span&gt;TWO&lt;/span&gt;">'
        '<meta itemprop="duration" content="PT1H2M3S"><meta itemprop="genre" content="Techno">'
        '<span class="trackValue">Ada ft. Bo - Dawn &amp; Dusk</span>'
        '<span class="trackEditData">(Live Edit)</span>'
    )
    found = only(
        row(
            "Ada ft. Bo - Dawn &amp; Dusk",
            attributes='data-isided="true" data-trackid="9xyz8w"',
            seconds="65.4",
            clock=" 01:05 ",
            extra=extra,
        )
    )
    assert found == {
        "row_id": "1",
        "position": 1,
        "line_no": 1,
        "cue_ms": 65_400,
        "cue_raw": "01:05",
        "kind": "track",
        "with_previous": False,
        "artist": "Ada ft. Bo",
        "title": "Dawn & Dusk (Live Edit)",
        "label": "ONE (Big & Co)/TWO",
        "track_id": "9xyz8w",
        "duration_ms": 3_723_000,
        "genre": "Techno",
        "raw": "Ada ft. Bo - Dawn & Dusk (Live Edit)",
    }


@pytest.mark.parametrize(
    ("seconds", "clock", "raw", "milliseconds"),
    [
        ("0", "", None, None),
        ("0", "00:00", "00:00", 0),
        ("145", "", "145", 145_000),
        ("0", "1:02:03", "1:02:03", 3_723_000),
        ("0", "later", "later", None),
        ("nan", "", None, None),
        ("-3", "", None, None),
    ],
)
def test_zero_seconds_are_a_start_only_if_the_page_shows_them(
    seconds: str, clock: str, raw: str | None, milliseconds: int | None
) -> None:
    found = only(row("A - B", seconds=seconds, clock=clock))
    assert (found["cue_raw"], found["cue_ms"]) == (raw, milliseconds)


def test_kinds_of_rows() -> None:
    part = "tlpSubTog bItm tlpItem con tgHid"
    status = '<span class="trackStatus"> (ID Remix) </span>'
    rows = page(
        row("Intro - Intro", number=1),
        row("A - B", number=2),
        row(number=3, attributes='data-isid="true"', extra='<span class="trackValue"> ID - ID </span>'),
        row("A - ID", number=4, attributes=""),
        row("A - B", number=5, attributes='data-trackid="x1y2z3w"', extra=status),
        row("A vs. B - C vs. D (E Mashup)", number=6, attributes='data-isided="true" data-mashup="2"'),
        row("A - C", number=7, classes=part, attributes='data-mashpos="true"'),
        row("B - D", number=8, classes=part, attributes='data-mashpos="true"'),
        row("A - IDentity", number=9, classes="tlpTog bItm tlpItem con"),
    )["rows"]
    assert [found["kind"] for found in rows] == [
        *("jingle", "track", "unknown", "unknown", "unknown", "mashup"),
        *("mashup_element", "mashup_element", "track"),
    ]
    assert [found["with_previous"] for found in rows] == [False] * 6 + [True] * 3
    assert [found["position"] for found in rows] == list(range(1, 10))
    assert [(rows[n]["artist"], rows[n]["title"]) for n in (2, 3)] == [(None, None), ("A", None)]
    assert rows[4]["title"] == "B (ID Remix)"


def test_suggestions_and_deleted_rows_are_no_rows() -> None:
    rows = page(
        row("A - B", number=1),
        row("A - X", number=2, classes="tlpTog bItm tlpItem deleted"),
        '<div class="bItm con sugTog">correct cue time is 1:00</div><div class="bItmH">Player 2</div>',
        row("A - C", number=3),
    )["rows"]
    assert [(found["position"], found["title"]) for found in rows] == [(1, "B"), (2, "C")]


def test_a_name_that_the_page_cut_or_garbled_is_read_from_what_it_shows() -> None:
    visible = '<span class="trackValue">Ada &amp; Bo vs. Cy - Dawn vs. Dusk</span>'
    assert only(row("Bo vs. Cy - Dawn vs. Dusk", extra=visible))["artist"] == "Ada & Bo vs. Cy"
    assert only(row("Ada & C\ufffd - Dawn", extra='<span class="trackValue">Ada &amp; Cø - Dawn</span>'))[
        "raw"
    ] == ("Ada & Cø - Dawn")


def test_a_name_without_a_dash_is_a_title() -> None:
    found = only(row("Sunrise"))
    assert (found["artist"], found["title"], found["kind"]) == (None, "Sunrise", "track")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("<h1>Please wait, you will be forwarded to the requested page</h1>", "blocked"),
        ("<p>You have sent too many requests. Solve the captcha to unblock.</p>", "blocked"),
        ('<script src="https://challenges.cloudflare.com/x.js"></script>', "blocked"),
        ("<h1>Ada Fox @ Some Festival</h1>", "no_rows"),
    ],
)
def test_a_page_without_rows_says_why(body: str, status: str) -> None:
    found = page(body)
    assert (found["status"], found["rows"], found["id"]) == (status, [], "1abc2de3")
    assert found["reason"]


def test_a_tracklist_stays_one_whatever_else_the_page_holds() -> None:
    assert (
        page(row("A - B"), '<script src="https://challenges.cloudflare.com/x.js"></script>')["status"]
        == "tracklist"
    )


def test_other_pages_are_no_tracklists() -> None:
    assert parse_tracklist_page("<html><body>Some shop</body></html>")["status"] == "not_a_page"


@given(st.text(max_size=200))
def test_no_text_stops_it(text: str) -> None:
    found = json.loads(parse_tracklist_page_json(text))
    assert found["status"] in {"tracklist", "blocked", "no_rows", "not_a_page"}
    wrapped = json.loads(parse_tracklist_page_json(f'<div class="tlpItem" data-id="1">{text}</div>'))
    assert wrapped["rows"][0]["position"] == 1


def test_ids_in_addresses() -> None:
    assert set_id_of("https://www.1001tracklists.com/tracklist/2wrmg6f1/a-b.html") == "2wrmg6f1"
    assert set_id_of("https://1001.tl/2wrmg6f1") == "2wrmg6f1"
    assert set_id_of("https://www.1001tracklists.com/artist/ada/tracklists.html") is None


@pytest.mark.real
def test_real_pages(shared_data: Path) -> None:
    pages = [
        parse_tracklist_page(gzip.decompress(path.read_bytes()).decode())
        for path in sorted((shared_data / "tl1001_html_pages").glob("*.html.gz"))
    ]
    assert [found["status"] for found in pages].count("blocked") == 4
    assert [found["status"] for found in pages].count("tracklist") == 22
    assert sum(len(found["rows"]) for found in pages) == 715
    assert all(found["id"] and found["date"] and found["dj_names"] and found["event"] for found in pages)


@pytest.mark.real
@pytest.mark.parametrize(
    ("saved", "exported", "differences"), [("2wrmg6f1_2026", "2wrmg6f1", 2), ("1pn8l919_2026", "1pn8l919", 1)]
)
def test_a_real_page_reads_like_the_sites_own_text_export(
    shared_data: Path, saved: str, exported: str, differences: int
) -> None:
    folder = shared_data / "payloads/1001tracklists"
    rows = parse_tracklist_page((folder / f"tracklist_page/{saved}.html").read_text())["rows"]
    ours = [
        found["raw"] + (f" [{found['label']}]" if found["label"] else "")
        for found in rows
        if found["kind"] != "mashup_element"
    ]
    theirs = [
        line.strip().removeprefix("w/ ").split("] ", 1)[-1]
        if line.startswith("[")
        else line.strip().removeprefix("w/ ")
        for line in (folder / f"export/{exported}.txt").read_text().splitlines()[2:]
        if line.strip() and not line.startswith("Please")
    ]
    assert len(ours) == len(theirs)
    assert sum(a != b for a, b in zip(ours, theirs, strict=True)) <= differences
