"""Releases, the works on them, and the tracks (a track is one version of a work).

What belongs here: what was really released; how providers tell it is the views' business. `sound` gives the
tracks their tempo, key and the like.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from extractors.sandbox import names
from extractors.sandbox.dice import Dice, Whole
from extractors.sandbox.genres import GENRES
from extractors.sandbox.sound import add_sound

LAST_DAY = date(2026, 6, 30)
"""No release and no set is later."""
_DAYS = 10_900
_WORKS = ((1, 2, 3, 4, 10), (0.55, 0.20, 0.12, 0.08, 0.05))
_VERSIONS = ((1, 2, 3, 4, 5), (0.62, 0.22, 0.09, 0.05, 0.02))
_FIRST = (("original", 0.90), ("extended", 0.08), ("live", 0.02))
_OTHERS = (
    ("remix", 0.46), ("extended", 0.17), ("radio_edit", 0.10), ("dub", 0.07), ("vip", 0.05),
    ("instrumental", 0.04), ("live", 0.02), ("remaster", 0.03), ("edit", 0.04), ("bootleg", 0.02),
)  # fmt: skip
_WORDING: dict[str, tuple[str, ...]] = {
    "extended": ("Extended Mix", "Extended Mix", "Extended Mix", "Extended Version", "Club Mix"),
    "radio_edit": ("Radio Edit", "Radio Edit", "Radio Mix"),
    "remix": ("{} Remix", "{} Remix", "{} Remix", "{} Remix", "{} Extended Remix", "{} Dub Remix"),
    "dub": ("Dub Mix", "Dub"),
    "vip": ("VIP Mix", "VIP"),
    "instrumental": ("Instrumental", "Instrumental Mix"),
    "live": ("Live", "Live Version"),
    "remaster": ("{} Remaster",),
    "edit": ("{} Edit",),
    "bootleg": ("{} Bootleg",),
}
OTHER_HANDS = ("remix", "edit", "bootleg")
"""Kinds of version made by another artist."""
NO_ISRC = 0.04


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Tables whose rows are numbered from 0; columns named like a table hold row numbers of it (null: none).

    Attributes:
        releases: ``kind`` (single, ep, album, compilation), ``artist`` (null on compilations), ``label``,
            ``genre``, ``date``, ``catalog_number``, ``title``, ``price_cents``.
        works: ``release``, ``artist_1`` to ``artist_3``, ``featured``, ``title``.
        tracks: ``work``, ``release``, ``place`` (from 1, on the release), ``version_kind``, ``version`` (null
            for an original), ``remixer``, ``genre``, ``subgenre``, ``isrc``, and the columns of `add_sound`.
    """

    releases: pl.DataFrame
    works: pl.DataFrame
    tracks: pl.DataFrame


def _counts(table: tuple[tuple[int, ...], tuple[float, ...]], dice: Dice, purpose: str, rows: Whole) -> Whole:
    values, weights = table
    return np.asarray(values)[dice.pick(purpose, rows, list(weights))]


def _layout(dice: Dice, tracks: int) -> tuple[Whole, Whole, Whole]:
    """Release of each work, work of each track, number of each track within its work, for `tracks` tracks."""
    releases = np.arange(round(tracks / 3.2) + 100)
    release = np.repeat(releases, _counts(_WORKS, dice, "release.works", releases))
    works = np.arange(len(release))
    versions = _counts(_VERSIONS, dice, "work.versions", works)
    work = np.repeat(works, versions)[:tracks]
    number = (np.arange(versions.sum()) - np.repeat(np.cumsum(versions) - versions, versions))[:tracks]
    return release[: work[-1] + 1], work, number


