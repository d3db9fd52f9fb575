"""Deezer's telling: ``/track/{id}`` (shapes: docs on providers, section 11).

What belongs here: this service's wording and payloads. BPM 0 means that it knows none.
"""

import polars as pl

from extractors.sandbox import faults, ids
from extractors.sandbox.credits import title_with, with_version, wording
from extractors.sandbox.json_text import encode, thing, things
from extractors.sandbox.views import Lens, Telling, Views, told_of

PROVIDER = "deezer"
_PEOPLE = ("artist_1", "artist_2", "artist_3", "featured", "remixer")


def _columns(lens: Lens) -> pl.DataFrame:
    pieces, told = wording(lens), lens.told
    bpm = pl.Series(lens.bpm.round(1))
    loudness = told["loudness"]
    return pieces.with_columns(
        id=pl.Series(ids.numbers(3_000_000, 7, lens.ids)),
        whole=with_version(title_with(pieces, " (feat. {})"), pieces["version"]),
        short=title_with(pieces, " (feat. {})"),
        isrc=lens.isrc.fill_null(""),
        seconds=(lens.duration_ms / 1000).round().cast(pl.Int64),
        place=told["place"],
        rank=told["popularity"] * 9_000 + pl.Series(lens.dice.below("rank", lens.ids, 9_000)),
        date=lens.date.dt.to_string("%Y-%m-%d"),
        bpm=faults.blanked(bpm, lens.hit("bpm.missing", lens.rates.bpm_missing)).fill_null(0.0),
        gain=(-18 - loudness).round(1),
        album_id=told["release"] * 3 + 300_000,
        album=told["album"],
        **{f"{who}_id": told[who].fill_null(0) * 5 + 27 for who in _PEOPLE},
    )


def _person(who: str, role: str) -> tuple[str, pl.Expr]:
    number = pl.col(f"{who}_id")
    link = pl.format("https://www.deezer.com/artist/{}", number)
    return who, thing(id=number, name=pl.col(who), link=link, type=pl.lit("artist"), role=pl.lit(role))


def tracks(views: Views, low: int, high: int) -> Telling:
    """Track objects of the service for the world's tracks in [low, high), one per record."""
    lens = views.lens(PROVIDER, views.records(PROVIDER, low, high))
    frame = _columns(lens)
    album = thing(
        id=pl.col("album_id"), title=pl.col("album"), release_date=pl.col("date"), type=pl.lit("album")
    )
    roles = ("Main", "Main", "Main", "Featured", "Remixer")
    payload = encode(
        frame,
        {
            "id": pl.col("id"),
            "readable": pl.lit(value=True),
            "title": pl.col("whole"),
            "title_short": pl.col("short"),
            "title_version": pl.format("({})", "version").fill_null(""),
            "isrc": pl.col("isrc"),
            "link": pl.format("https://www.deezer.com/track/{}", "id"),
            "duration": pl.col("seconds"),
            "track_position": pl.col("place"),
            "disk_number": pl.lit(1),
            "rank": pl.col("rank"),
            "release_date": pl.col("date"),
            "explicit_lyrics": pl.lit(value=False),
            "bpm": pl.col("bpm"),
            "gain": pl.col("gain"),
            "contributors": things(*(_person(who, role) for who, role in zip(_PEOPLE, roles, strict=True))),
            "artist": thing(id=pl.col("artist_1_id"), name=pl.col("artist_1"), type=pl.lit("artist")),
            "album": album,
            "type": pl.lit("track"),
        },
    )
    return told_of(lens, frame["id"].cast(pl.String), payload)
