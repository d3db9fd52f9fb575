"""Beatport's telling: ``/catalog/tracks/{id}/`` and charts (shapes: docs on providers, section 3).

What belongs here: this store's wording and payloads.
"""

import numpy as np
import polars as pl

from extractors.sandbox import faults, ids
from extractors.sandbox.credits import title_with, wording
from extractors.sandbox.dice import Ids, Whole
from extractors.sandbox.genres import GENRES
from extractors.sandbox.json_text import encode, thing, things, with_confidence
from extractors.sandbox.keys import store_keys
from extractors.sandbox.sets import ERAS, FIRST_YEAR, Crate
from extractors.sandbox.views import THRESHOLDS, Lens, Telling, Views, told_of
from extractors.sandbox.world import World

PROVIDER = "beatport"
_API = "https://api.beatport.com/v4/catalog"
_GOLDEN_BPM, _GOLDEN_CONFIDENCE = 130, 0.89
_ARTISTS = ("artist_1", "artist_2", "artist_3", "featured")
_GENRES_FROM = 101
TRACKS_PER_CHART = 60
"""One chart for so many tracks of the world."""


def track_ids(records: Ids) -> Whole:
    """The store's ids of records."""
    return ids.numbers(4_100_003, 3, records)


def _artist_ids(artists: pl.Series) -> pl.Series:
    """The store's ids of artists (null for null)."""
    return artists * 3 + 10_007


def _genre_columns(lens: Lens) -> dict[str, pl.Series]:
    number = pl.Series(lens.genre_number)
    right = lens.genre_number == lens.told["genre_number"].to_numpy()
    missing = lens.hit("genre.missing", lens.rates.genre_missing)
    hidden = lens.hit("subgenre.missing", lens.rates.subgenre_missing) | ~right
    sure = lens.confidence("genre", right, THRESHOLDS["genre"])
    return {
        "genre": faults.blanked(pl.Series([genre.name for genre in GENRES]).gather(number), missing),
        "genre_id": number + _GENRES_FROM,
        "subgenre": faults.blanked(lens.told["subgenre"], hidden),
        "genre_sure": faults.blanked(pl.Series(sure), missing),
    }


def _bpm_columns(lens: Lens) -> dict[str, pl.Series]:
    bpm = np.where(lens.golden, _GOLDEN_BPM, np.floor(lens.bpm + 0.5))
    right = np.abs(bpm - lens.told["bpm"].to_numpy()) <= 0.5
    sure = np.where(lens.golden, _GOLDEN_CONFIDENCE, lens.confidence("bpm", right, THRESHOLDS["bpm"]))
    missing = lens.hit("bpm.missing", lens.rates.bpm_missing) & ~lens.golden
    return {
        "bpm": faults.blanked(pl.Series(bpm).cast(pl.Int64), missing),
        "bpm_sure": faults.blanked(pl.Series(sure), missing),
    }


def _key_columns(lens: Lens) -> dict[str, pl.Series]:
    pitch, minor = lens.key
    key = store_keys(pitch, minor, lens.hit("key.respelt", lens.rates.key_respelt))
    sure = lens.confidence("key", lens.key_is_right, THRESHOLDS["key"])
    missing = lens.hit("key.missing", lens.rates.key_missing)
    return {"key": faults.blanked(key, missing), "key_sure": faults.blanked(pl.Series(sure), missing)}


def _columns(lens: Lens) -> pl.DataFrame:
    pieces = wording(lens)
    name = title_with(pieces, " feat. {}")
    again = lens.told["copy"] == 1
    label = lens.label_name
    return pieces.with_columns(
        id=pl.Series(track_ids(lens.ids)),
        name=name,
        slug=faults.slug(name),
        mix_name=pieces["version"].fill_null(""),
        isrc=lens.isrc,
        length_ms=lens.duration_ms,
        length=faults.clock(lens.duration_ms),
        date=lens.date.dt.to_string("%Y-%m-%d"),
        catalog_number=lens.told["catalog_number"],
        release_id=lens.told["release"] * 2 + lens.told["copy"] + 300_000,
        release=faults.where(again, label + " Sessions", lens.told["album"]),
        label=label,
        label_id=lens.told["label"] + 2000,
        price=lens.told["price_cents"] / 100,
        **{f"{who}_id": _artist_ids(lens.told[who]) for who in (*_ARTISTS, "remixer")},
        **_genre_columns(lens),
        **_bpm_columns(lens),
        **_key_columns(lens),
    )


def _person(column: str) -> tuple[str, pl.Expr]:
    number = pl.col(f"{column}_id")
    url = pl.format(_API + "/artists/{}/", number)
    slug = pl.col(column).str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", "-")
    return column, thing(id=number, name=pl.col(column), slug=slug, url=url)


def _genre(name: str, number: pl.Expr) -> pl.Expr:
    slug = pl.col(name).str.to_lowercase().str.replace_all(r"[^a-z0-9]+", "-").str.strip_chars("-")
    return pl.when(pl.col(name).is_not_null()).then(thing(id=number, name=pl.col(name), slug=slug))


