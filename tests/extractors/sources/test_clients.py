"""What each client asks, how it follows pages, and under which key bronze holds the answer."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from extractors.errors import (
    ClosedError,
    MalformedError,
    NotRecordedError,
    QuotaError,
    RateLimitedError,
    RefusedError,
)
from extractors.files.recorded_api import KINDS
from extractors.http.settings import Mode
from extractors.ingest import ingest
from extractors.sources.musicbrainz.client import escaped
from extractors.sources.registry import SOURCES, source
from lake import bronze
from tests.extractors.http.fakes import FakeClock
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
    "acousticbrainz": (
        lambda c: c.low_level(MBID), f"https://acousticbrainz.org/api/v1/{MBID}/low-level",
        f"{MBID}/low-level",
    ),
    "listenbrainz": (
        lambda c: c.lookup("A & B", "C"), "https://api.listenbrainz.org/1/metadata/lookup/",
        "metadata/lookup?artist_name=A+%26+B&recording_name=C",
    ),
    "soundcharts": (
        lambda c: c.song_by_isrc("GBUM71029604"),
        "https://customer.api.soundcharts.com/api/v2.25/song/by-isrc/GBUM71029604",
        "api/v2.25/song/by-isrc/GBUM71029604",
    ),
    "acoustid": (
        lambda c: c.track(MBID), "https://api.acoustid.org/v2/lookup", f"lookup?trackid={MBID}",
    ),
}  # fmt: skip
"""Per provider a look-up, the address it asks and the key of its answer."""
QUERIES = {
    "lastfm": {"api_key": "lastfm-api-key", "artist": "A & B"},
    "musicbrainz": {"fmt": "json"},
    "acoustid": {"client": "acoustid-client", "trackid": MBID},
}


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
    assert not any(secret in row for row in rows[0] for secret in ("lastfm-api-key", "acoustid-client"))


@pytest.mark.parametrize(
    ("provider", "header"),
    [("spotify", "Bearer the-token-of-now"), ("beatport", "Bearer the-token-of-now"),
     ("discogs", "Discogs token=discogs-token"), ("deezer", None), ("musicbrainz", None),
     ("listenbrainz", "Token listenbrainz-token"), ("acousticbrainz", None)],
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


@pytest.mark.parametrize(
    ("provider", "setting", "ask", "why"),
    [
        ("spotify", "audio_features", lambda c: c.audio_features("x"), "since November 2024"),
        ("acousticbrainz", "api", lambda c: c.low_level(MBID), "ended in 2022"),
    ],
)
def test_what_is_closed_is_not_asked_for_and_the_error_says_why_and_how_to_open_it(
    provider: str, setting: str, ask: Callable[[Any], Any], why: str, tmp_path: Path
) -> None:
    host = Recorder({"error": {"status": 403}}, status=403)
    with (
        opened(provider, tmp_path, host, **{setting: False}) as client,
        pytest.raises(ClosedError, match=why) as caught,
    ):
        ask(client)
    assert f"CRATELAKE_{provider.upper()}_{setting.upper()}=true" in str(caught.value)
    assert host.asked == []
    with opened(provider, tmp_path, host, **{setting: True}) as client, pytest.raises(RefusedError) as caught:
        ask(client)
    assert not isinstance(caught.value, ClosedError)
    assert len(host.asked) == 1


def test_answers_about_what_is_closed_count_for_ever(tmp_path: Path) -> None:
    clock = FakeClock()
    with opened("acousticbrainz", tmp_path, Recorder({"rhythm": 1}), clock=clock, api=True) as client:
        client.low_level(MBID)
    clock.now += 1e9
    with opened("acousticbrainz", tmp_path, Recorder({}), clock=clock, api=False) as client:
        assert client.low_level(MBID).data == {"rhythm": 1}


def test_a_fingerprint_is_posted_and_kept_under_its_hash(tmp_path: Path) -> None:
    posted: list[str] = []

    def host(request: httpx.Request) -> httpx.Response:
        posted.append(request.content.decode())
        assert request.url.params["client"] == "acoustid-client"
        return httpx.Response(200, json={"status": "ok", "results": []})

    with opened("acoustid", tmp_path, host) as client:
        for seconds in (241.2, 240.8, 300):
            client.lookup("AQADtEmU" * 100, seconds)
        for fingerprint, seconds in (("", 10), ("AQAD", 0)):
            with pytest.raises(ValueError, match="fingerprint"):
                client.lookup(fingerprint, seconds)
    assert len(posted) == 2  # 241.2 and 240.8 are the same question
    assert "duration=241" in posted[0]
    assert "AQADtEmU" in posted[0]
    keys = duckdb.sql(
        f"select request_key from {bronze.read_sql(tmp_path / 'bronze', 'acoustid', 'lookup_api')}"
    ).fetchall()
    assert all(len(key) < 100 and "AQAD" not in key for (key,) in keys)


def test_pages_of_listens_lose_none_of_the_second_they_end_in(tmp_path: Path) -> None:
    times = [50, 40, 40, 40, 30, 20, 20]

    def host(request: httpx.Request) -> httpx.Response:
        before = int(request.url.params.get("max_ts", "1000"))
        page = [{"listened_at": at} for at in times if at < before][:3]
        return httpx.Response(200, json={"payload": {"listens": page}})

    with opened("listenbrainz", tmp_path, host) as client:
        pages = [
            [one["listened_at"] for one in page.data["payload"]["listens"]] for page in client.listens("x")
        ]
        assert pages == [[50, 40, 40], [40, 40, 40], [30, 20, 20], [20, 20], []]
        since = [page.data["payload"]["listens"][-1]["listened_at"] for page in client.listens("y", since=35)]
        assert since == [40, 40, 20]


def test_what_is_left_of_soundcharts_quota_decides_between_haste_and_the_end(tmp_path: Path) -> None:
    def says(message: str) -> Recorder:
        return Recorder({"errors": [{"key": "x", "code": 429, "message": message}]}, status=429)

    with opened("soundcharts", tmp_path, says("Quota exceeded")) as client, pytest.raises(QuotaError):
        client.song("x")
    hasty = says("Maximum request count reached.")
    with opened("soundcharts", tmp_path, hasty) as client, pytest.raises(RateLimitedError):
        client.song("y")
    assert len(hasty.asked) > 1


def test_soundcharts_pages_follow_a_path_without_a_host(tmp_path: Path) -> None:
    first = {"items": [1], "page": {"next": "/api/v2.21/artist/u/songs?offset=100&limit=100"}}
    host = Recorder(first, {"items": [2], "page": {"next": None}})
    with opened("soundcharts", tmp_path, host) as client:
        assert len(list(client.artist_songs("u"))) == 2
    assert host.addresses == ["https://customer.api.soundcharts.com/api/v2.21/artist/u/songs"] * 2
    assert host.queries[1] == {"offset": "100", "limit": "100"}
    assert host.asked[0].headers["x-app-id"] == "soundcharts-app"
    assert host.asked[0].headers["x-api-key"] == "soundcharts-key"


BULK = [f"{number:08d}-0000-4000-8000-000000000000" for number in range(26)]


@pytest.mark.parametrize(
    ("provider", "ask"), [("acousticbrainz", "low_levels"), ("listenbrainz", "recordings")]
)
def test_25_recordings_go_into_one_request_and_not_one_more(provider: str, ask: str, tmp_path: Path) -> None:
    host = Recorder({"x": {}})
    with opened(provider, tmp_path, host) as client:
        getattr(client, ask)(BULK[:25])
        getattr(client, ask)(BULK[24::-1])  # in any order the same question
        with pytest.raises(ValueError, match="at most 25"):
            getattr(client, ask)(BULK)
    assert len(host.asked) == 1


def _drained(answered: Any) -> None:
    list(answered) if isinstance(answered, Iterator) else answered


PATHS: list[tuple[str, Callable[[Any], Any], str, dict[str, str]]] = [
    ("spotify", lambda c: c.artist("a"), "v1/artists/a", {}),
    ("spotify", lambda c: c.album("a"), "v1/albums/a", {}),
    ("spotify", lambda c: c.artist_albums("a"), "v1/artists/a/albums", {"limit": "10"}),
    ("spotify", lambda c: c.search_albums("a", "b"), "v1/search", {"q": 'album:"b" artist:"a"'}),
    ("spotify", lambda c: c.search_artists('a"b'), "v1/search", {"type": "artist", "q": 'artist:"a b"'}),
    ("beatport", lambda c: c.charts(genre=5), "v4/catalog/charts/", {"genre_id": "5"}),
    ("beatport", lambda c: c.charts(dj=7), "v4/catalog/charts/", {"dj_id": "7"}),
    ("beatport", lambda c: c.chart_tracks(3), "v4/catalog/charts/3/tracks/", {"per_page": "100"}),
    ("beatport", lambda c: c.top_tracks(5), "v4/catalog/genres/5/top/100/", {}),
    ("beatport", lambda c: c.best_sellers(), "v4/catalog/tracks/top/100/", {}),
    ("beatport", lambda c: c.genres(), "v4/catalog/genres/", {}),
    ("beatport", lambda c: c.sub_genres(5), "v4/catalog/genres/5/sub-genres/", {}),
    ("beatport", lambda c: c.label(9), "v4/catalog/labels/9/", {}),
    ("beatport", lambda c: c.release_tracks(9), "v4/catalog/releases/9/tracks/", {}),
    ("discogs", lambda c: c.marketplace_stats(1), "marketplace/stats/1", {"curr_abbr": "EUR"}),
    ("discogs", lambda c: c.price_suggestions(1), "marketplace/price_suggestions/1", {}),
    ("discogs", lambda c: c.master(1), "masters/1", {}),
    ("discogs", lambda c: c.artist(1), "artists/1", {}),
    ("discogs", lambda c: c.label(1), "labels/1", {}),
    ("musicbrainz", lambda c: c.release(MBID), f"ws/2/release/{MBID}", {"fmt": "json"}),
    ("musicbrainz", lambda c: c.artist(MBID), f"ws/2/artist/{MBID}", {"fmt": "json"}),
    ("musicbrainz", lambda c: c.release_group(MBID), f"ws/2/release-group/{MBID}", {"fmt": "json"}),
    ("musicbrainz", lambda c: c.work(MBID), f"ws/2/work/{MBID}", {"fmt": "json"}),
    ("musicbrainz", lambda c: c.search_artists("AC/DC"), "ws/2/artist", {"query": r'"AC\/DC"'}),
    ("musicbrainz", lambda c: c.releases_of_group(MBID), "ws/2/release", {"release-group": MBID}),
    ("lastfm", lambda c: c.artist("a"), "2.0/", {"method": "artist.getInfo"}),
    ("lastfm", lambda c: c.track_tags("a", "b"), "2.0/", {"method": "track.getTopTags", "track": "b"}),
    ("lastfm", lambda c: c.user_top_tracks("u"), "2.0/", {"method": "user.getTopTracks"}),
    ("lastfm", lambda c: c.tag("t"), "2.0/", {"method": "tag.getInfo", "tag": "t"}),
    ("deezer", lambda c: c.track_by_isrc("X"), "track/isrc:X", {}),
    ("deezer", lambda c: c.album_tracks(1), "album/1/tracks", {}),
    ("deezer", lambda c: c.artist_top(1), "artist/1/top", {}),
    ("deezer", lambda c: c.chart_tracks(106), "chart/106/tracks", {}),
    ("acousticbrainz", lambda c: c.high_level(MBID, 2), f"api/v1/{MBID}/high-level", {"n": "2"}),
    ("listenbrainz", lambda c: c.listens("a/b"), "1/user/a%2Fb/listens", {"count": "1000"}),
    ("listenbrainz", lambda c: c.top_recordings(MBID), f"1/popularity/top-recordings-for-artist/{MBID}", {}),
    ("soundcharts", lambda c: c.song("u"), "api/v2.25/song/u", {}),
    ("soundcharts", lambda c: c.song_by_platform("spotify", "s"), "api/v2.25/song/by-platform/spotify/s", {}),
    ("soundcharts", lambda c: c.artist("u"), "api/v2.9/artist/u", {}),
    ("soundcharts", lambda c: c.charts("spotify"), "api/v2/chart/song/by-platform/spotify", {"limit": "100"}),
    ("soundcharts", lambda c: c.chart_ranking("s"), "api/v2.14/chart/song/s/ranking/latest", {}),
    ("soundcharts", lambda c: c.search_songs("a/b"), "api/v2/song/search/a%2Fb", {"limit": "20"}),
    ("soundcharts", lambda c: c.song_audience("u", "spotify", "2026-03-01", "2026-03-31"),
     "api/v2/song/u/audience/spotify", {"startDate": "2026-03-01", "endDate": "2026-03-31"}),
    ("acoustid", lambda c: c.acoustids(MBID), "v2/track/list_by_mbid", {"mbid": MBID}),
]  # fmt: skip
"""Endpoints of the issue's list, beside the look-ups above: what is asked where."""


