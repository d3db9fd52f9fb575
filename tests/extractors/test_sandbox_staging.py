"""Staging of API answers: every provider's shape comes out in the one common shape of track views."""

import json
from pathlib import Path

import pytest

from tests.extractors.staging_sql import columns, filled, rows

BEATPORT = "stg_beatport__api_tracks"
SPOTIFY = "stg_spotify__api_tracks"
FEATURES = "stg_spotify__audio_features_tracks"
MUSICBRAINZ = "stg_musicbrainz__api_tracks"
DISCOGS = "stg_discogs__api_tracks"
HITS = {
    "stg_spotify__search_tracks": ("tracks", "items"),
    "stg_beatport__list_tracks": ("results",),
    "stg_beatport__chart_tracks": ("results",),
    "stg_musicbrainz__search_tracks": ("recordings",),
    "stg_musicbrainz__isrc_tracks": ("recordings",),
}
"""Models of lists -> where their hits stand."""
MODELS = (BEATPORT, SPOTIFY, FEATURES, MUSICBRAINZ, DISCOGS, *HITS)
TEXTS = (
    *(
        "source_url",
        "source_entity_id",
        "artist_raw",
        "title_raw",
        "mix_name_raw",
        "remixer_raw",
        "album_raw",
    ),
    *("label_raw", "catalog_number", "track_position", "formats_raw", "isrc_raw", "iswc_raw"),
    *("spotify_id", "beatport_id"),
    *("discogs_release_id", "musicbrainz_id", "track_1001_id", "youtube_id", "deezer_id", "apple_id"),
    *("bpm_raw", "key_raw", "genre_raw", "subgenre_raw", "release_date_raw"),
)
SHARES = (
    *("energy", "danceability", "valence", "acousticness", "instrumentalness", "liveness", "speechiness"),
    "loudness",
)
COMMON = [
    ("ingest_date", "DATE"),
    *((name, "VARCHAR") for name in ("bronze_id", "provider", "stream")),
    ("fetched_at", "TIMESTAMP WITH TIME ZONE"),
    *((name, "VARCHAR") for name in TEXTS),
    ("duration_ms", "BIGINT"),
    *((name, "DOUBLE") for name in SHARES),
    ("popularity", "INTEGER"),
    ("confidence", "JSON"),
]


@pytest.mark.parametrize("model", MODELS)
def test_every_model_has_exactly_the_common_columns(model: str) -> None:
    assert columns(model) == COMMON


def test_beatport_tracks() -> None:
    (row,) = rows(
        BEATPORT,
        {
            "id": 42,
            "name": "Lantern feat. Mirel",
            "mix_name": "Tavo Remix",
            "bpm": 130,
            "artists": [{"name": "Korven"}, {"name": "Sol & Sten"}],
            "remixers": [{"name": "Tavo"}],
            "release": {"name": "Lantern EP", "label": {"name": "Kesmire"}},
            "catalog_number": "KES001",
            "isrc": "GBABC2600001",
            "key": {"name": "F# Minor"},
            "genre": {"name": "Techno"},
            "sub_genre": {"name": "Dub"},
            "publish_date": "2026-01-02",
            "new_release_date": "2026-01-01",
            "length": "6:01",
            "length_ms": 361_044,
            "_confidence": {"bpm": 0.89},
        },
    )
    assert json.loads(row.pop("confidence")) == {"bpm": 0.89}
    assert filled(row) == {
        "source_entity_id": "42",
        "beatport_id": "42",
        "artist_raw": "Korven, Sol & Sten",
        "title_raw": "Lantern feat. Mirel",
        "mix_name_raw": "Tavo Remix",
        "remixer_raw": "Tavo",
        "album_raw": "Lantern EP",
        "label_raw": "Kesmire",
        "catalog_number": "KES001",
        "isrc_raw": "GBABC2600001",
        "bpm_raw": "130",
        "key_raw": "F# Minor",
        "genre_raw": "Techno",
        "subgenre_raw": "Dub",
        "release_date_raw": "2026-01-01",
        "duration_ms": 361_044,
    }


@pytest.mark.parametrize("model", MODELS[:4])
def test_an_answer_that_lacks_everything_gives_an_empty_view(model: str) -> None:
    nothing = {
        "id": None,
        "artists": None,
        "key": None,
        "genre": 5,
        "release": [],
        "tempo": None,
        "isrcs": None,
    }
    for payload in ({}, nothing):
        (row,) = rows(model, payload)
        assert filled(row) == {}


def test_beatport_without_length_in_milliseconds() -> None:
    (row,) = rows(BEATPORT, {"id": 1, "length": "61:05", "mix_name": "", "remixers": [], "isrc": ""})
    assert filled(row) == {"source_entity_id": "1", "beatport_id": "1", "duration_ms": 3_665_000}


def test_spotify_tracks() -> None:
    (row,) = rows(
        SPOTIFY,
        {
            "id": "80WEMAa9gZEIn45oiELV30",
            "name": "Lantern - Extended Mix",
            "popularity": 17,
            "track_number": 2,
            "artists": [{"name": "Korven"}, {"name": "Tavo"}],
            "duration_ms": 361_000,
            "album": {"name": "Lantern", "release_date": "2026-01"},
            "external_ids": {"isrc": "gb-abc-26-00001"},
        },
    )
    assert filled(row) == {
        "source_entity_id": "80WEMAa9gZEIn45oiELV30",
        "spotify_id": "80WEMAa9gZEIn45oiELV30",
        "artist_raw": "Korven, Tavo",
        "title_raw": "Lantern - Extended Mix",
        "album_raw": "Lantern",
        "track_position": "2",
        "isrc_raw": "gb-abc-26-00001",
        "release_date_raw": "2026-01",
        "duration_ms": 361_000,
        "popularity": 17,
    }


