"""Kinds whose files are documents: mixes and shows as JSON, releases and DJ libraries as XML."""

import gzip
import json
from pathlib import Path

import pytest

from extractors.errors import SourceError
from extractors.files.dj_libraries import library_of
from extractors.registry import kind
from lake.bronze import Answer, Rejected


def read(name: str, path: Path) -> tuple[list[Answer], list[Rejected]]:
    found = list(kind(name).read(path))
    return [x for x in found if isinstance(x, Answer)], [x for x in found if isinstance(x, Rejected)]


def write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path


MIX = (
    '{"id": "mix1",  "title": "2001 - Ada @ Ö", "tracklist": [{"id": null, "title": " [00] A - \\"B\\" ]}"}]}'
)


def test_mixes_keep_their_exact_text(tmp_path: Path) -> None:
    path = write(tmp_path / "mixes.json", f"[ {MIX} ,\n{MIX.replace('mix1', 'mix2')}]")
    answers, refused = read("djmix_tracklists", path)
    assert refused == []
    assert [a.payload for a in answers] == [MIX, MIX.replace("mix1", "mix2")]
    assert [(a.request_key, a.source_entity_id, a.source_row) for a in answers] == [
        ("mixes/mix1", "mix1", 1),
        ("mixes/mix2", "mix2", 2),
    ]


def test_a_broken_mix_does_not_hide_its_neighbours(tmp_path: Path) -> None:
    path = write(
        tmp_path / "mixes.json",
        f'[{MIX}, {{"id": "mix2", "title": "x", "tracklist": [1,]}}, '
        '{"id": 3, "tracklist": []}, 17, "text, ]", '
        f'{{"id": "mix6", "title": "caf\udce9", "tracklist": []}}, '
        f'{{"id": "mix7", "title": "x", "tracklist": "\\ud83d"}}, {MIX.replace("mix1", "mix8")}]',
    )
    answers, refused = read("djmix_tracklists", path)
    assert [a.request_key for a in answers] == ["mixes/mix1", "mixes/mix8"]
    assert [(r.row, r.field) for r in refused] == [
        (2, "(row)"),
        (3, "id"),
        (4, "(row)"),
        (5, "(row)"),
        (6, "(row)"),
        (7, "(row)"),
    ]
    assert "not valid JSON" in refused[0].reason
    assert "half of a surrogate pair" in refused[5].reason


@pytest.mark.parametrize("tail", ["", ",", ', {"id": "mix2", "title": "never clos'])
def test_a_list_that_is_cut_off_keeps_its_first_mixes(tmp_path: Path, tail: str) -> None:
    answers, refused = read("djmix_tracklists", write(tmp_path / "mixes.json", f"[{MIX}{tail}"))
    assert len(answers) == 1
    assert [(r.row, r.field, r.raw) for r in refused] == [(2, "(file)", tail.lstrip(", "))]


@pytest.mark.parametrize("text", ['{"id": "mix1"}', "id,title", "[1, 2]", '[{"name": "x"}]', "\0\0\0"])
def test_json_of_another_shape_is_no_file_of_mixes(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match=r"mixes\.json, row 1.*not a file of DJ Mix Dataset mixes.*Remedy"):
        list(kind("djmix_tracklists").read(write(tmp_path / "mixes.json", text)))


def test_shows_keep_their_line_and_bad_lines_are_refused(tmp_path: Path) -> None:
    lines = [
        '{"id": "s1",  "title": "Show #1", "chapters": []}',
        "",
        '{"id": "s2", "chapters": [',
        '{"id": "s3", "chapters": null}',
        '{"title": "no id", "chapters": []}',
        '{"id": "s5", "title": "Show #5", "chapters": []}',
    ]
    answers, refused = read("soulection_radio", write(tmp_path / "shows.jsonl", "\r\n".join(lines)))
    assert [(a.request_key, a.payload, a.source_row) for a in answers] == [
        ("shows/s1", lines[0], 1),
        ("shows/s5", lines[5], 6),
    ]
    assert [(r.row, r.field) for r in refused] == [(3, "(row)"), (4, "chapters"), (5, "id")]
    with pytest.raises(SourceError, match="Soulection"):
        list(kind("soulection_radio").read(write(tmp_path / "other.jsonl", '{"url": "x"}')))


RELEASE = '<release id="{}" status="Accepted"><title>Ä &amp; B</title></release>'