def tracks(views: Views, low: int, high: int) -> Telling:
    """Track objects of the store for the world's tracks in [low, high), one per record."""
    lens = views.lens(PROVIDER, views.records(PROVIDER, low, high))
    frame = _columns(lens)
    label = thing(id=pl.col("label_id"), name=pl.col("label"))
    payload = encode(
        frame,
        {
            "artists": things(*(_person(who) for who in _ARTISTS)),
            "publish_status": pl.lit("published"),
            "bpm": pl.col("bpm"),
            "catalog_number": pl.col("catalog_number"),
            "exclusive": pl.lit(value=False),
            "genre": _genre("genre", pl.col("genre_id")),
            "id": pl.col("id"),
            "is_available_for_streaming": pl.lit(value=True),
            "isrc": pl.col("isrc"),
            "key": pl.col("key"),
            "length": pl.col("length"),
            "length_ms": pl.col("length_ms"),
            "mix_name": pl.col("mix_name"),
            "name": pl.col("name"),
            "new_release_date": pl.col("date"),
            "pre_order": pl.lit(value=False),
            "price": thing(
                code=pl.lit("USD"),
                symbol=pl.lit("$"),
                value=pl.col("price"),
                display=pl.format("${}", pl.col("price")),
            ),
            "publish_date": pl.col("date"),
            "release": thing(id=pl.col("release_id"), name=pl.col("release"), label=label),
            "remixers": things(_person("remixer")),
            "slug": pl.col("slug"),
            "sub_genre": _genre("subgenre", pl.col("genre_id") + 400),
            "url": pl.format(_API + "/tracks/{}/", pl.col("id")),
        },
    )
    confidences = {field: frame[f"{field}_sure"] for field in ("bpm", "key", "genre")}
    return told_of(lens, frame["id"].cast(pl.String), with_confidence(payload, confidences))


def chart_count(world: World) -> int:
    """How many charts the store has."""
    return max(1, world.spec.tracks // TRACKS_PER_CHART)


def _chart_lists(views: Views, numbers: Whole) -> pl.DataFrame:
    """For each chart with any track of the store: ``chart``, ``genre``, ``era``, ``track_ids`` in order."""
    dice = views.world.dice("beatport charts")
    heads = pl.DataFrame(
        {
            "chart": numbers,
            "genre": dice.pick("genre", numbers, [one.weight for one in GENRES]),
            "era": dice.pick("era", numbers, np.arange(1.0, ERAS)),
            "wanted": dice.between("length", numbers, 10, 30),
        }
    )
    places = heads.with_columns(pl.int_ranges("wanted").alias("place")).explode("place")
    chance = dice.uniform("track", places["chart"].to_numpy() * 100 + places["place"].to_numpy())
    crate = Crate(views.world.catalogue)
    drawn = crate.draw(chance, places["genre"].to_numpy(), places["era"].to_numpy())
    entries = places.with_columns(track=pl.Series(drawn), listed=pl.Series(views.coverage[PROVIDER][drawn]))
    entries = entries.filter("listed").unique(["chart", "track"], keep="first", maintain_order=True)
    entries = entries.with_columns(track_id=pl.Series(track_ids(entries["track"].to_numpy() * 2)))
    by_chart = entries.group_by("chart", "genre", "era", maintain_order=True)
    return by_chart.agg(pl.col("track_id").alias("track_ids"))


def charts(views: Views, low: int, high: int) -> Telling:
    """Charts number `low` to `high` (exclusive), each with the ordered ids of its tracks; no records."""
    dice = views.world.dice("beatport charts")
    lists = _chart_lists(views, np.arange(low, high))
    chart = lists["chart"].to_numpy()
    person = dice.favourite("artist", chart, views.world.artists.height)
    frame = lists.with_columns(
        id=lists["chart"] + 500_000,
        artist=views.world.artists["name"].gather(person),
        artist_id=pl.Series(_artist_ids(pl.Series(person))),
        genre=pl.Series([one.name for one in GENRES]).gather(lists["genre"]),
        genre_id=lists["genre"] + _GENRES_FROM,
        year=FIRST_YEAR + 2 * lists["era"],
        month=pl.Series(dice.between("month", chart, 1, 12)),
    ).with_columns(name=pl.format("{} {} Chart", "artist", "year"))
    day = pl.format("{}-{}-01T00:00:00-07:00", "year", pl.col("month").cast(pl.String).str.zfill(2))
    payload = encode(
        frame,
        {
            "id": pl.col("id"),
            "name": pl.col("name"),
            "artist": _person("artist")[1],
            "genres": pl.concat_list(_genre("genre", pl.col("genre_id"))),
            "publish_date": day,
            "change_date": day,
            "description": pl.lit(None, pl.String),
            "is_published": pl.lit(value=True),
            "track_count": pl.col("track_ids").list.len(),
            "track_ids": pl.col("track_ids"),
            "url": pl.format(_API + "/charts/{}/", pl.col("id")),
        },
    )
    return Telling(payload, pl.DataFrame())