def test_spotify_audio_features() -> None:
    told = rows(
        FEATURES,
        {
            "id": "a",
            "tempo": 128.0,
            "key": 7,
            "mode": 0,
            "energy": 0.9,
            "_confidence": {"bpm": 0.95, "key": 0.8},
        },
        {"id": "b", "tempo": 87.03, "key": -1, "mode": 0, "loudness": -7.25},
    )
    with_key, without = sorted(told, key=lambda row: str(row["spotify_id"]))
    assert (with_key["spotify_id"], with_key["bpm_raw"], with_key["key_raw"]) == ("a", "128.0", "pc:7:0")
    assert (with_key["artist_raw"], with_key["title_raw"], with_key["energy"]) == (None, None, 0.9)
    assert json.loads(with_key["confidence"])["bpm"] == 0.95
    assert (without["bpm_raw"], without["key_raw"], without["loudness"]) == ("87.03", None, -7.25)
    assert without["confidence"] is None


def test_musicbrainz_recordings() -> None:
    mbid = "4dd533cd-21ce-4b8a-bbc3-4a05ca82650d"
    (row,) = rows(
        MUSICBRAINZ,
        {
            "id": mbid,
            "title": "Lantern (Tavo remix)",
            "length": 361_000,
            "first-release-date": "2026",
            "artist-credit": [
                {"name": "Korven", "joinphrase": " feat. "},
                {"name": "Mirel", "joinphrase": ""},
            ],
            "isrcs": ["GBABC2600001", "GBABC2600002"],
            "releases": [{"title": "Lantern"}, {"title": "Other"}],
            "tags": [{"name": "house", "count": 1}, {"name": "techno", "count": 4}],
            "genres": [],
            "relations": [
                {"type": "producer", "artist": {"name": "Sten"}},
                {"type": "remixer", "artist": {"name": "Tavo"}},
                {"type": "performance", "work": {"title": "Lantern", "iswcs": ["T-918.838.651-8"]}},
            ],
        },
    )
    assert filled(row) == {
        "source_entity_id": mbid,
        "musicbrainz_id": mbid,
        "artist_raw": "Korven feat. Mirel",
        "title_raw": "Lantern (Tavo remix)",
        "remixer_raw": "Tavo",
        "album_raw": "Lantern",
        "isrc_raw": "GBABC2600001",
        "iswc_raw": "T-918.838.651-8",
        "genre_raw": "techno",
        "subgenre_raw": "house",
        "release_date_raw": "2026",
        "duration_ms": 361_000,
    }


def test_a_medley_has_no_one_code() -> None:
    works = [
        {"type": "performance", "work": {"iswcs": [code]}} for code in ("T-918.838.651-8", "T-070.178.113-6")
    ]
    (row,) = rows(MUSICBRAINZ, {"id": "a", "title": "Two In One", "relations": works})
    assert row["iswc_raw"] is None


@pytest.mark.real
@pytest.mark.parametrize(
    ("model", "pattern", "least"),
    [
        (BEATPORT, "beatport/track_*.json", 3),
        (FEATURES, "spotify/audio_features/[0-9]*.json", 2),
        (MUSICBRAINZ, "musicbrainz/recording/lookup*.json", 3),
        (DISCOGS, "discogs/release/*.json", 200),
    ],
)
def test_recorded_answers_of_the_real_providers(
    shared_data: Path, model: str, pattern: str, least: int
) -> None:
    paths = sorted((shared_data / "payloads").glob(pattern))
    found = rows(model, *(path.read_text() for path in paths))
    assert len(found) >= least
    assert all(row["title_raw"] and row["artist_raw"] for row in found) or model == FEATURES
    assert sum(row["source_entity_id"] is not None for row in found) > 0.9 * len(found)


@pytest.mark.parametrize("model", HITS)
def test_every_hit_is_a_row_and_the_same_hit_of_two_searches_one(model: str) -> None:
    def listed(*hits: object) -> dict[str, object]:
        answer: object = list(hits)
        for name in reversed(HITS[model]):
            answer = {name: answer}
        assert isinstance(answer, dict)
        return answer

    title = "title" if "musicbrainz" in model else "name"
    first, second = {"id": "1", title: "Lantern"}, {"id": "2", title: "Lantern (Tavo Remix)"}
    found = rows(model, listed(first, second, None), listed(second), listed())
    assert sorted((row["source_entity_id"], row["title_raw"], row["bronze_id"]) for row in found) == [
        ("1", "Lantern", "0"),
        ("2", "Lantern (Tavo Remix)", "0"),
    ]


def test_hits_of_discogs_are_releases_to_look_up() -> None:
    hit = {"id": 7, "type": "release", "title": "Korven - Lantern EP", "catno": "none", "year": "2026"}
    (row,) = rows("stg_discogs__search_releases", {"pagination": {}, "results": [hit]})
    assert (row["discogs_release_id"], row["title_raw"], row["catalog_number"]) == (
        "7", "Korven - Lantern EP", None,
    )  # fmt: skip


def test_charts_keep_the_order_of_their_tracks() -> None:
    head = {"id": 500, "name": "Korven 2026 Chart", "artist": {"name": "Korven"}, "track_ids": [3, 1, 2]}
    (row,) = rows("stg_beatport__charts", head)
    assert (row["chart_id"], row["dj_name"], row["track_ids"]) == ("500", "Korven", ["3", "1", "2"])
    (row,) = rows("stg_beatport__list_charts", {"results": [head]})
    assert row["chart_name"] == "Korven 2026 Chart"