def test_releases_are_handed_on_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "discogs_20200101_releases.xml.gz"
    body = "".join(RELEASE.format(n) for n in (1, 22, "x", 4))
    path.write_bytes(gzip.compress(f"<releases>\n{body}</releases>".encode()))
    answers, refused = read("discogs_dump", path)
    assert [(a.request_key, a.source_entity_id) for a in answers] == [
        ("releases/1", "1"),
        ("releases/22", "22"),
        ("releases/4", "4"),
    ]
    assert answers[0].payload == RELEASE.format(1)
    assert answers[0].content_type == "application/xml"
    assert [(r.row, r.field) for r in refused] == [(3, "id")]


def test_releases_before_a_broken_place_are_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "releases.xml", f"<releases>{RELEASE.format(1)}<release id='2'><title></release>")
    answers, refused = read("discogs_dump", path)
    assert [a.request_key for a in answers] == ["releases/1"]
    assert [(r.row, r.field) for r in refused] == [(2, "(row)"), (3, "(file)")]
    assert "not well-formed" in refused[0].reason
    assert "ends before its root element" in refused[1].reason


@pytest.mark.parametrize(
    "text",
    [
        "<playlists><playlist id='1'/></playlists>",
        "no xml",
        "",
        "<releases",
        '<!DOCTYPE releases [<!ENTITY a "b">]><releases><release id="1">&a;</release></releases>',
        '<!DOCTYPE releases [<!ENTITY a SYSTEM "file:///etc/hosts">]><releases><release id="1"/></releases>',
    ],
)
def test_other_xml_and_hostile_xml_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match=r"releases\.xml"):
        list(kind("discogs_dump").read(write(tmp_path / "releases.xml", text)))


REKORDBOX = """<?xml version="1.0" encoding="UTF-8"?>
<DJ_PLAYLISTS Version="1.0.0"><COLLECTION Entries="2">
<TRACK TrackID="7" Name="Dawn" Artist="Ada"><TEMPO Bpm="120.00"/></TRACK><TRACK Name="no id"/>
</COLLECTION><PLAYLISTS><NODE Type="0" Name="ROOT"><NODE Type="0" Name="a/b">
<NODE Type="1" Name="warm" KeyType="0"><TRACK Key="7"/></NODE><NODE Type="1" Name="warm" KeyType="0"/>
</NODE></NODE></PLAYLISTS></DJ_PLAYLISTS>"""
TRAKTOR = """<?xml version="1.0" encoding="UTF-8" standalone="no" ?>
<NML VERSION="19"><COLLECTION ENTRIES="9"><ENTRY TITLE="Dawn" ARTIST="Ada">
<LOCATION DIR="/:M/:" FILE="Ada - Dawn.mp3" VOLUME="Disk"></LOCATION></ENTRY>
<ENTRY TITLE="nowhere"></ENTRY></COLLECTION>
<PLAYLISTS><NODE TYPE="FOLDER" NAME="$ROOT"><SUBNODES COUNT="1"><NODE TYPE="PLAYLIST" NAME="warm">
<PLAYLIST ENTRIES="1" TYPE="LIST">
<ENTRY><PRIMARYKEY TYPE="TRACK" KEY="Disk/:M/:Ada - Dawn.mp3"/></ENTRY></PLAYLIST>
</NODE></SUBNODES></NODE></PLAYLISTS></NML>"""


def test_libraries_keep_their_tracks_and_playlists_apart_from_other_libraries(tmp_path: Path) -> None:
    answers, refused = read("dj_libraries", write(tmp_path / "ada.xml", REKORDBOX))
    assert [(a.stream, a.request_key, a.source_entity_id) for a in answers] == [
        ("rekordbox_xml", "ada/track/7", "ada/7"),
        ("rekordbox_xml", "ada/playlist/a%2Fb/warm", "ada/a%2Fb/warm"),
        ("rekordbox_xml", "ada/playlist/a%2Fb/warm#2", "ada/a%2Fb/warm#2"),
    ]
    assert answers[0].payload.startswith('<TRACK TrackID="7"')
    assert [(r.row, r.field) for r in refused] == [(2, "TrackID")]
    bo, _ = read("dj_libraries", write(tmp_path / "bo.xml", REKORDBOX))
    assert {a.request_key for a in answers}.isdisjoint(a.request_key for a in bo)


