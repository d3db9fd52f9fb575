"""Staging of pages, exports, charts, archives and logs: small files of our own through readers and SQL."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.extractors.file_staging import Staging, pick


@pytest.fixture
def staging(tmp_path: Path) -> Iterator[Staging]:
    one = Staging(tmp_path)
    yield one
    one.connection.close()


def by_position(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: row["position"])


def lines(*documents: dict[str, Any]) -> str:
    return "".join(f"{json.dumps(document)}\n" for document in documents)


def test_rows_that_came_one_by_one_are_put_together(staging: Staging) -> None:
    row = '<div class="tlpItem{}" data-id="{}" data-isided="true"><meta itemprop="name" content="{}"></div>'
    fragments = [
        {"row_id": 1, "set_id": "1aaaa", "row_index": 10, "raw_html": row.format(" con", 7, "Bo - Dusk")},
        {"row_id": 2, "set_id": "1aaaa", "row_index": 0, "raw_html": '<div class="bItmH">Ada played:</div>'},
        {"row_id": 3, "set_id": "1aaaa", "row_index": 9, "raw_html": row.format("", 6, "Ada - Dawn")},
        {"row_id": 4, "set_id": "2bbbb", "row_index": 0, "raw_html": row.format("", 8, "Cy - Noon")},
    ]
    staging.ingest("1001tracklists_rows", "set_rows.jsonl", lines(*fragments))
    plays = staging.build("stg_1001tracklists__row_plays")
    assert sorted(pick(plays, "playlist_key", "position", "artist_raw", "with_previous")) == [
        ("1aaaa", 1, "Ada", False),
        ("1aaaa", 2, "Bo", True),
        ("2bbbb", 1, "Cy", False),
    ]
    assert len(staging.build("stg_1001tracklists__row_playlists")) == 2


def test_pages_say_more_of_their_sets(staging: Staging) -> None:
    html = (
        "<html><head><title>1001Tracklists</title>"
        '<meta property="og:title" content="Ada @ Club, Norway 2024-05-17">'
        '<meta name="description" content="Tracklist / playlist for live set Ada @ Club"></head><body>'
        '<div class="mediaLink mediaItemabc-1" data-idsource="13"></div>'
        '<div class="mediaLink hidden mediaItem42" data-idsource="10"></div>'
        '<div class="mediaLink hidden" data-idsource="16"></div>'
        '<div class="fTab"><div class="h"><a href="/source/f1g2h3/club/index.html">Club</a>'
        '<img class="flag" title="Norway"></div>'
        '<div class="cRow"><div class="mtb5">Event Location</div></div></div>'
        '<div id="tlTab" itemtype="http://schema.org/MusicPlaylist"><meta itemprop="numTracks" content="9">'
        '<meta itemprop="genre" content="Techno"><meta itemprop="genre" content="Trance">'
        '<meta itemprop="interactionCount" content="UserPageVisits:21"><meta itemprop="interactionCount" '
        'content="UserLikes:3"><div class="tlpItem" data-id="1" data-isided="true"><meta itemprop="name" '
        'content="Ada - Dawn"><meta itemprop="genre" content="House"></div></div></body></html>'
    )
    page = {"url": "https://www.1001tracklists.com/tracklist/1aaaa/a.html", "html": html}
    staging.ingest("1001tracklists_pages", "pages.jsonl", lines(page))
    (found,) = staging.build("stg_1001tracklists__page_sets")
    assert pick(
        [found], "tracklist_1001_id", "set_type", "stated_tracks", "play_count", "favorite_count"
    ) == [("1aaaa", "live", 9, 21, 3)]
    assert found["genres"] == ["Techno", "Trance"], "of the set, not of its tracks"
    assert found["recording_urls"] == [
        "https://www.youtube.com/watch?v=abc-1",
        "https://api.soundcloud.com/tracks/42",
    ]
    assert json.loads(found["sources"]) == [
        {"id": "f1g2h3", "name": "Club", "type": "Event Location", "country": "Norway"}
    ]
    (playlist,) = staging.build("stg_1001tracklists__page_playlists")
    assert playlist["source_url_external"] == "https://www.youtube.com/watch?v=abc-1"


def test_lists_of_sets(staging: Staging) -> None:
    one = {
        "tracklist_id": "1aaaa", "title": "Ada - Night Radio 012", "date": None, "views": 21, "likes": None,
        "url": "https://www.1001tracklists.com/tracklist/1aaaa/ada-night-radio-012-2024-05-17.html",
        "ided_tracks": 5, "total_tracks": 9, "play_time": "1h 2m", "styles": "House, Dance / Electro Pop",
        "dj_file": "ada",
    }  # fmt: skip
    bare = {"tracklist_id": "2bbbb", "title": "Bo @ Club", "dj_file": "bo"}
    staging.ingest("tl1001_set_index", "sets.jsonl", lines(one, bare))
    sets = sorted(staging.build("stg_1001tracklists__index_sets"), key=lambda row: row["set_key"])
    columns = ("event_date", "set_type", "duration_ms", "play_count", "stated_tracks", "stated_identified")
    assert pick(sets, *columns) == [
        (date(2024, 5, 17), "radio", 3_720_000, 21, 9, 5),
        (None, "live", None, None, None, None),
    ]
    assert sets[0]["genres"] == ["House", "Dance / Electro Pop"]


def test_sets_scraped_as_documents(staging: Staging) -> None:
    tracks = [
        {"title": "Ada & Bo - X vs. Y (Ada Mashup)", "played_together": False, "is_mashup_element": False},
        {"title": "Ada - X", "played_together": False, "is_mashup_element": True},
        {"title": "Ada - Some Town Intro ID (Working Title)", "played_together": True},
        {"artist": [""], "played_together": False, "is_mashup_element": False},
    ]
    event = "Ada & Bo @ Main Stage, Some Festival, Norway 2017-05-17"
    document = {
        "event": event,
        "url": "https://www.1001tracklists.com/tracklist/1aaaa/a.html",
        "tracks": tracks,
    }
    staging.ingest("eric_prydz_1001tracklists", "sets.json", json.dumps([document]))
    (playlist,) = staging.build("stg_1001tracklists__document_playlists")
    assert pick([playlist], "playlist_key", "event_date", "venue", "set_type") == [
        ("1aaaa", date(2017, 5, 17), "Main Stage, Some Festival, Norway", "live")
    ]
    assert playlist["dj_names"] == ["Ada", "Bo"]
    plays = by_position(staging.build("stg_1001tracklists__document_plays"))
    assert pick(plays, "kind", "with_previous") == [
        ("mashup", False),
        ("mashup_element", True),
        ("unknown", True),
        ("unknown", False),
    ]


def test_enriched_sets_whatever_columns_they_have(staging: Staging) -> None:
    head = (
        "index,tracklist_id,tracklist_name,tracklist_date,tracklist_userpagevisits,tracklist_tracks_IDed,"
        "tracklist_tracks_total,genre0,DJ0,Radio Show0,name,byArtist,url,time,track_number,mashup,"
        "mashup_name,beatport0,spotify0,tempo,key,mode\n"
    )
    start = '1aaaa,"Ada - Night Radio 012 2024-05-17",x,21,all,3,House,Ada,Night Radio'
    rows = (
        f"0,{start},Bo & Cy - X vs. Y (Ada Mashup),Bo,/track/t1aaaa/x/index.html, 0:15 ,01,True,,,,,,\n"
        f"1,{start},Bo - X,Bo,/track/t2bbbb/x/index.html,,,True,Bo & Cy - X vs. Y (Ada Mashup),77.0,"
        "0oCacAS0qABXRof5L60vla,128.107,1.0,0.0\n"
        f"2,{start},Di - Z,Di,/track/t3cccc/x/index.html,,w/,False,,,,,,\n"
    )
    staging.ingest("tl1001_enriched_sets", "ada.csv", head + rows)
    plays = by_position(staging.build("stg_1001tracklists__enriched_plays"))
    assert pick(plays, "kind", "with_previous", "cue_ms", "track_1001_id", "beatport_id") == [
        ("mashup", False, 15_000, "t1aaaa", None),
        ("mashup_element", True, None, "t2bbbb", "77"),
        ("track", True, None, "t3cccc", None),
    ]
    (track,) = staging.build("stg_1001tracklists__enriched_tracks")
    assert (track["bpm_raw"], track["key_raw"]) == ("128.107", "pc:1:0")
    (found,) = staging.build("stg_1001tracklists__enriched_sets")
    assert pick([found], "stated_tracks", "stated_identified", "play_count") == [(3, 3, 21)]
    (playlist,) = staging.build("stg_1001tracklists__enriched_playlists")
    assert (playlist["set_type"], playlist["event_date"]) == ("radio", date(2024, 5, 17))


def test_wiki_pages(staging: Staging) -> None:
    page = (
        "{{{{StandardShow3h}}}}\n{{{{Player|https://sound.example/a}}}}\n== Tracklist ==\n{}"
        "[[Category:Ada]]\n[[Category:Techno]]\n"
    )
    cues = ("0:00", "0:30", "1:10", "1:51", "2:59")
    listed = "".join(f"# [{cue}] Bo - Track {number} [One]\n" for number, cue in enumerate(cues))
    pages = {
        "/w/2013-08-03_-_Ada_@_Club,_Town_(Some_Mix,_2013-08-04)": {"tracklist": page.format(listed)},
        "/w/1999_-_Ada_-_Some_Radio": {"tracklist": "{{Repeat|Original = 1998 - Ada - Some Radio}}"},
    }
    staging.ingest("mixesdb_pages", "pages.json", json.dumps(pages))
    (playlist,) = staging.build("stg_mixesdb__page_playlists")
    assert pick([playlist], "title", "venue", "set_type", "duration_ms", "source_url_external") == [
        (
            "2013-08-03 - Ada @ Club, Town (Some Mix, 2013-08-04)",
            "Club, Town",
            "live",
            10_800_000,
            "https://sound.example/a",
        )
    ]
    assert (playlist["dj_names"], playlist["genres"]) == (["Ada"], ["Techno"])
    plays = by_position(staging.build("stg_mixesdb__page_plays"))
    assert pick(plays, "cue_raw", "cue_ms", "artist_raw", "label_raw")[2] == ("1:10", 4_200_000, "Bo", "One")
    states = staging.build("stg_mixesdb__page_status")
    assert sorted(pick(states, "status", "row_count")) == [("repeat", 0), ("tracklist", 5)]
    assert len(staging.build("stg_mixesdb__page_sets")) == 2, "a repeat was on air, too"


def test_charts(staging: Staging) -> None:
    staging.ingest(
        "beatport_charts",
        "charts.csv",
        "id,chart_type,genre_slug,name\ntechno-100,hype,techno,Techno (Raw / Deep) Hype 100\n",
    )
    staging.ingest("beatport_charts", "entries.csv", "snapshot_id,track_id,rank\ntechno-100:2026-01-05,7,1\n")
    staging.ingest(
        "beatport_charts", "tracks.csv", "id,title,url,artists,remixers,mix_name\n7,Dawn,,Ada,Bo,Bo Remix\n"
    )
    (head,) = staging.build("stg_beatport__top_chart_heads")
    assert (head["chart_type"], head["genre_raw"]) == ("genre", "Techno (Raw / Deep)")
    (entry,) = staging.build("stg_beatport__top_chart_entries")
    (track,) = staging.build("stg_beatport__top_tracks")
    assert (entry["chart_key"], entry["chart_date"], entry["position"]) == ("techno-100", date(2026, 1, 5), 1)
    assert (entry["stream"], entry["source_entity_id"]) == (track["stream"], track["source_entity_id"])
    week = {
        "song": "Dawn",
        "artist": "Ada",
        "this_week": 1,
        "last_week": None,
        "peak_position": 1,
        "weeks_on_chart": 1,
    }
    staging.ingest("billboard_hot100", "weeks.jsonl", lines({"date": "2011-01-01", "data": [week]}))
    (song,) = staging.build("stg_billboard__hot100_tracks")
    (place,) = staging.build("stg_billboard__hot100_chart_entries")
    assert pick([song, place], "artist_raw", "title_raw", "stream") == [("Ada", "Dawn", "hot100_weeks")] * 2


def test_archived_playlists(staging: Staging) -> None:
    head = (
        "playlist_id,playlist_name,track_id,track_name,artist_names,artist_ids,album_name,album_id,length,"
        "added,removed\n"
    )
    rows = (
        "p1,Some List,t2,Dusk,Ada | Bo,a | b,Album,al,3:16,2021-05-05,\n"
        "p1,Some List,t1,Dawn,Ada,a,Album,al,3:16,2019-05-25,2020-01-01\n"
        "p1,Some List,t2,Dusk (Wrong),Ada | Bo,a | b,Album,al,3:16,2021-05-05,2021-05-05\n"
    )
    staging.ingest("spotify_playlist_archive", "list.csv", head + rows)
    plays = by_position(staging.build("stg_spotify__archive_plays"))
    assert pick(plays, "spotify_id", "artist_raw", "title_raw", "duration_ms") == [
        ("t1", "Ada", "Dawn", 196_000),
        ("t2", "Ada, Bo", "Dusk", 196_000),
    ]
    stays = sorted(staging.build("stg_spotify__archive_stays"), key=lambda row: row["source_entity_id"])
    assert sorted(pick(stays, "source_entity_id", "added_on_or_before", "removed_on"), key=str) == [
        ("t1", True, date(2020, 1, 1)),
        ("t2", False, None),
        ("t2", False, date(2021, 5, 5)),
    ]
    assert len(staging.build("stg_spotify__archive_tracks")) == 2


def test_a_listening_log(staging: Staging) -> None:
    log = (
        "# Program\n\n### Ada @ Club, Norway 2022-03-21\n\n> 7/10 | ~1h | 12 tracks\n> | [Ada](#)\n"
        "> | https://1001.tl/1aaaa\n\n- Dawn _([Bo](#) Remix)_ - [Ada](#)\n- ID - [ID](#)\n- @54:00\n"
    )
    staging.ingest("mix_listening_log", "log.md", log)
    (found,) = staging.build("stg_listening_log__mix_sets")
    assert pick([found], "set_key", "tracklist_1001_id", "duration_ms", "stated_tracks", "set_type") == [
        ("1aaaa", "1aaaa", 3_600_000, 12, "live")
    ]
    assert pick(staging.build("stg_listening_log__liked_tracks"), "artist_raw", "title_raw") == [
        ("Ada", "Dawn (Bo Remix)")
    ]
    (rating,) = staging.build("stg_listening_log__mix_ratings")
    assert (rating["score"], rating["liked_count"]) == (Decimal("7.0"), 3)


def test_every_measure_of_a_charts_collector_is_read(staging: Staging) -> None:
    told = {
        "chart_id": "techno-100", "track_id": "7", "as_of_week": date(2026, 1, 5), "weeks_on_chart": 3,
        "first_seen_week": date(2025, 12, 1), "last_seen_week": date(2026, 1, 5), "age_weeks": 6,
        "presence_ratio": Decimal("0.5"), "current_streak_weeks": 1, "max_streak_weeks": 2,
        "reentry_count": 1, "segments_count": 2, "best_rank": 4, "best_rank_week": date(2025, 12, 8),
        "avg_rank": Decimal("12.333333"), "rank_stddev": Decimal("1.5"), "top10_weeks": 1, "top25_weeks": 3,
        "last_rank": 20, "prev_rank": 18, "wow_delta": -2, "momentum_4w": Decimal("-0.5"),
        "volatility_4w": None, "durability_score": Decimal("0.75"),
    }  # fmt: skip
    cells = ("" if value is None else str(value) for value in told.values())
    staging.ingest("beatport_charts", "durability.csv", f"{','.join(told)}\n{','.join(cells)}\n")
    (row,) = staging.build("stg_beatport__top_chart_durability")
    named = {"chart_id": "chart_key", "track_id": "source_entity_id"}
    assert {name: row[named.get(name, name)] for name in told} == told
