"""What each client asks, how it follows pages, and under which key bronze holds the answer."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from extractors.errors import MalformedError, NotRecordedError, RateLimitedError, RefusedError
from extractors.files.recorded_api import KINDS
from extractors.http.settings import Mode
from extractors.ingest import ingest
from extractors.sources.musicbrainz.client import escaped
from extractors.sources.registry import SOURCES, source
from lake import bronze
from tests.extractors.sources.opened import Recorder, opened

MBID = "b1a9c0e9-d987-4042-ae91-78d6a3267d69"
SPOTIFY_ID = "6rqhFgbbKwnb9MLmUQDhG6"
CALLS: dict[str, tuple[Callable[[Any], Any], str, str]] = {
    "spotify": (
        lambda c: c.track(SPOTIFY_ID),
        f"https://api.spotify.com/v1/tracks/{SPOTIFY_ID}",
        f"tracks/{SPOTIFY_ID}",
    ),
    "musicbrainz": (
        lambda c: c.recording(MBID), f"https://musicbrainz.org/ws/2/recording/{MBID}", f"recording/{MBID}",
    ),
    "discogs": (lambda c: c.release(249504), "https://api.discogs.com/releases/249504", "releases/249504"),
    "deezer": (lambda c: c.track(3135556), "https://api.deezer.com/track/3135556", "track/3135556"),
    "lastfm": (
        lambda c: c.track("A & B", "C"), "https://ws.audioscrobbler.com/2.0/",
        "track.getInfo?artist=A+%26+B&autocorrect=1&track=C",
    ),
    "beatport": (
        lambda c: c.track(194481), "https://api.beatport.com/v4/catalog/tracks/194481/", "tracks/194481",
    ),
}  # fmt: skip
"""Per provider a look-up, the address it asks and the key of its answer."""
QUERIES = {"lastfm": {"api_key": "lastfm-api-key", "artist": "A & B"}, "musicbrainz": {"fmt": "json"}}


@pytest.mark.parametrize("provider", sorted(SOURCES))
def test_a_look_up_asks_the_right_address_and_lands_under_its_key(provider: str, tmp_path: Path) -> None:
    call, address, key = CALLS[provider]
    body = {"id": 1, "name": "x"}
    host = Recorder(body)
    with opened(provider, tmp_path, host) as client:
        response = call(client)
        assert call(client).from_bronze
    assert response.data == body
    assert host.addresses == [address]
    assert QUERIES.get(provider, {}).items() <= host.queries[0].items()
    source_sql = bronze.read_sql(tmp_path / "bronze", provider)
    rows = duckdb.sql(
        f"select request_key, source_url, payload from {source_sql} where stream <> 'fetches'"
    ).fetchall()
    assert [row[0] for row in rows] == [key]
    assert json.loads(rows[0][2]) == body
    assert rows[0][1].startswith(address)
    assert "api_key" not in rows[0][1]


@pytest.mark.parametrize(
    ("provider", "header"),
    [("spotify", "Bearer the-token-of-now"), ("beatport", "Bearer the-token-of-now"),
     ("discogs", "Discogs token=discogs-token"), ("deezer", None), ("musicbrainz", None)],
)  # fmt: skip
def test_each_provider_is_told_who_we_are_in_its_way(
    provider: str, header: str | None, tmp_path: Path
) -> None:
    host = Recorder({"id": 1})
    with opened(provider, tmp_path, host) as client:
        CALLS[provider][0](client)
    assert host.asked[0].headers.get("authorization") == header
    assert "me@example.org" in host.asked[0].headers["user-agent"]


def test_pages_are_followed_by_the_query_of_their_link_alone(tmp_path: Path) -> None:
    evil = "https://elsewhere.example/steal?index=25"
    host = Recorder({"data": [1], "next": evil}, {"data": [2], "prev": "x"})
    with opened("deezer", tmp_path, host) as client:
        assert [page.data["data"] for page in client.artist_albums(27)] == [[1], [2]]
    assert host.addresses == ["https://api.deezer.com/artist/27/albums"] * 2
    assert host.queries == [{}, {"index": "25"}]


def test_beatports_link_without_a_scheme_is_followed(tmp_path: Path) -> None:
    first = {"results": [1], "next": "api.beatport.com/v4/catalog/tracks/?isrc=X&page=2", "count": 2}
    host = Recorder(first, {"results": [2], "next": None, "count": 2})
    with opened("beatport", tmp_path, host) as client:
        assert len(list(client.tracks_by_isrc("X", most_pages=5))) == 2
    assert host.queries[1] == {"isrc": "X", "per_page": "100", "page": "2"}


def test_musicbrainz_pages_by_offset_until_all_are_listed(tmp_path: Path) -> None:
    host = Recorder(
        {"recording-count": 3, "recording-offset": 0, "recordings": [{}, {}]},
        {"recording-count": 3, "recording-offset": 2, "recordings": [{}]},
    )
    with opened("musicbrainz", tmp_path, host) as client:
        assert len(list(client.recordings_of_artist(MBID))) == 2
    assert [query["offset"] for query in host.queries] == ["0", "2"]


def test_lastfm_pages_by_number(tmp_path: Path) -> None:
    pages = [{"recenttracks": {"track": [], "@attr": {"totalPages": "2", "page": str(n)}}} for n in (1, 2)]
    host = Recorder(*pages)
    with opened("lastfm", tmp_path, host) as client:
        assert len(list(client.recent_tracks("someone", since=5))) == 2
    assert [query.get("page") for query in host.queries] == [None, "2"]
    assert host.queries[0]["from"] == "5"


def test_pages_that_lead_in_a_circle_end_in_an_error_and_most_bounds_them(tmp_path: Path) -> None:
    host = Recorder({"data": [], "next": "https://api.deezer.com/x?index=1"})
    with opened("deezer", tmp_path, host) as client:
        with pytest.raises(MalformedError, match="circle"):
            list(client.artist_albums(1))
        assert len(list(client.artist_albums(2, most_pages=1))) == 1


def test_one_budget_covers_all_requests_about_a_track(tmp_path: Path) -> None:
    host = Recorder({"error": {"code": 4, "message": "Quota limit exceeded"}})
    with opened("deezer", tmp_path, host) as client:
        began = client.clock.now
        track = client.for_one_track()
        for _ in range(5):
            with pytest.raises(Exception, match=r"Asking again later can help"):
                track.track(1)
        assert client.clock.now - began <= 30


def test_deezer_says_so_in_the_body(tmp_path: Path) -> None:
    nothing = Recorder({"error": {"type": "DataException", "message": "no data", "code": 800}})
    with opened("deezer", tmp_path, nothing) as client:
        assert not client.track(1).found
        assert not client.track(1).found
    assert len(nothing.asked) == 1
    too_fast = Recorder({"error": {"type": "Exception", "message": "Quota limit exceeded", "code": 4}})
    with opened("deezer", tmp_path, too_fast) as client, pytest.raises(RateLimitedError):
        client.track(2)
    assert len(too_fast.asked) == 4


def test_a_page_of_html_is_no_answer_whatever_its_status(tmp_path: Path) -> None:
    for provider, status in [("discogs", 404), ("spotify", 200), ("deezer", 404)]:

        def host(request: httpx.Request, status: int = status) -> httpx.Response:
            if request.method == "POST":
                return httpx.Response(200, json={"access_token": "the-token-of-now"})
            return httpx.Response(status, text="<html>gateway</html>")

        with (
            opened(provider, tmp_path / provider, host) as client,
            pytest.raises(MalformedError, match="no JSON"),
        ):
            CALLS[provider][0](client)


def test_spotifys_closed_audio_features_say_why(tmp_path: Path) -> None:
    host = Recorder({"error": {"status": 403}}, status=403)
    with (
        opened("spotify", tmp_path, host) as client,
        pytest.raises(RefusedError, match="since November 2024"),
    ):
        client.audio_features("x")


def test_lucene_takes_words_as_they_are() -> None:
    assert escaped('AC/DC (Live) "x" && y?') == r"AC\/DC \(Live\) \"x\" \&\& y\?"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.provider)
def test_recordings_ingested_as_files_answer_in_recorded_mode(kind: Any, tmp_path: Path) -> None:
    bodies = {
        "beatport": {"id": 194481, "name": "x", "mix_name": "y", "artists": []},
        "spotify": {"id": "6rqhFgbbKwnb9MLmUQDhG6", "name": "x", "artists": [], "type": "track"},
        "musicbrainz": {"id": MBID, "title": "x"},
        "discogs": {"id": 249504, "title": "x", "tracklist": []},
    }
    file = tmp_path / f"{kind.streams[0]}.jsonl"
    file.write_text(json.dumps(bodies[kind.provider]) + "\n")
    ingest(kind, [file], tmp_path / "bronze", ingest_date=dt.date(2026, 3, 1))
    host = Recorder({})
    with opened(kind.provider, tmp_path, host, Mode.RECORDED) as client:
        assert CALLS[kind.provider][0](client).data == bodies[kind.provider]
        with pytest.raises(NotRecordedError):
            client.ask(client.request(kind.streams[0], "something/else"))
    assert host.asked == []


@pytest.mark.parametrize("provider", sorted(SOURCES))
def test_the_sandbox_is_asked_in_sandbox_mode_without_credentials(provider: str, tmp_path: Path) -> None:
    host = Recorder({"id": 1})
    one = source(provider)
    with opened(provider, tmp_path, host, Mode.SANDBOX) as client:
        CALLS[provider][0](client)
    assert host.addresses[0].startswith(f"http://127.0.0.1:8700/{provider}/")
    assert one.licence
