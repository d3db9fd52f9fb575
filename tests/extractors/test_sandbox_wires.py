"""How each provider of the sandbox speaks: its envelopes, pages, headers, and its "no such thing"."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import httpx
import pytest

from extractors.errors import RefusedError
from extractors.sandbox.delivery import deliver
from extractors.sandbox.server.wires import WIRES
from extractors.sandbox.world import WorldSpec
from extractors.sources.registry import source
from lake import bronze
from tests.extractors.sandbox_server import (
    LOOK_UPS,
    SPEED,
    Server,
    ask,
    asked_of,
    client,
    number_of,
    running,
    told,
)


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sandbox")
    deliver(WorldSpec(tracks=150, sets=5, seed=1), folder)
    return folder


@pytest.fixture(scope="module")
def server(delivery: Path) -> Iterator[Server]:
    with running(delivery, SPEED) as one:
        yield one


@pytest.mark.parametrize("provider", WIRES)
def test_each_answer_is_read_as_its_stream(
    provider: str, server: Server, delivery: Path, tmp_path: Path
) -> None:
    with client(provider, server, tmp_path) as opened:
        for payload in asked_of(provider, delivery, 5):
            ask(provider, opened, payload)
    streams = {stream.name for stream in source(provider).streams}
    query = f"select stream, payload from {bronze.read_sql(tmp_path / 'bronze', provider)}"
    answers = [row for row in duckdb.sql(query).fetchall() if row[0] in streams]
    assert len(answers) == 5
    for stream, payload in answers:
        _, read = source(provider).parse(stream, payload)
        assert len(read.rows()) == 1


def test_what_nobody_has_is_not_found_in_each_providers_way(server: Server, tmp_path: Path) -> None:
    with client("lastfm", server, tmp_path) as lastfm:
        assert not lastfm.track("Nobody", "No such thing").found
        assert not next(lastfm.recent_tracks("nobody")).found
    with client("listenbrainz", server, tmp_path) as listenbrainz:
        assert not listenbrainz.lookup("Nobody", "No such thing").found
        assert not next(listenbrainz.listens("nobody")).found
    with client("deezer", server, tmp_path) as deezer:
        assert not deezer.track_by_isrc("QZZZZ0000000").found
    with client("soundcharts", server, tmp_path) as soundcharts:
        assert not soundcharts.song_by_isrc("QZZZZ0000000").found
    with client("acoustid", server, tmp_path) as acoustid:
        assert acoustid.lookup("AQADnobody", 200).data["results"] == []
        with pytest.raises(RefusedError, match=r"invalid fingerprint \(code 3\)"):
            acoustid.lookup("nonsense", 200)


def test_pages_bring_everything_once(server: Server, delivery: Path, tmp_path: Path) -> None:
    listens = [
        one for one in told(delivery, "listenbrainz", "listens_api") if one["user_name"] == "listener-2"
    ]
    with client("listenbrainz", server, tmp_path) as listenbrainz:
        pages = list(listenbrainz.listens("listener-2"))
    heard = [one["recording_msid"] for page in pages for one in page.data["payload"]["listens"]]
    assert set(heard) == {one["recording_msid"] for one in listens}
    with client("lastfm", server, tmp_path) as lastfm:
        tracks = [
            track["date"]["uts"]
            for page in lastfm.recent_tracks("listener-2")
            for track in page.data["recenttracks"]["track"]
        ]
    assert sorted(tracks) == sorted(str(one["listened_at"]) for one in listens)
    with client("deezer", server, tmp_path) as deezer:
        charted = [track["id"] for page in deezer.chart_tracks(106) for track in page.data["data"]]
    assert len(set(charted)) == len(charted) == 100
    with client("soundcharts", server, tmp_path) as soundcharts:
        (chart,) = next(soundcharts.charts("spotify")).data["items"]
        ranking = [one for page in soundcharts.chart_ranking(chart["slug"]) for one in page.data["items"]]
    assert [one["position"] for one in ranking] == list(range(1, len(ranking) + 1))


def test_beatports_charts_lead_to_their_tracks(server: Server, delivery: Path, tmp_path: Path) -> None:
    chart = told(delivery, "beatport", "charts_api")[0]
    with client("beatport", server, tmp_path) as beatport:
        listed = [one["id"] for page in beatport.chart_tracks(chart["id"]) for one in page.data["results"]]
        assert listed == chart["track_ids"]
        assert not next(beatport.chart_tracks(1)).found


def test_lists_are_xml_in_jsons_clothing_at_lastfm(server: Server, delivery: Path, tmp_path: Path) -> None:
    shapes = set()
    with client("lastfm", server, tmp_path) as lastfm:
        for payload in asked_of("lastfm", delivery, 100):
            answer = ask("lastfm", lastfm, payload)
            tags = answer.data["track"]["toptags"]
            shapes.add(type(tags["tag"]) if tags else str)
            _, read = source("lastfm").parse("track_info_api", answer.body)
            assert read.rows()
        track = asked_of("lastfm", delivery, 1)[0]["track"]
        (found,) = [
            hit for hit in lastfm.search_tracks(track["artist"]["name"], track["name"]).data["results"][
                "trackmatches"]["track"] if hit["url"] == track["url"]
        ]  # fmt: skip
        tagged = lastfm.track_tags(track["artist"]["name"], track["name"]).data["toptags"]["tag"]
    assert {list, dict} <= shapes
    assert found["artist"] == track["artist"]["name"]
    assert tagged[0]["count"] == 100


def test_one_recording_is_found_from_one_service_to_the_next(
    server: Server, delivery: Path, tmp_path: Path
) -> None:
    result = told(delivery, "acoustid", "lookup_api")[0]
    mbid = result["recordings"][0]["id"]
    with client("acoustid", server, tmp_path) as acoustid:
        (found,) = acoustid.lookup(result["fingerprint"], 200).data["results"]
        assert (found["id"], found["recordings"][0]["id"]) == (result["id"], mbid)
        assert "fingerprint" not in found
        assert acoustid.acoustids(mbid).data["tracks"] == [{"id": result["id"]}]
    measured = {number_of("acousticbrainz", one) for one in asked_of("acousticbrainz", delivery, 1000)}
    both = sorted(measured & {one["mbid"] for one in asked_of("listenbrainz", delivery, 1000)})[:3]
    with client("acousticbrainz", server, tmp_path) as acousticbrainz:
        assert set(acousticbrainz.low_levels(both).data) == {*both, "mbid_mapping"}
        assert acousticbrainz.high_level(both[0]).data["highlevel"]["danceability"]["value"]
        assert not acousticbrainz.low_level(both[0], submission=1).found
    with client("listenbrainz", server, tmp_path) as listenbrainz:
        recordings = listenbrainz.recordings([*both, "unknown"]).data
        assert set(recordings) == set(both)
        one = recordings[both[0]]
        named = listenbrainz.lookup(one["artist"]["name"], one["recording"]["name"]).data
        assert named["recording_name"] == one["recording"]["name"]


def test_a_song_leads_to_its_ids_its_artist_and_their_audience(
    server: Server, delivery: Path, tmp_path: Path
) -> None:
    songs = asked_of("soundcharts", delivery, 50)
    song = next(one["object"] for one in songs if one["object"]["isrc"])
    artist = song["artists"][0]
    with client("soundcharts", server, tmp_path) as soundcharts:
        ids = {
            one["platformCode"]: one["identifier"]
            for one in soundcharts.song_identifiers(song["uuid"]).data["items"]
        }
        for platform, identifier in ids.items():
            found = soundcharts.song_by_platform(platform, identifier).data["object"]
            assert found["isrc"] == song["isrc"]
        assert soundcharts.artist(artist["uuid"]).data["object"]["uuid"] == artist["uuid"]
        series = soundcharts.artist_audience(artist["uuid"], "spotify", "2026-03-01", "2026-03-31").data
        longer = soundcharts.song_audience(song["uuid"], "spotify", "2026-03-31", "2026-04-01").data
        with pytest.raises(RefusedError, match="At most 90 days"):
            soundcharts.song_audience(song["uuid"], "spotify", "2026-01-01", "2026-12-31")
    values = [day["plots"][0]["value"] for day in series["items"]]
    assert len(values) == 31
    assert values == sorted(values)
    assert len(longer["items"]) == 2


HEADERS = {
    "discogs": {"x-discogs-ratelimit", "x-discogs-ratelimit-remaining", "x-discogs-ratelimit-used"},
    "musicbrainz": {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"},
    "listenbrainz": {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset-in"},
    "acousticbrainz": {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset-in"},
    "soundcharts": {"x-quota-remaining"},
    "deezer": set(),
    "lastfm": set(),
}
PATHS = {
    "discogs": "releases/{}",
    "musicbrainz": "ws/2/recording/{}",
    "deezer": "track/{}",
    "acousticbrainz": "api/v1/{}/low-level",
    "soundcharts": "api/v2.25/song/{}",
    "lastfm": "2.0/?method=chart.getTopTracks&api_key=k&format=json",
    "listenbrainz": "1/user/listener-1/listens",
}


@pytest.mark.parametrize(("provider", "names"), HEADERS.items())
def test_each_provider_tells_its_limit_in_its_own_headers(
    provider: str, names: set[str], server: Server, delivery: Path
) -> None:
    (payload,) = asked_of(provider, delivery, 1)
    path = PATHS[provider].format(number_of(provider, payload) if provider in LOOK_UPS else "")
    agent = {"user-agent": "x ( y )", "x-app-id": "a", "x-api-key": "b"}
    response = httpx.get(f"{server.address}/{provider}/{path}", headers=agent, trust_env=False)
    assert response.status_code == 200
    told_in = {name for name in response.headers if "ratelimit" in name or "quota" in name}
    assert names <= told_in
    assert names or not told_in


def test_what_the_sandbox_does_not_serve_is_refused_and_never_not_found(
    server: Server, tmp_path: Path
) -> None:
    with client("spotify", server, tmp_path) as spotify, pytest.raises(RefusedError, match="does not serve"):
        next(spotify.search_albums("x", "y"))
    with client("musicbrainz", server, tmp_path) as one, pytest.raises(RefusedError, match="does not serve"):
        next(one.search_releases("x", "y"))


def test_albums_and_artists_of_spotify_are_what_its_tracks_say(
    server: Server, delivery: Path, tmp_path: Path
) -> None:
    tracks = told(delivery, "spotify", "tracks_api")
    album, artist = tracks[0]["album"], tracks[0]["artists"][0]
    on_album = [one["id"] for one in tracks if one["album"]["id"] == album["id"]]
    by_artist = [one for one in tracks if artist["id"] in {person["id"] for person in one["artists"]}]
    with client("spotify", server, tmp_path) as spotify:
        whole = spotify.album(album["id"]).data
        assert (whole["name"], whole["total_tracks"]) == (album["name"], len(on_album))
        pages = list(spotify.album_tracks(album["id"]))
        assert [one["id"] for page in pages for one in page.data["items"]] == on_album
        assert spotify.artist(artist["id"]).data["name"] == artist["name"]
        albums = [one["id"] for page in spotify.artist_albums(artist["id"]) for one in page.data["items"]]
        assert albums == list(dict.fromkeys(one["album"]["id"] for one in by_artist))
        assert not spotify.album("0" * 22).found
        assert not spotify.artist("0" * 22).found


def test_releases_artists_and_works_of_musicbrainz_are_what_its_recordings_say(
    server: Server, delivery: Path, tmp_path: Path
) -> None:
    recordings = told(delivery, "musicbrainz", "recordings_api")
    release, artist = recordings[0]["releases"][0], recordings[0]["artist-credit"][0]["artist"]
    group, work = release["release-group"], recordings[0]["relations"][0]["work"]
    on_release = [one["id"] for one in recordings if release["id"] in {r["id"] for r in one["releases"]}]
    with client("musicbrainz", server, tmp_path) as musicbrainz:
        whole = musicbrainz.release(release["id"]).data
        assert whole["title"] == release["title"]
        assert [one["recording"]["id"] for one in whole["media"][0]["tracks"]] == on_release
        assert musicbrainz.release_group(group["id"]).data["title"] == group["title"]
        (page,) = musicbrainz.releases_of_group(group["id"])
        assert release["id"] in {one["id"] for one in page.data["releases"]}
        assert musicbrainz.artist(artist["id"]).data["name"] == artist["name"]
        credited = [
            one["id"]
            for page in musicbrainz.recordings_of_artist(artist["id"])
            for one in page.data["recordings"]
        ]
        assert recordings[0]["id"] in credited
        assert len(credited) == len(set(credited))
        assert musicbrainz.work(work["id"]).data["title"] == work["title"]
        assert not musicbrainz.release("00000000-0000-0000-0000-000000000000").found