def _releases(dice: Dice, release: Whole, artists: int, labels: pl.DataFrame) -> pl.DataFrame:
    works = np.bincount(release)
    rows = np.arange(len(works))
    label = dice.favourite("release.label", rows, labels.height)
    various = (works >= 10) & dice.happens("release.various", rows, 0.5)
    foreign = dice.pick("release.genre", rows, [genre.weight for genre in GENRES])
    genre = np.where(dice.happens("release.home", rows, 0.7), labels["genre"].to_numpy()[label], foreign)
    age = (dice.uniform("release.age", rows) ** 1.6 * _DAYS).astype(np.int64)
    frame = pl.DataFrame(
        {
            "works": works,
            "various": various,
            "artist": dice.favourite("release.artist", rows, artists),
            "label": label,
            "genre": genre,
            "date": np.datetime64(LAST_DAY, "D") - age.astype("timedelta64[D]"),
            "price_cents": np.array([129, 149, 169, 199])[dice.pick("release.price", rows, [2, 5, 2, 1])],
        }
    )
    kind = (
        pl.when("various").then(pl.lit("compilation"))
        .when(pl.col("works") >= 10).then(pl.lit("album"))
        .when(pl.col("works") >= 3).then(pl.lit("ep"))
        .otherwise(pl.lit("single"))
    )  # fmt: skip
    number = pl.col("date").rank("ordinal").over("label").cast(pl.String).str.zfill(3)
    return frame.select(
        kind.alias("kind"),
        pl.when(~pl.col("various")).then("artist").alias("artist"),
        "label",
        "genre",
        "date",
        (labels["letters"].gather(label) + frame.select(number).to_series()).alias("catalog_number"),
        names.titles(dice, rows + (1 << 40)).alias("title"),
        "price_cents",
    )


def _works(dice: Dice, release: Whole, releases: pl.DataFrame, artists: int) -> pl.DataFrame:
    rows = np.arange(len(release))
    guests = [dice.favourite(f"work.artist_{place}", rows, artists) for place in (1, 2, 3)]
    featured = dice.favourite("work.featured", rows, artists)
    own = releases["artist"].gather(release)
    crowd = dice.uniform("work.crowd", rows)
    frame = pl.DataFrame(
        {
            "release": release,
            "artist_1": own.fill_null(pl.Series(guests[0])),
            "artist_2": guests[1],
            "artist_3": guests[2],
            "featured": featured,
            "crowd": crowd,
            "vocal": dice.happens("work.vocal", rows, 0.09),
            "title": names.titles(dice, rows),
        }
    )
    first, second, third = pl.col("artist_1"), pl.col("artist_2"), pl.col("artist_3")
    two = (pl.col("crowd") < 0.20) & (second != first)
    three = two & (pl.col("crowd") < 0.03) & (third != first) & (third != second)
    with_voice = pl.col("vocal") & ~pl.col("featured").is_in(
        pl.concat_list("artist_1", "artist_2", "artist_3")
    )
    return frame.select(
        "release",
        first,
        pl.when(two).then(second).alias("artist_2"),
        pl.when(three).then(third).alias("artist_3"),
        pl.when(with_voice).then("featured").alias("featured"),
        "title",
    )


def _named_after_first_work(releases: pl.DataFrame, works: pl.DataFrame) -> pl.DataFrame:
    """Releases, singles and EPs among them named after the work that opens them."""
    first = works.group_by("release", maintain_order=True).agg(pl.col("title").first())["title"]
    kind = pl.col("kind")
    title = pl.when(kind == "single").then(first).when(kind == "ep").then(first + " EP")
    return releases.with_columns(title=title.otherwise("title"))


def _version_kinds(dice: Dice, work: Whole, number: Whole) -> pl.Series:
    """Kind of each version; apart from those by other hands, no kind comes twice in a work."""
    rows = np.arange(len(work))
    first = pl.Series([kind for kind, _ in _FIRST]).gather(
        dice.pick("version.first", rows, [weight for _, weight in _FIRST])
    )
    other = pl.Series([kind for kind, _ in _OTHERS]).gather(
        dice.pick("version.other", rows, [weight for _, weight in _OTHERS])
    )
    frame = pl.DataFrame({"work": work, "number": number, "first": first, "other": other})
    frame = frame.with_columns(pl.when(pl.col("number") == 0).then("first").otherwise("other").alias("kind"))
    repeated = pl.int_range(pl.len()).over("work", "kind") > 0
    return frame.select(pl.when(repeated).then(pl.lit("remix")).otherwise("kind").alias("kind"))["kind"]


