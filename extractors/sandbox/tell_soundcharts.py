"""SoundCharts' telling: songs, their ids elsewhere, artists (shapes: docs on providers, section 10).

What belongs here: this service's wording and payloads.
"""

import numpy as np
import polars as pl

from extractors.sandbox import faults, ids
from extractors.sandbox.credits import credit, title_with, with_version, wording
from extractors.sandbox.genres import GENRES
from extractors.sandbox.json_text import encode, thing, things
from extractors.sandbox.sound import FEATURES
from extractors.sandbox.views import Lens, Telling, Views, told_of
from extractors.sandbox.world import World

PROVIDER = "soundcharts"
_PEOPLE = ("artist_1", "artist_2", "artist_3", "featured")


def _uuids(lens: Lens) -> pl.Series:
    return ids.mbids(lens.dice, "song", lens.ids)


def _columns(lens: Lens) -> pl.DataFrame:
    pieces, told = wording(lens), lens.told
    pitch, minor = lens.key
    return pieces.with_columns(
        uuid=_uuids(lens),
        whole=with_version(title_with(pieces, " (feat. {})"), pieces["version"], " - {}"),
        credit=credit(pieces),
        isrc=lens.isrc,
        # midnight in Berlin, which in UTC is the day before
        date=lens.date.dt.to_string("%Y-%m-%dT00:00:00+02:00"),
        label=lens.label_name,
        seconds=(lens.duration_ms / 1000).round().cast(pl.Int64),
        genre=pl.Series([genre.name for genre in GENRES]).gather(lens.genre_number),
        has_audio=pl.Series(~lens.hit("features.missing", lens.rates.features_missing)),
        tempo=pl.Series(lens.bpm.round(2)),
        key=pl.Series(pitch),
        mode=pl.Series(np.where(minor, 0, 1)),
        **{name: told[name] for name in (*FEATURES, "loudness")},
        **{f"{who}_id": ids.mbids(lens.dice, "artist", told[who].fill_null(0).to_numpy()) for who in _PEOPLE},
    )


def _person(uuid: pl.Expr, name: pl.Expr) -> pl.Expr:
    slug = name.str.to_lowercase().str.replace_all(r"[^a-z0-9]+", "-")
    address = pl.format("https://app.soundcharts.com/app/artist/{}/overview", slug)
    return thing(uuid=uuid, slug=slug, name=name, appUrl=address, imageUrl=pl.lit(""))


def songs(views: Views, low: int, high: int) -> Telling:
    """Songs of the service for the world's tracks in [low, high), one per record."""
    lens = views.lens(PROVIDER, views.records(PROVIDER, low, high))
    frame = _columns(lens)
    people = things(*((who, _person(pl.col(f"{who}_id"), pl.col(who))) for who in _PEOPLE))
    isrc = thing(value=pl.col("isrc"), countryCode=pl.col("isrc").str.slice(0, 2))
    sound = thing(
        **{name: pl.col(name) for name in (*FEATURES, "loudness", "key", "mode", "tempo")},
        timeSignature=pl.lit(4),
    )
    label = thing(name=pl.col("label"), type=pl.lit("label"))
    song = thing(
        uuid=pl.col("uuid"),
        name=pl.col("whole"),
        isrc=pl.when(pl.col("isrc").is_not_null()).then(isrc),
        creditName=pl.col("credit"),
        artists=people,
        releaseDate=pl.col("date"),
        labels=pl.concat_list(pl.when(pl.col("label").is_not_null()).then(label)).list.drop_nulls(),
        duration=pl.col("seconds"),
        explicit=pl.lit(value=False),
        genres=pl.concat_list(thing(root=pl.lit("electro"), sub=pl.concat_list("genre"))),
        audio=pl.when("has_audio").then(sound),
    )
    payload = encode(
        frame,
        {"type": pl.lit("song"), "object": song, "errors": pl.lit([], pl.List(pl.String))},
    )
    return told_of(lens, frame["uuid"], payload)


def identifiers(views: Views, low: int, high: int) -> Telling:
    """What the songs of the world's tracks in [low, high) are called by Spotify and by their ISRC."""
    lens = views.lens(PROVIDER, views.records(PROVIDER, low, high))
    told = lens.told
    there = pl.Series(views.coverage["spotify"][told["track"].to_numpy()])
    spotify = ids.spotify_ids(lens.world.dice("spotify"), "track", told["track"].to_numpy() * 2)
    frame = pl.DataFrame(
        {"uuid": _uuids(lens), "spotify": faults.blanked(spotify, ~there), "isrc": lens.isrc}
    )
    items = things(
        *(
            (code, thing(platformName=pl.lit(name), platformCode=pl.lit(code), identifier=pl.col(code)))
            for code, name in (("spotify", "Spotify"), ("isrc", "ISRC"))
        )
    )
    page = thing(offset=pl.lit(0), limit=pl.lit(100), total=items.list.len())
    payload = encode(
        frame,
        {
            "related": thing(uuid=pl.col("uuid")),
            "items": items,
            "page": page,
            "errors": pl.lit([], pl.List(pl.String)),
        },
    )
    return told_of(lens, frame["uuid"], payload)


def artist_count(world: World) -> int:
    """How many artists there are."""
    return world.artists.height


def artists(views: Views, low: int, high: int) -> Telling:
    """The world's artists in [low, high)."""
    number = np.arange(low, high)
    dice = views.world.dice(PROVIDER)
    frame = pl.DataFrame(
        {
            "uuid": ids.mbids(dice, "artist", number),
            "name": views.world.artists["name"][low:high],
            "country": pl.Series(["GB", "DE", "US", "NL", ""]).gather(dice.pick("country", number, [1] * 5)),
        }
    )
    artist = _person(pl.col("uuid"), pl.col("name"))
    whole = artist.struct.with_fields(pl.col("country").alias("countryCode"))
    payload = encode(
        frame, {"type": pl.lit("artist"), "object": whole, "errors": pl.lit([], pl.List(pl.String))}
    )
    records = pl.DataFrame(
        {"source_entity_id": frame["uuid"], "true_track_id": pl.Series([None] * frame.height, dtype=pl.Int64)}
    )
    return Telling(payload, records)
