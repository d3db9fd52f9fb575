"""AcousticBrainz' telling: low-level and high-level documents (shapes: docs on providers, section 7).

What belongs here: this project's wording and payloads; its ids are MusicBrainz', its tags those of people's
files.
"""

import numpy as np
import polars as pl

from extractors.sandbox import ids, keys
from extractors.sandbox.credits import credit, title_with, with_version, wording
from extractors.sandbox.json_text import encode, thing
from extractors.sandbox.views import Lens, Telling, Views, told_of

PROVIDER = "acousticbrainz"
_GENRES = {"House": "house", "Techno": "techno", "Trance": "trance", "Drum": "dnb"}


def _columns(lens: Lens) -> pl.DataFrame:
    pieces, told = wording(lens), lens.told
    pitch, minor = lens.key
    noise = lens.dice.bell("tempo.noise", lens.ids) * 0.05
    respelt = lens.hit("key.respelt", lens.rates.key_respelt)
    return pieces.with_columns(
        mbid=ids.mbids(lens.world.dice("musicbrainz"), "recording", lens.ids),
        whole=with_version(title_with(pieces, " (feat. {})"), pieces["version"]),
        credit=credit(pieces),
        album=told["album"],
        bpm=pl.Series((lens.bpm + noise).round(6)),
        key=keys.names(pitch, respelt),
        scale=pl.Series(["major", "minor"]).gather(minor.astype(np.int64)),
        strength=pl.Series((0.45 + 0.5 * lens.dice.uniform("key.strength", lens.ids)).round(6)),
        seconds=lens.duration_ms / 1000,
        loudness=pl.Series((1.0 + told["loudness"] / 60).round(6)),
        dance=(told["danceability"] * 1.7).round(6),
        danceability=told["danceability"],
        valence=told["valence"],
        energy=told["energy"],
        instrumentalness=told["instrumentalness"],
        electronic=told["genre"].str.split(" ").list.first().replace_strict(_GENRES, default="ambient"),
    )


def _metadata() -> pl.Expr:
    return thing(
        audio_properties=thing(length=pl.col("seconds"), codec=pl.lit("flac"), lossless=pl.lit(value=True)),
        tags=thing(
            artist=pl.concat_list("credit"),
            title=pl.concat_list("whole"),
            album=pl.concat_list("album"),
            musicbrainz_recordingid=pl.concat_list("mbid"),
        ),
        version=thing(extractor=pl.lit("music 1.0")),
    )


def low_level(views: Views, low: int, high: int) -> Telling:
    """What was measured of the world's tracks in [low, high), one document per record."""
    lens = views.lens(PROVIDER, views.records(PROVIDER, low, high))
    frame = _columns(lens)
    payload = encode(
        frame,
        {
            "lowlevel": thing(average_loudness=pl.col("loudness"), dynamic_complexity=pl.lit(3.5)),
            "metadata": _metadata(),
            "rhythm": thing(bpm=pl.col("bpm"), danceability=pl.col("dance"), onset_rate=pl.col("bpm") / 30),
            "tonal": thing(key_key=pl.col("key"), key_scale=pl.col("scale"), key_strength=pl.col("strength")),
        },
    )
    return told_of(lens, frame["mbid"], payload)


def _verdict(name: str, share: pl.Expr) -> pl.Expr:
    other = f"not_{name}"
    is_so = share >= 0.5
    return thing(
        all=pl.struct(share.alias(name), (1 - share).alias(other)),
        value=pl.when(is_so).then(pl.lit(name)).otherwise(pl.lit(other)),
        probability=pl.when(is_so).then(share).otherwise(1 - share),
    )


def high_level(views: Views, low: int, high: int) -> Telling:
    """What classifiers make of the world's tracks in [low, high), one document per record."""
    lens = views.lens(PROVIDER, views.records(PROVIDER, low, high))
    frame = _columns(lens)
    payload = encode(
        frame,
        {
            "highlevel": thing(
                danceability=_verdict("danceable", pl.col("danceability")),
                mood_happy=_verdict("happy", pl.col("valence")),
                mood_aggressive=_verdict("aggressive", pl.col("energy") * 0.8),
                genre_electronic=thing(value=pl.col("electronic"), probability=pl.col("strength")),
                voice_instrumental=thing(
                    value=pl.when(pl.col("instrumentalness") >= 0.5)
                    .then(pl.lit("instrumental"))
                    .otherwise(pl.lit("voice")),
                    probability=pl.max_horizontal("instrumentalness", 1 - pl.col("instrumentalness")),
                ),
            ),
            "metadata": _metadata(),
        },
    )
    return told_of(lens, frame["mbid"], payload)
