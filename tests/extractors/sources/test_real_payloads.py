"""Every recorded payload of the providers goes through judge and shape; error bodies are named errors."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.errors import (
    CredentialsError,
    FetchError,
    QuotaError,
    RateLimitedError,
    RefusedError,
    SourceError,
    UnavailableError,
)
from extractors.sources.registry import SOURCES, source
from extractors.sources.source import AUTO

pytestmark = pytest.mark.real

STREAMS = {
    "spotify/album/2js3lkzAjWpD656NK7ZaJX_tracks_offset50": "album_tracks_api",
    "spotify/album/": "albums_api",
    "spotify/artist/7Ln80lUS6He07XvHI8qqHH_albums": "artist_albums_api",
    "spotify/artist/": "artists_api",
    "spotify/audio_features/php_several": "several_features_api",
    "spotify/audio_features/": "audio_features_api",
    "spotify/search/artist_": "artist_search_api",
    "spotify/search/php_album": "album_search_api",
    "spotify/search/": "search_api",
    "spotify/track/several_2": "several_tracks_api",
    "spotify/track/go_several_notfound": "several_tracks_api",
    "spotify/track/": "tracks_api",
    "musicbrainz/artist/": "artists_api",
    "musicbrainz/browse/": "recording_browse_api",
    "musicbrainz/isrc/": "isrcs_api",
    "musicbrainz/recording/": "recordings_api",
    "musicbrainz/release/": "releases_api",
    "musicbrainz/release_group/picard_browse": "release_browse_api",
    "musicbrainz/release_group/": "release_groups_api",
    "musicbrainz/search/artist": "artist_search_api",
    "musicbrainz/search/recording": "recording_search_api",
    "musicbrainz/search/release": "release_search_api",
    "musicbrainz/work/": "works_api",
    "discogs/artist/1_releases": "release_lists_api",
    "discogs/artist/valid_artist_releases": "release_lists_api",
    "discogs/artist/": "artists_api",
    "discogs/label/valid_label_releases": "release_lists_api",
    "discogs/label/": "labels_api",
    "discogs/marketplace/price": "price_suggestions_api",
    "discogs/marketplace/": "marketplace_stats_api",
    "discogs/master/4242_versions": "version_lists_api",
    "discogs/master/valid_master_versions": "version_lists_api",
    "discogs/master/": "masters_api",
    "discogs/release/": "releases_api",
    "discogs/search/": "search_api",
    "deezer/album/302127_tracks": "search_api",
    "deezer/album/": "albums_api",
    "deezer/artist/27_albums": "album_lists_api",
    "deezer/artist/nd_related": "artist_lists_api",
    "deezer/artist/nd_top": "search_api",
    "deezer/artist/": "artists_api",
    "deezer/chart/0_artists": "artist_lists_api",
    "deezer/chart/0_tracks": "search_api",
    "deezer/genre/": "genres_api",
    "deezer/search/artist.": "artist_lists_api",
    "deezer/search/": "search_api",
    "deezer/track/": "tracks_api",
    "lastfm/json/album.getInfo": "album_info_api",
    "lastfm/json/nd_album.getinfo": "album_info_api",
    "lastfm/json/artist.getInfo": "artist_info_api",
    "lastfm/json/nd_artist.getinfo": "artist_info_api",
    "lastfm/json/track.getInfo": "track_info_api",
    "lastfm/json/tag.getInfo": "tag_info_api",
    "lastfm/json/album.search": "album_search_api",
    "lastfm/json/artist.search": "artist_search_api",
    "lastfm/json/track.search": "search_api",
    "lastfm/json/user.getRecentTracks": "recent_tracks_api",
    "lastfm/json/track.getTopTags": "track_tags_api",
    "lastfm/json/chart.getTopTracks": "tag_tracks_api",
    "lastfm/json/tag.getTopTracks": "tag_tracks_api",
    "acousticbrainz/high-level/": "high_level_api",
    "acousticbrainz/low-level/select": "low_level_bulk_api",
    "acousticbrainz/low-level/": "low_level_api",
    "listenbrainz/listens_page": "listens_api",
    "listenbrainz/listens_": "listen_exports_api",
    "listenbrainz/metadata_lookup": "lookup_api",
    "listenbrainz/metadata_recording": "recordings_api",
    "listenbrainz/metadata_release_group": "release_groups_api",
    "listenbrainz/playing_now": "playing_now_api",
    "listenbrainz/popularity": "top_recordings_api",
    "listenbrainz/stats_user_artists": "user_artists_api",
    "listenbrainz/stats_user_recordings": "user_recordings_api",
    "soundcharts/artist/albums": "artist_albums_api",
    "soundcharts/artist/by_country": "artist_lists_api",
    "soundcharts/artist/by_platform": "artists_api",
    "soundcharts/artist/identifiers": "song_identifiers_api",
    "soundcharts/artist/related": "artist_lists_api",
    "soundcharts/artist/songs": "artist_songs_api",
    "soundcharts/artist/": "song_audience_api",
    "soundcharts/song/identifiers": "song_identifiers_api",
    "soundcharts/song/song_by": "songs_api",
    "soundcharts/song/spotify_stream": "song_audience_api",
    "soundcharts/playlist/audience": "song_audience_api",
    "soundcharts/playlist/by_type": "playlist_lists_api",
    "soundcharts/playlist/by_uuid": "playlists_api",
    "acoustid/lookup": "lookup_api",
    "acoustid/recording": "recordings_api",
    "beatport/list_empty": "tracks_list_api",
    "beatport/releases_list": "releases_list_api",
    "beatport/track_": "tracks_api",
    "beatport/tracks_list": "tracks_list_api",
}
"""Where each payload belongs, by the start of its place, the first that fits; others by their shape."""
NO_PAYLOADS = {
    "spotify/audio_analysis_cut.json": "never asked for",
    "spotify/genre_seeds.json": "never asked for",
    "spotify/token.json": "of the token endpoint",
    "musicbrainz/fragment/picard_media_pregap.json": "a piece of a release",
    "musicbrainz/fragment/picard_track.json": "a piece of a release",
    "musicbrainz/artist/picard_null_fields.json": "emptied by those who recorded it",
    "musicbrainz/recording/picard_null_fields.json": "emptied by those who recorded it",
    "musicbrainz/release/picard_null_fields.json": "emptied by those who recorded it",
    "musicbrainz/label/picard_label_info.json": "a piece of a release list",
    "acousticbrainz/high-level/0dad432b-16cc-4bf0-8961-fd31d124b01b_models.json": "a piece of an answer",
    "listenbrainz/metadata_lookup_release.json": "MusicBrainz' answer, not theirs",
    "listenbrainz/submit_listens_ok.json": "never asked for",
    **{
        f"listenbrainz/mapping/{name}.json": "cases made of listens, which a test of their own reads"
        for name in (
            "artistProperHasJoinerInName",
            "multiArtistInArtistName",
            "multiArtistsInTrackName_wrong",
            "noArtistMapping",
            "veryWrong_wrong",
        )
    },
}
"""Recordings that are no whole answers, or answers to requests that we do not make."""
EMPTY = ("empty", "doesn", "unknown", "no_hit", "no_tags", "tag.getSimilar_ok")
"""Names of recordings that list nothing."""


OTHERS_TOKENS = {"listenbrainz/validate_token_invalid.json": CredentialsError}
"""Recordings that say with HTTP 200 that something is wrong, outside the folders of errors."""


def recordings(shared_data: Path, provider: str) -> Iterator[tuple[str, Path]]:
    folder = shared_data / "payloads"
    for file in sorted((folder / provider).rglob("*.json")):
        place = file.relative_to(folder).as_posix()
        if "documented" not in file.parts and "errors" not in file.parts and ".headers." not in place:
            yield place, file


@pytest.mark.parametrize("provider", sorted(SOURCES))
def test_each_recording_is_read_as_what_it_is(shared_data: Path, provider: str) -> None:
    seen = 0
    for place, file in recordings(shared_data, provider):
        if place in NO_PAYLOADS or place in OTHERS_TOKENS:
            continue
        seen += 1
        wanted = next((stream for start, stream in STREAMS.items() if place.startswith(start)), None)
        by_shape, _ = source(provider).parse(AUTO, file.read_text(), place)
        if "empty" not in place:  # an empty list is a list of anything
            assert wanted in {by_shape.name, None}, place
        stream, payload = source(provider).parse(wanted or by_shape.name, file.read_text(), place)
        rows = payload.rows()
        assert all(row.model_dump_json() for row in rows), (place, stream.name)
        assert rows or any(word in place for word in EMPTY), place
    assert seen > 2


@pytest.mark.parametrize(("place", "why"), NO_PAYLOADS.items())
def test_what_is_no_payload_of_ours_is_refused_with_the_reason(
    shared_data: Path, place: str, why: str
) -> None:
    text = (shared_data / "payloads" / place).read_text()
    with pytest.raises(SourceError, match=r"this is (no|none of the) answers? of "):
        source(place.partition("/")[0]).parse(AUTO, text, place)


ERRORS: dict[str, type[Exception]] = {
    "spotify/errors/401_token_expired.json": CredentialsError,
    "spotify/documented/errors/400_invalid_id.json": RefusedError,
    "spotify/documented/errors/403_forbidden_audio_features.json": RefusedError,
    "spotify/documented/errors/404_not_found.json": SourceError,
    "spotify/documented/errors/429_quota_exceeded.json": QuotaError,
    "spotify/documented/errors/429_rate_limited.json": RateLimitedError,
    "spotify/documented/errors/token_400_invalid_client.json": RefusedError,
    "musicbrainz/errors/404_isrc_unknown.json": SourceError,
    "musicbrainz/errors/503_rate_limited.json": RateLimitedError,
    "musicbrainz/documented/errors/400_invalid_mbid.json": RefusedError,
    "discogs/errors/401_invalid_token.json": CredentialsError,
    "discogs/errors/401_search_needs_auth.json": CredentialsError,
    "discogs/errors/404_release_not_found.json": SourceError,
    "discogs/errors/404_resource_not_found.json": SourceError,
    "discogs/errors/429_too_quickly.json": RateLimitedError,
    "deezer/errors/200_episode.json": RefusedError,
    "deezer/errors/200_quota.json": RateLimitedError,
    "deezer/errors/200_track_no_data.json": SourceError,
    "deezer/errors/404_unknown_path.json": SourceError,
    "lastfm/documented/errors/403_invalid_key_10.json": CredentialsError,
    "lastfm/documented/errors/429_rate_limit_29.json": RateLimitedError,
    "lastfm/errors/geo.getTopArtists_200_of_a_country_that_doesn_t_exist.json": RefusedError,
    "lastfm/errors/user.getPersonalTags_200_of_a_tag_that_does_not_exist.json": RefusedError,
    "lastfm/errors/user.getRecentTracks_403_of_user_with_hide_recent_listening_informatio.json": RefusedError,
    "lastfm/errors/": SourceError,
    "acousticbrainz/documented/errors/404_not_found.json": SourceError,
    "acousticbrainz/documented/errors/": RefusedError,
    "listenbrainz/errors/429.json": RateLimitedError,
    "listenbrainz/documented/errors/400_bad_timestamp.json": RefusedError,
    "listenbrainz/documented/errors/401_invalid_token.json": CredentialsError,
    "listenbrainz/documented/errors/404_user.json": SourceError,
    "soundcharts/errors/404_not_found.json": SourceError,
    "soundcharts/errors/platform_report_spotify_1.json": RefusedError,
    "soundcharts/documented/errors/401_access.json": CredentialsError,
    "soundcharts/documented/errors/403_plan.json": RefusedError,
    "soundcharts/documented/errors/429_request_count.json": RateLimitedError,
    "acoustid/errors/400_invalid_key.json": CredentialsError,
    "acoustid/documented/errors/429_too_many_requests.json": RateLimitedError,
    "acoustid/documented/errors/503_unavailable.json": UnavailableError,
    "acoustid/documented/errors/": RefusedError,
    "beatport/errors/400_unauthorized_client.json": RefusedError,
    "beatport/errors/401_invalid_client.json": CredentialsError,
    "beatport/documented/errors/401_not_authenticated.json": CredentialsError,
    "beatport/documented/errors/403_permission.json": RefusedError,
    "beatport/documented/errors/404_not_found.json": SourceError,
}
"""What each error body means; a `SourceError` says that there is no such thing."""


def _status(file: Path) -> int:
    return next((int(part) for part in file.stem.split("_") if part.isdigit() and len(part) == 3), 200)


@pytest.mark.parametrize(("place", "error"), OTHERS_TOKENS.items())
def test_a_refused_token_is_no_answer(shared_data: Path, place: str, error: type[FetchError]) -> None:
    with pytest.raises(error):
        source(place.partition("/")[0]).parse(AUTO, (shared_data / "payloads" / place).read_text(), place)


def test_listens_whose_mapping_is_wrong_are_read_all_the_same(shared_data: Path) -> None:
    cases = [
        case["data"]
        for file in sorted((shared_data / "payloads/listenbrainz/mapping").glob("*.json"))
        for case in json.loads(file.read_text())
    ]
    _, payload = source("listenbrainz").parse("listen_exports_api", json.dumps(cases))
    assert len(payload.rows()) == len(cases) > 10


SUBMITTED: dict[str, str | None] = {
    "listenbrainz_valid_single": None,
    "listenbrainz_valid_duration": None,
    "listenbrainz_same_timestamp_diff_track_valid_single": None,
    "listenbrainz_invalid_listen_null_track_metadata": "track_metadata",
    "listenbrainz_invalid_release_name": "release_name",
    "listenbrainz_invalid_recording_mbid": "recording_mbid",
    "listenbrainz_invalid_release_mbid": "release_mbid",
}
"""Listens as clients submit them, and the field for which they are refused."""


@pytest.mark.parametrize(("name", "refused"), SUBMITTED.items())
def test_submitted_listens_are_read_or_refused_by_field(
    shared_data: Path, name: str, refused: str | None
) -> None:
    listens = json.loads((shared_data / "api_payloads" / f"{name}.json").read_text())["payload"]
    text = json.dumps(listens)
    if refused is None:
        _, payload = source("listenbrainz").parse("listen_exports_api", text, name)
        assert len(payload.rows()) == len(listens)
    else:
        with pytest.raises(SourceError, match=refused):
            source("listenbrainz").parse("listen_exports_api", text, name)


@pytest.mark.parametrize("provider", sorted(SOURCES))
def test_each_error_body_is_the_error_that_it_means(shared_data: Path, provider: str) -> None:
    folder = shared_data / "payloads"
    seen = 0
    for file in sorted((folder / provider).glob("**/errors/*.json")):
        place = file.relative_to(folder).as_posix()
        if ".headers." in place:
            continue
        seen += 1
        expected = next(error for start, error in ERRORS.items() if place.startswith(start))
        text = file.read_text()
        with pytest.raises((FetchError, SourceError)) as caught:
            source(provider).parse(AUTO, text, place, status=_status(file))
        assert type(caught.value) is expected, place
        # a body whose status nobody kept is never taken for an answer either
        with pytest.raises((FetchError, SourceError)):
            source(provider).parse(AUTO, text, place)
        assert json.loads(text)
    assert seen