@pytest.mark.parametrize(
    ("provider", "ask", "path", "query"), PATHS, ids=[f"{provider}-{path}" for provider, _, path, _ in PATHS]
)
def test_each_endpoint_is_asked_at_its_address(
    provider: str, ask: Callable[[Any], Any], path: str, query: dict[str, str], tmp_path: Path
) -> None:
    host = Recorder({"payload": {"listens": []}, "id": 1})
    with opened(provider, tmp_path, host) as client:
        _drained(ask(client))
    (request,) = host.asked
    assert request.url.raw_path.decode().partition("?")[0] == f"/{path}"
    assert query.items() <= dict(request.url.params).items()


def test_lucene_takes_words_as_they_are() -> None:
    assert escaped('AC/DC (Live) "x" && y?') == r"AC\/DC \(Live\) \"x\" \&\& y\?"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.provider)
def test_recordings_ingested_as_files_answer_in_recorded_mode(kind: Any, tmp_path: Path) -> None:
    bodies = {
        "beatport": {"id": 194481, "name": "x", "mix_name": "y", "artists": []},
        "spotify": {"id": "6rqhFgbbKwnb9MLmUQDhG6", "name": "x", "artists": [], "type": "track"},
        "musicbrainz": {"id": MBID, "title": "x"},
        "discogs": {"id": 249504, "title": "x", "tracklist": []},
        "deezer": {"id": 3135556, "title": "x", "duration": 1, "artist": {}},
        "acousticbrainz": {
            "rhythm": {}, "tonal": {}, "metadata": {"tags": {"musicbrainz_recordingid": [MBID]}},
        },
        "soundcharts": {"type": "song", "object": {"uuid": MBID}},
    }  # fmt: skip
    look_up = CALLS[kind.provider][0] if kind.provider != "soundcharts" else lambda c: c.song(MBID)
    file = tmp_path / f"{kind.streams[0]}.jsonl"
    file.write_text(json.dumps(bodies[kind.provider]) + "\n")
    ingest(kind, [file], tmp_path / "bronze", ingest_date=dt.date(2026, 3, 1))
    host = Recorder({})
    with opened(kind.provider, tmp_path, host, Mode.RECORDED) as client:
        assert look_up(client).data == bodies[kind.provider]
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


@pytest.mark.parametrize(
    ("provider", "host"), [("beatport", "mirror.example"), ("spotify", "accounts.spotify.com")]
)
def test_a_token_is_fetched_at_the_named_address_if_it_lies_below_the_providers(
    provider: str, host: str, tmp_path: Path
) -> None:
    asked: list[httpx.Request] = []

    def answers(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"access_token": "t", "expires_in": 3600, "id": 194481})

    with opened(provider, tmp_path, answers, base_url="https://mirror.example/bp/") as client:
        client.track(SPOTIFY_ID if provider == "spotify" else 194481)
    token, track = asked
    assert (token.method, token.url.host, track.url.host) == ("POST", host, "mirror.example")
    assert track.url.path.startswith("/bp/")
    if provider == "beatport":
        assert str(token.url) == "https://mirror.example/bp/auth/o/token/"