def test_traktor_entries_are_called_what_playlists_call_them(tmp_path: Path) -> None:
    answers, refused = read("dj_libraries", write(tmp_path / "ada.nml", TRAKTOR))
    assert [a.request_key for a in answers] == ["ada/track/Disk/:M/:Ada - Dawn.mp3", "ada/playlist/warm"]
    assert answers[0].source_entity_id == "ada/Disk/:M/:Ada - Dawn.mp3"
    assert [r.field for r in refused] == ["LOCATION"]


def test_the_program_is_told_by_contents_not_by_name(tmp_path: Path) -> None:
    answers, _ = read("dj_libraries", write(tmp_path / "export.xml", TRAKTOR))
    assert {a.stream for a in answers} == {"traktor_nml"}
    with pytest.raises(SourceError, match="neither a rekordbox"):
        list(kind("dj_libraries").read(write(tmp_path / "itunes.xml", "<plist/>")))


def test_library_names() -> None:
    assert library_of("history_2010y.nml.gz") == "history_2010y"
    assert library_of("My.Library.XML") == "My.Library"


def _page(
    url: str | None = "https://www.1001tracklists.com/tracklist/1abc2de/ada.html", **more: object
) -> str:
    page = {"url": url, "html": "<html><body>1001Tracklists</body></html>", **more}
    return json.dumps({key: value for key, value in page.items() if value is not None})


def test_saved_pages_come_as_files_or_as_lines(tmp_path: Path) -> None:
    html = (
        '<!DOCTYPE html><html><head><link rel="canonical" '
        'href="https://www.1001tracklists.com/tracklist/9zy8x/ada-x.html"></head><body>ä</body></html>'
    )
    answers, _ = read("1001tracklists_pages", write(tmp_path / "saved.html", html))
    assert [(a.request_key, a.source_entity_id, a.payload, a.content_type) for a in answers] == [
        ("tracklist/9zy8x", "9zy8x", html, "text/html")
    ]
    lines = [
        _page(http_status=200, fetched_at="2026-03-01T10:00:00+02:00"),
        _page(url=None),
        _page(http_status="200"),
        _page(fetched_at="2026-03-01"),
        _page(url="https://example.org/x"),
    ]
    answers, refused = read("1001tracklists_pages", write(tmp_path / "pages.jsonl", "\n".join(lines)))
    assert [(a.request_key, a.http_status) for a in answers] == [
        ("tracklist/1abc2de", 200),
        ("tracklist/https://example.org/x", None),
    ]
    assert answers[0].fetched_at is not None
    assert answers[0].fetched_at.isoformat() == "2026-03-01T08:00:00+00:00"
    assert [(r.row, r.field) for r in refused] == [(2, "url"), (3, "http_status"), (4, "fetched_at")]


@pytest.mark.parametrize("text", ["<html>another site</html>", "plain text", "\0"])
def test_other_html_is_no_page_of_the_site(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match=r"saved\.html"):
        list(kind("1001tracklists_pages").read(write(tmp_path / "saved.html", text)))


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<h1>Please wait, you will be forwarded to the requested page</h1>", "2wrmg6f1: forwarding page"),
        ("<p>Solve the captcha to unblock.</p> 1001tracklists", "2wrmg6f1: the site asks for a captcha"),
        ("<title>503 Service Unavailable</title>", "2wrmg6f1: the site answers with an error: 503"),
    ],
)
def test_what_stands_in_the_place_of_a_page_is_refused_by_file_and_row(
    tmp_path: Path, html: str, reason: str
) -> None:
    address = "https://www.1001tracklists.com/tracklist/2wrmg6f1/x.html"
    good = {"url": address, "html": "<html>1001tracklists</html>"}
    lines = "\n".join(json.dumps(one) for one in (good, {"url": address, "html": html}))
    answers, refused = read("1001tracklists_pages", write(tmp_path / "pages.jsonl", lines))
    assert [answer.payload for answer in answers] == [good["html"]]
    ((file, row, field, why, raw),) = [(one.file, one.row, one.field, one.reason, one.raw) for one in refused]
    assert (file, row, field, raw) == ("pages.jsonl", 2, "html", html)
    assert why.startswith(reason)
    saved = f'<link rel="canonical" href="{address}">{html}'
    answers, (one,) = read("1001tracklists_pages", write(tmp_path / "saved.html", saved))
    assert (answers, one.file, one.reason.startswith(reason)) == ([], "saved.html", True)
