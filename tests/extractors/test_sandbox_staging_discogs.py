"""Staging of Discogs' releases: one row per track, whatever the tracklist looks like."""

from typing import Any

from tests.extractors.staging_sql import filled, rows

DISCOGS = "stg_discogs__api_tracks"


def release(*tracklist: dict[str, Any], **changes: Any) -> dict[str, Any]:
    basis = {
        "id": 77,
        "title": "Lantern EP",
        "released": "2026-01-00",
        "artists": [{"name": "Korven (3)", "join": ""}],
        "labels": [{"name": "Kesmire (2)", "catno": "KES001"}],
        "formats": [
            {"name": "Vinyl", "qty": "2", "text": "Clear", "descriptions": ['12"', "33 ⅓ RPM"]},
            {"name": "File", "qty": "1", "text": "", "descriptions": ["MP3", "320 kbps"]},
        ],
        "genres": ["Electronic"],
        "styles": ["Techno"],
    }
    return basis | {"tracklist": list(tracklist)} | changes


def test_discogs_tracks_have_their_own_artists_or_the_release_s() -> None:
    found = rows(
        DISCOGS,
        release(
            {"position": "A1", "type_": "track", "title": "Lantern", "duration": "6:01"},
            {
                "position": "A2",
                "type_": "track",
                "title": "Lantern (Tavo Remix)",
                "duration": "",
                "artists": [
                    {"name": "Korven (3)", "join": ","},
                    {"name": "Sten", "join": "feat."},
                    {"name": "Mirel"},
                ],
                "extraartists": [{"name": "Tavo (2)", "role": "Remix"}, {"name": "Dis", "role": "Mixed By"}],
            },
        ),
    )
    plain, own = sorted(found, key=lambda row: str(row["track_position"]))
    assert filled(plain) == {
        "source_entity_id": "77-A1",
        "discogs_release_id": "77",
        "artist_raw": "Korven (3)",
        "title_raw": "Lantern",
        "album_raw": "Lantern EP",
        "label_raw": "Kesmire",
        "catalog_number": "KES001",
        "track_position": "A1",
        "formats_raw": 'Vinyl 12" 33 ⅓ RPM Clear; File MP3 320 kbps',
        "genre_raw": "Techno",
        "release_date_raw": "2026-01-00",
        "duration_ms": 361_000,
    }
    assert (own["artist_raw"], own["remixer_raw"]) == ("Korven (3), Sten feat. Mirel", "Tavo")
    assert (own["source_entity_id"], own["duration_ms"]) == ("77-A2", None)


def test_discogs_headings_indexes_and_unclear_positions() -> None:
    found = rows(
        DISCOGS,
        release(
            {"position": "", "type_": "heading", "title": "Disc 1"},
            {
                "position": "1",
                "type_": "index",
                "title": "Suite",
                "sub_tracks": [
                    {"position": "1a", "type_": "track", "title": "First"},
                    {"position": "1b", "type_": "track", "title": "Second"},
                ],
            },
            {"position": "2", "title": "Old record without a type"},
            {"position": "3", "type_": "track", "title": "Twice"},
            {"position": "3", "type_": "track", "title": "Twice again"},
            {"position": "", "type_": "track", "title": "Nowhere"},
            styles=[],
            released="",
            year=2026,
            labels=[{"name": "Kesmire", "catno": "none"}],
        ),
        release(tracklist=None),
    )
    ids = {row["title_raw"]: row["source_entity_id"] for row in found}
    assert ids == {
        "First": "77-1a",
        "Second": "77-1b",
        "Old record without a type": "77-2",
        "Twice": None,
        "Twice again": None,
        "Nowhere": None,
    }
    assert {row["genre_raw"] for row in found} == {"Electronic"}
    assert {row["release_date_raw"] for row in found} == {"2026"}
    assert {row["catalog_number"] for row in found} == {None}
