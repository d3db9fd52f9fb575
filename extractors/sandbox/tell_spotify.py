"""Spotify's telling: ``/tracks/{id}`` and ``/audio-features/{id}`` (shapes: docs on providers, section 4).

What belongs here: this service's wording and payloads.
"""

import numpy as np
import polars as pl

from extractors.sandbox import faults, ids
from extractors.sandbox.credits import title_with, with_version, wording
from extractors.sandbox.json_text import encode, thing, things, with_confidence
from extractors.sandbox.sound import FEATURES
from extractors.sandbox.views import Lens, Telling, Views, told_of

PROVIDER = "spotify"
THRESHOLDS = {"bpm": 0.85, "key": 0.80}
"""Confidence the waterfall asks of this service; its confidences are spread around these."""
_API = "https://api.spotify.com/v1"
_GOLDEN_BPM, _GOLDEN_CONFIDENCE = 128.0, 0.95
_PEOPLE = ("artist_1", "artist_2", "artist_3", "featured", "remixer")


def _lens(views: Views, low: int, high: int) -> tuple[Lens, pl.Series]:
    """The eye on the records of these tracks, and their ids."""
    lens = views.lens(PROVIDER, views.records(PROVIDER, low, high))
    return lens, ids.spotify_ids(lens.dice, "track", lens.ids)


def _titles(lens: Lens, pieces: pl.DataFrame) -> pl.Series:
    """``Title (feat. X) - Extended Mix``, now and then ``Title (Extended Mix)``."""
    titles = title_with(pieces, " (feat. {})")
    brackets = lens.hit("version.in_brackets", lens.rates.version_in_brackets)
    bracketed, dashed = (with_version(titles, pieces["version"], form) for form in (" ({})", " - {}"))
    return faults.where(brackets, bracketed, dashed)


def _columns(lens: Lens, track_ids: pl.Series) -> pl.DataFrame:
    pieces = wording(lens)
    told = lens.told
    remixers = faults.blanked(pieces["remixer"], ~lens.hit("remixer.credited", lens.rates.remixer_as_artist))
    people = {who: told[who].fill_null(0).to_numpy() for who in (*_PEOPLE, "album_artist")}
    names = {f"{who}_id": ids.spotify_ids(lens.dice, "artist", numbers) for who, numbers in people.items()}
    again = told["copy"] == 1
    kinds = told["album_kind"].replace({"ep": "single"})
    digits = pl.Series(lens.date_digits)
    return pieces.with_columns(
        id=track_ids,
        name=_titles(lens, pieces),
        remixer=remixers,
        isrc=lens.isrc,
        duration_ms=lens.duration_ms,
        popularity=(told["popularity"] + lens.dice.between("popularity.stale", lens.ids, -4, 4)).clip(0, 100),
        date=lens.date_text,
        precision=digits.replace_strict({10: "day", 7: "month", 4: "year"}, return_dtype=pl.String),
        album=faults.where(again, told["label_name"] + " Sessions", told["album"]),
        album_kind=faults.replaced(kinds, again, "compilation"),
        album_id=ids.spotify_ids(
            lens.dice, "album", told["release"].to_numpy() * 2 + told["copy"].to_numpy()
        ),
        album_artist=told["album_artist_name"].fill_null("Various Artists"),
        place=told["place"],
        **names,
    )


def _person(column: str) -> tuple[str, pl.Expr]:
    number = pl.col(f"{column}_id")
    return column, thing(
        external_urls=thing(spotify=pl.format("https://open.spotify.com/artist/{}", number)),
        href=pl.format(_API + "/artists/{}", number),
        id=number,
        name=pl.col(column),
        type=pl.lit("artist"),
        uri=pl.format("spotify:artist:{}", number),
    )


def tracks(views: Views, low: int, high: int) -> Telling:
    """Track objects of the service for the world's tracks in [low, high), one per record."""
    lens, track_ids = _lens(views, low, high)
    frame = _columns(lens, track_ids)
    album = thing(
        album_type=pl.col("album_kind"),
        artists=things(_person("album_artist")),
        href=pl.format(_API + "/albums/{}", "album_id"),
        id=pl.col("album_id"),
        name=pl.col("album"),
        release_date=pl.col("date"),
        release_date_precision=pl.col("precision"),
        type=pl.lit("album"),
        uri=pl.format("spotify:album:{}", "album_id"),
    )
    payload = encode(
        frame,
        {
            "album": album,
            "artists": things(*(_person(who) for who in _PEOPLE)),
            "disc_number": pl.lit(1),
            "duration_ms": pl.col("duration_ms"),
            "explicit": pl.lit(value=False),
            "external_ids": thing(isrc=pl.col("isrc")),
            "external_urls": thing(spotify=pl.format("https://open.spotify.com/track/{}", "id")),
            "href": pl.format(_API + "/tracks/{}", "id"),
            "id": pl.col("id"),
            "is_local": pl.lit(value=False),
            "name": pl.col("name"),
            "popularity": pl.col("popularity"),
            "preview_url": pl.lit(None, pl.String),
            "track_number": pl.col("place"),
            "type": pl.lit("track"),
            "uri": pl.format("spotify:track:{}", "id"),
        },
    )
    payload = payload.str.replace('"external_ids":{"isrc":null}', '"external_ids":{}', literal=True)
    return told_of(lens, track_ids, payload)


def audio_features(views: Views, low: int, high: int) -> Telling:
    """Audio features of the service for the world's tracks in [low, high); a share of its tracks has none."""
    lens, track_ids = _lens(views, low, high)
    true = lens.told["bpm"].to_numpy()
    noise = lens.dice.bell("tempo.noise", lens.ids) * 0.02
    tempo = np.where(lens.golden, _GOLDEN_BPM, (lens.bpm + noise).round(3))
    sure = lens.confidence("bpm", np.abs(tempo - true) <= 0.5, THRESHOLDS["bpm"])
    pitch, minor = lens.key
    no_key = lens.hit("key.missing", lens.rates.key_missing)
    frame = lens.told.select(*FEATURES, "loudness").with_columns(
        id=track_ids,
        key=pl.Series(np.where(no_key, -1, pitch)),
        mode=pl.Series(np.where(minor, 0, 1)),
        tempo=pl.Series(tempo),
        duration_ms=lens.duration_ms,
    )
    payload = encode(
        frame,
        {
            **{name: pl.col(name) for name in (*FEATURES, "loudness", "key", "mode", "tempo", "duration_ms")},
            "time_signature": pl.lit(4),
            "type": pl.lit("audio_features"),
            "id": pl.col("id"),
            "uri": pl.format("spotify:track:{}", "id"),
            "track_href": pl.format(_API + "/tracks/{}", "id"),
        },
    )
    key_sure = pl.Series(lens.confidence("key", lens.key_is_right, THRESHOLDS["key"]))
    confidences = {
        "bpm": pl.Series(np.where(lens.golden, _GOLDEN_CONFIDENCE, sure)),
        "key": faults.blanked(key_sure, no_key),
    }
    has = pl.Series(~lens.hit("features.missing", lens.rates.features_missing) | lens.golden)
    telling = told_of(lens, track_ids, with_confidence(payload, confidences))
    return Telling(telling.payloads.filter(has), telling.records.filter(has))