def _remixers(dice: Dice, work: Whole, number: Whole, artists: int) -> Whole:
    """An artist for each version; different ones for the versions of a work."""
    base = dice.favourite("version.remixer", work, artists)
    step = 1 + dice.below("version.remixer_step", work, max(1, artists // 8))
    return np.asarray((base + number * step) % artists, dtype=np.int64)


def _wording(dice: Dice, kinds: pl.Series, filling: pl.Series) -> pl.Series:
    """Text of each version: wording of its kind with the remixer or year filled in; null for originals."""
    rows = np.arange(len(kinds))
    frame = pl.DataFrame({"kind": kinds, "filling": filling})
    text = pl.lit(None, pl.String)
    for kind, choices in _WORDING.items():
        chosen = pl.Series(choices).gather(dice.below(f"version.wording.{kind}", rows, len(choices)))
        text = pl.when(pl.col("kind") == kind).then(chosen).otherwise(text)
    before, after = (text.str.split_exact("{}", 1).struct.field(f"field_{part}") for part in (0, 1))
    filled = pl.when(after.is_not_null()).then(before + pl.col("filling") + after).otherwise(text)
    return frame.select(filled.alias("version"))["version"]


def _isrcs(dice: Dice, tracks: pl.DataFrame, releases: pl.DataFrame, labels: pl.DataFrame) -> pl.Series:
    """12 characters (ISO 3901): the label's prefix, the year, the label's running number; some have none."""
    has_none = dice.happens("track.no_isrc", np.arange(tracks.height), NO_ISRC)
    frame = pl.DataFrame({"label": releases["label"].gather(tracks["release"]), "has_none": has_none})
    number = pl.int_range(pl.len()).over("label").cast(pl.String).str.zfill(5)
    year = releases["date"].dt.strftime("%y").gather(tracks["release"])
    code = labels["isrc_prefix"].gather(frame["label"]) + year + frame.select(number).to_series()
    return frame.select(pl.when(~pl.col("has_none")).then(code).alias("isrc"))["isrc"]


def make_catalogue(dice: Dice, tracks: int, artists: pl.DataFrame, labels: pl.DataFrame) -> Catalogue:
    """A catalogue of exactly `tracks` tracks by these artists on these labels."""
    release_of_work, work, number = _layout(dice, tracks)
    releases = _releases(dice, release_of_work, artists.height, labels)
    works = _works(dice, release_of_work, releases, artists.height)
    releases = _named_after_first_work(releases, works)
    kinds = _version_kinds(dice, work, number)
    remixer = pl.Series(_remixers(dice, work, number, artists.height))
    by_another = kinds.is_in(OTHER_HANDS)
    release = works["release"].gather(work)
    year = releases["date"].dt.year().cast(pl.String).gather(release)
    frame = pl.DataFrame({"work": work, "release": release, "version_kind": kinds, "remixer": remixer})
    filling = frame.select(
        pl.when(by_another).then(artists["name"].gather(remixer)).otherwise(year).alias("filling")
    )["filling"]
    frame = frame.with_columns(
        pl.int_range(1, pl.len() + 1).over("release").alias("place"),
        _wording(dice, kinds, filling).alias("version"),
        pl.when(by_another).then("remixer").alias("remixer"),
        _isrcs(dice, frame, releases, labels).alias("isrc"),
    )
    vocal = works["featured"].is_not_null().gather(work)
    return Catalogue(releases, works, add_sound(dice, frame, releases["genre"].gather(release), vocal))
