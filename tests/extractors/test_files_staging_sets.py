"""Staging of tracklists: mixes, Boiler Room rows, saved pages, radio shows."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.extractors.file_staging import Staging, pick


@pytest.fixture
def staging(tmp_path: Path) -> Iterator[Staging]:
    made = Staging(tmp_path)
    yield made
    made.connection.close()


def test_mixes(staging: Staging) -> None:
    def tag(name: str) -> dict[str, str]:
        return {"key": f"Category:{name}"}

    mixes = [
        {
            "id": "mix1",
            "title": "2012-03-0X - Ada & Fox, Bo Hare (Live) b2b Cy @ Some Club, Oslo (Some Series 12)",
            "url": "https://www.mixesdb.com/w/1",
            "audio_url": "https://example.org/1",
            "tracklist": [
                {"id": "aaaaaaaaaaa", "title": " [00] Ada - Dawn (Bo Remix) [One - 001]"},
                {"title": "?"},
                {"id": None, "title": "+ Bo - Dusk"},
            ],
            "tags": [tag("2012"), tag("Ada & Fox"), tag("Bo Hare (DJ)"), tag("Deep House"), tag("Some Club")],
        },
        {"id": "mix2", "title": "199X - VA - Night Radio 1", "tracklist": [], "tags": []},
    ]
    staging.ingest("djmix_tracklists", "mixes.json", json.dumps(mixes))
    playlists = sorted(staging.build("stg_mixesdb__djmix_playlists"), key=lambda row: row["playlist_key"])
    assert pick(
        playlists, "playlist_key", "dj_names", "event_date", "event_date_precision", "venue", "set_type"
    ) == [
        ("mix1", ["Ada & Fox", "Bo Hare", "Cy"], date(2012, 3, 1), "month", "Some Club, Oslo", "live"),
        ("mix2", [], None, None, None, "radio"),
    ]
    assert (playlists[0]["genres"], playlists[0]["source_url_external"]) == (
        ["Deep House"],
        "https://example.org/1",
    )
    plays = sorted(staging.build("stg_mixesdb__djmix_plays"), key=lambda row: row["position"])
    assert pick(
        plays, "position", "kind", "artist_raw", "title_raw", "cue_ms", "youtube_id", "with_previous"
    ) == [
        (1, "track", "Ada", "Dawn (Bo Remix)", 0, "aaaaaaaaaaa", False),
        (2, "unknown", None, None, None, None, False),
        (3, "track", "Bo", "Dusk", None, None, True),
    ]
    assert plays[0]["label_raw"] == "One"


def test_boiler_room_sets_are_put_together_from_rows(staging: Staging) -> None:
    rows = [
        "TrackName,Artist,Genre,Number,DJ,Date",
        "Bo - Dusk,Bo,,2.0,Ada & Bo,2019-01-01",
        "Ada - Dawn,Ada,Techno,1.0,Ada & Bo,2019-01-01",
        "Ada - ID,Ada,,3.0,Ada & Bo,2019-01-01",
    ]
    staging.ingest("boiler_room_1001tracklists", "sets.csv", "\n".join([rows[0], rows[2], rows[1], rows[3]]))
    (playlist,) = staging.build("stg_1001tracklists__boiler_room_playlists")
    assert (playlist["playlist_key"], playlist["dj_names"]) == ("2019-01-01/Ada & Bo", ["Ada", "Bo"])
    assert (playlist["event_date"], playlist["set_type"]) == (date(2019, 1, 1), "live")
    plays = sorted(staging.build("stg_1001tracklists__boiler_room_plays"), key=lambda row: row["position"])
    assert pick(plays, "position", "kind", "artist_raw", "title_raw", "genre_raw") == [
        (1, "track", "Ada", "Dawn", "Techno"),
        (2, "track", "Bo", "Dusk", None),
        (3, "unknown", "Ada", None, None),
    ]


def test_pages_that_are_no_tracklist_have_a_status_and_no_plays(staging: Staging) -> None:
    def line(set_id: str, body: str) -> str:
        head = '<meta property="og:site_name" content="1001Tracklists"><title>Ada @ Club 2024-05-17</title>'
        return json.dumps(
            {"url": f"https://www.1001tracklists.com/tracklist/{set_id}/a.html", "html": head + body}
        )

    rows = (
        '<div class="tlpItem" data-id="5" data-isided="true" data-trackid="9xyz8w">'
        '<meta itemprop="name" content="Ada - Dawn"></div>'
        '<div class="tlpItem con" data-id="6" data-isid="true"><span class="trackValue">ID - ID</span></div>'
    )
    staging.ingest(
        "1001tracklists_pages",
        "pages.jsonl",
        "\n".join(
            [line("1aaaa", rows), line("2bbbb", "Please wait, you will be forwarded"), line("3cccc", "")]
        ),
    )
    statuses = sorted(staging.build("stg_1001tracklists__page_status"), key=lambda row: row["playlist_key"])
    assert pick(statuses, "playlist_key", "status", "row_count") == [
        ("1aaaa", "tracklist", 2),
        ("3cccc", "no_rows", 0),
    ]
    assert [bool(row["status_reason"]) for row in statuses] == [False, True]
    (playlist,) = staging.build("stg_1001tracklists__page_playlists")
    assert (playlist["dj_names"], playlist["event_date"], playlist["venue"]) == (
        ["Ada"],
        date(2024, 5, 17),
        "Club",
    )
    plays = sorted(staging.build("stg_1001tracklists__page_plays"), key=lambda row: row["position"])
    assert pick(plays, "kind", "title_raw", "track_1001_id", "with_previous") == [
        ("track", "Dawn", "9xyz8w", False),
        ("unknown", None, None, True),
    ]


def test_shows_follow_the_order_of_play(staging: Staging) -> None:
    def marker(place: int, raw: str | None, clock: str, **track: Any) -> dict[str, Any]:
        return {"position": place, "timestamp": clock, "rawTrack": raw, "track": track or None}

    links = [
        {"platform": "youtubeMusic", "href": "https://music.youtube.com/watch?v=abcdefghijk"},
        {"platform": "spotify", "href": "https://open.spotify.com/track/0123456789abcdefABCDEF"},
        {"platform": "deezer", "href": "https://www.deezer.com/track/42"},
        {"platform": "appleMusic", "href": "https://itunes.apple.com/us/album/x/1?i=77&uo=4"},
    ]
    dawn = {"id": "t1", "title": "Dawn", "artist": {"title": "Ada"}, "trackLinks": links}
    show = {
        "id": "s1",
        "title": "Some Show #1 w/ Bo, Cy & Di (Special)",
        "publishedAt": "2019-05-06T01:00:00.000Z",
        "links": {"soundcloud": "", "mixcloud": "https://example.org/m"},
        "chapters": [
            {"markers": [marker(1, "ADA - dawn", "00:00:00", **dawn), marker(0, "Bo - Dusk", "00:00:00")]},
            {"markers": []},
            {
                "markers": [
                    marker(0, "Hosted by Eva Fox - Soulection Radio", "01:02:03"),
                    marker(1, None, "01:09:00"),
                    marker(2, "Episode 12 - With Ada", "01:10:00"),
                    marker(3, "Episode 497 - Somebody", "01:11:00"),
                    marker(4, "Ada - Episode 3", "01:12:00"),
                ]
            },
        ],
    }
    staging.ingest("soulection_radio", "shows.jsonl", json.dumps(show))
    (playlist,) = staging.build("stg_soulection__show_playlists")
    assert (playlist["dj_names"], playlist["event_date"]) == (["Eva Fox", "Bo", "Cy", "Di"], date(2019, 5, 6))
    assert playlist["source_url_external"] == "https://example.org/m"
    plays = sorted(staging.build("stg_soulection__show_plays"), key=lambda row: row["position"])
    assert pick(plays, "position", "kind", "artist_raw", "title_raw", "cue_ms") == [
        (1, "track", "Bo", "Dusk", 0),
        (2, "track", "Ada", "Dawn", None),
        (3, "jingle", "Hosted by Eva Fox", "Soulection Radio", 3_723_000),
        (4, "unknown", None, None, 4_140_000),
        (5, "jingle", "Episode 12", "With Ada", 4_200_000),
        (6, "jingle", "Episode 497", "Somebody", 4_260_000),
        (7, "track", "Ada", "Episode 3", 4_320_000),
    ]
    ids = ("source_entity_id", "spotify_id", "youtube_id", "deezer_id", "apple_id", "raw_text")
    assert pick(plays, *ids)[1] == ("t1", "0123456789abcdefABCDEF", "abcdefghijk", "42", "77", "ADA - dawn")


def show(number: int, title: str, *chapters: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """A show as the file has it; a marker without a place has that of its order."""
    return {
        "id": f"s{number}",
        "title": title,
        "chapters": [
            {"title": name, "markers": [{"position": i, **marker} for i, marker in enumerate(markers)]}
            for name, markers in chapters
        ],
    }


def test_djs_of_a_show_are_its_hosts_and_whose_the_chapters_are(staging: Staging) -> None:
    def hosted(line: str) -> list[dict[str, Any]]:
        return [{"rawTrack": line}]

    shows = [
        show(1, "Show #1", ("Eva Fox's Session", []), ("Oshi’s Guest Mix", []), ("An Interview with Bo", [])),
        show(2, "Show #2 w/ Ada.", ("ADA's Set", []), ("Ada's Takeover Session", [])),
        show(3, "Show #3", ("olea's Session", hosted("Soulection Radio, Hosted by Olea - seregirl"))),
        show(4, "Show #4 w/Bo", ("Hagans's Set", hosted("Hosted By Hagan & Cy - Soulection Radio"))),
        show(5, "Show #5", ("Interview", hosted("Ada - Dawn (Hosted by Nobody)"))),
        show(6, "Show #6", ("Interview", hosted("SOULECTION - Hosted by Eva Fox"))),
    ]
    staging.ingest("soulection_radio", "shows.jsonl", "\n".join(map(json.dumps, shows)))
    playlists = sorted(staging.build("stg_soulection__show_playlists"), key=lambda row: row["playlist_key"])
    assert pick(playlists, "playlist_key", "dj_names") == [
        ("s1", ["Eva Fox", "Oshi"]),
        ("s2", ["ADA"]),
        ("s3", ["Olea"]),
        ("s4", ["Hagan", "Cy", "Bo"]),
        ("s5", []),
        ("s6", ["Eva Fox"]),
    ]


def test_the_own_name_of_a_show_is_talk(staging: Staging) -> None:
    lines = {
        "Soulection Radio - ROMderful": "jingle",
        "Soulection Radio, ROMderful - Foxberry Road": "jingle",
        "Soulection All Day - Budgie - Soulection All Day": "jingle",
        "Soulection - GoldLink": "jingle",
        "VO - Joe Kay -": "jingle",
        " - Episode 497": "jingle",
        "Episode 637, - Soulection Radio": "jingle",
        "Soulection Radio, Hosted by Joe Kay - seregirl": "unknown",
        "Soulection & JBird - The Shattuck Effect": "track",
        "Sango - Soulection Life": "track",
        "Krs. - Episode 3": "track",
        "Vo Kay - Dawn": "track",
        "ID - ID": "unknown",
    }
    told = show(1, "Show #1", ("", [{"rawTrack": line} for line in lines]))
    staging.ingest("soulection_radio", "shows.jsonl", json.dumps(told))
    plays = sorted(staging.build("stg_soulection__show_plays"), key=lambda row: row["position"])
    assert [(row["raw_text"], row["kind"]) for row in plays] == [
        (line.strip(), kind) for line, kind in lines.items()
    ]


def test_a_line_is_believed_against_the_track_of_another_row(staging: Staging) -> None:
    link = {"href": "https://open.spotify.com/track/0123456789abcdefABCDEF"}
    shabba = {"id": "t1", "title": "Shabba", "artist": {"title": "A$AP Ferg"}, "trackLinks": [link]}
    told = show(
        1,
        "Show #1",
        (
            "",
            [
                {"rawTrack": "SAINTWOODS - WhatAboutUs (Dave Luxe Remix)", "track": shabba},
                {"rawTrack": "asap ferg – SHABBA (feat. A$AP Rocky)", "track": shabba},
                {"rawTrack": "ＡＳＡＰ Ferg - Shábba", "track": shabba},
                {"rawTrack": None, "track": shabba},
            ],
        ),
    )
    staging.ingest("soulection_radio", "shows.jsonl", json.dumps(told))
    plays = sorted(staging.build("stg_soulection__show_plays"), key=lambda row: row["position"])
    shown = pick(plays, "artist_raw", "title_raw", "source_entity_id", "spotify_id")
    assert shown[0] == ("SAINTWOODS", "WhatAboutUs (Dave Luxe Remix)", None, None)
    assert shown[1:] == [("A$AP Ferg", "Shabba", "t1", "0123456789abcdefABCDEF")] * 3
