"""Discogs' telling: ``/releases/{id}`` with its tracklist (shape: docs on providers, section 8).

What belongs here: this database's wording and payloads. It knows releases; tracks are lines on them.
"""

import numpy as np
import polars as pl

from extractors.sandbox import faults, ids
from extractors.sandbox.credits import title_with, with_version, wording
from extractors.sandbox.dice import Whole
from extractors.sandbox.genres import GENRES
from extractors.sandbox.json_text import encode, thing, things
from extractors.sandbox.views import Lens, Telling, Views

PROVIDER = "discogs"
_API = "https://api.discogs.com"
_PEOPLE = ("artist_1", "artist_2", "artist_3", "featured", "remixer")
_VARIOUS = 194


def release_ids(releases: Whole) -> Whole:
    """The database's ids of releases."""
    return ids.numbers(1_200_007, 4, releases)


def _numbered(views: Views, lens: Lens, names: pl.Series, artists: pl.Series) -> pl.Series:
    """Names with the number that keeps namesakes apart, ``Name (2)``, where the database has namesakes."""
    rank = views.world.artists["namesake"].gather(artists)
    keys = artists.fill_null(0).to_numpy()
    stranger = lens.dice.happens("name.numbered", keys, lens.rates.name_numbered)
    number = faults.where(stranger & (rank.fill_null(0) == 0).to_numpy(), pl.Series(1 + keys % 4), rank)
    frame = pl.DataFrame({"name": names, "number": number})
    numbered = pl.format("{} ({})", "name", pl.col("number") + 1)
    return frame.select(pl.when(pl.col("number") > 0).then(numbered).otherwise("name").alias("name"))["name"]


def _varied(lens: Lens, names: pl.Series) -> pl.Series:
    """Names as printed on the release where that differs (``K. Name`` for ``Korven Name``), else empty."""
    short = names.str.replace(r"^(\p{Lu})\S+ (\S)", "$1. $2")
    same = (short == names).to_numpy()
    return faults.replaced(short, same | ~lens.hit("name.varied", lens.rates.name_varied), "")


def _positions(told: pl.DataFrame) -> pl.Series:
    """``A1``, ``A2``, ``B1`` on vinyl (``A`` and ``B`` if there are two), ``1``, ``2`` on other formats."""
    frame = told.select("release", "place", "vinyl").with_columns(count=pl.len().over("release"))
    half = (pl.col("count") + 1) // 2
    side = pl.when(pl.col("place") <= half).then(pl.lit("A")).otherwise(pl.lit("B"))
    on_side = pl.when(pl.col("place") <= half).then("place").otherwise(pl.col("place") - half).cast(pl.String)
    position = (
        pl.when(~pl.col("vinyl")).then(pl.col("place").cast(pl.String))
        .when(pl.col("count") <= 2).then(side)
        .otherwise(side + on_side)
    )  # fmt: skip
    return frame.select(position.alias("position"))["position"]


def _track_columns(views: Views, lens: Lens) -> pl.DataFrame:
    pieces = wording(lens)
    told = lens.told
    return told.select(
        "release", "place", "track", *(pl.col(who).alias(f"{who}_number") for who in _PEOPLE)
    ).with_columns(
        *(_numbered(views, lens, pieces[who], told[who]).alias(who) for who in _PEOPLE),
        printed=_varied(lens, pieces["artist_1"]),
        title=with_version(title_with(pieces, " feat. {}"), pieces["version"]),
        duration=faults.clock(lens.duration_ms).fill_null(""),
        position=_positions(told),
        own_credit=(told["artist_1"] != told["album_artist"]).fill_null(value=True)
        | told["artist_2"].is_not_null()
        | pieces["featured"].is_not_null(),
    )


def _person(who: str, *, role: str = "", anv: str | None = None) -> pl.Expr:
    joins = {"artist_1": "artist_2", "artist_2": "artist_3"}
    follows = pl.lit(value=False) if who not in joins else pl.col(joins[who]).is_not_null()
    sung = pl.col("featured").is_not_null() if who.startswith("artist") else pl.lit(value=False)
    join = pl.when(follows).then(pl.lit("&")).when(sung).then(pl.lit("feat.")).otherwise(pl.lit(""))
    number = pl.col(f"{who}_number") * 2 + 5000
    return thing(
        name=pl.col(who),
        anv=pl.lit("") if anv is None else pl.col(anv),
        join=join,
        role=pl.lit(role),
        tracks=pl.lit(""),
        id=number,
        resource_url=pl.format(_API + "/artists/{}", number),
    )


def _tracklists(tracks: pl.DataFrame) -> pl.DataFrame:
    """``release``, ``tracklist`` (list of track objects in order)."""
    people = [("artist_1", _person("artist_1", anv="printed"))]
    people += [(who, _person(who)) for who in ("artist_2", "artist_3", "featured")]
    credited = pl.when("own_credit").then(things(*people))
    line = thing(
        position=pl.col("position"),
        type_=pl.lit("track"),
        artists=credited,
        title=pl.col("title"),
        extraartists=things(("remixer", _person("remixer", role="Remix"))),
        duration=pl.col("duration"),
    )
    lines = tracks.select("release", line.alias("line"))
    return lines.group_by("release", maintain_order=True).agg(pl.col("line").alias("tracklist"))


def _release_columns(views: Views, lens: Lens) -> pl.DataFrame:
    told = lens.told
    style = pl.Series([genre.style for genre in GENRES]).gather(lens.genre_number)
    no_number = lens.hit("catalog_number.missing", lens.rates.catalog_number_missing)
    # a month without a day is sometimes entered with a zero for it
    zeros = lens.date_text.str.replace(r"^(\d{4}-\d\d)$", "$1-00")
    released = faults.where(lens.hit("date.zeros", 0.5), zeros, lens.date_text)
    return told.select("release", "label", "vinyl", "album", "album_kind").with_columns(
        id=pl.Series(release_ids(told["release"].to_numpy())),
        released=released.fill_null(""),
        year=lens.date_text.str.slice(0, 4).cast(pl.Int64).fill_null(0),
        label_name=lens.label_name,
        catno=faults.replaced(told["catalog_number"], no_number, "none"),
        style=style,
        country=pl.Series(["UK", "Germany", "Netherlands", "US", "Italy", "Europe"]).gather(
            lens.dice.pick("release.country", lens.ids, [4, 4, 2, 3, 2, 3])
        ),
        artist_1=_numbered(views, lens, told["album_artist_name"], told["album_artist"]).fill_null("Various"),
        artist_1_number=told["album_artist"].fill_null((_VARIOUS - 5000) // 2),
        for_sale=pl.Series(lens.dice.below("release.for_sale", lens.ids, 40)),
    )


def releases(views: Views, low: int, high: int) -> Telling:
    """Its releases among the world's releases in [low, high); records are "<release>-<position>"."""
    first, end = views.world.catalogue.tracks["release"].search_sorted(pl.Series([low, high]))
    lens = views.lens(PROVIDER, views.records(PROVIDER, first, end))
    old = (lens.told["date"].dt.year() < 2008).to_numpy()
    vinyl = lens.dice.happens("release.vinyl", lens.told["release"].to_numpy(), np.where(old, 0.8, 0.35))
    lens = Lens(lens.world, PROVIDER, lens.told.with_columns(vinyl=pl.Series(vinyl)))
    tracks = _track_columns(views, lens)
    heads = lens.told.unique("release", keep="first", maintain_order=True)
    # the lens draws by record number; releases get numbers that no track has
    heads = heads.with_columns(record=heads["release"] + (1 << 50))
    frame = _release_columns(views, Lens(lens.world, PROVIDER, heads)).with_columns(
        _tracklists(tracks)["tracklist"]
    )
    artist = pl.struct(
        name=pl.col("artist_1"),
        anv=pl.lit(""),
        join=pl.lit(""),
        role=pl.lit(""),
        tracks=pl.lit(""),
        id=pl.col("artist_1_number") * 2 + 5000,
    )
    label = thing(
        name=pl.col("label_name"),
        catno=pl.col("catno"),
        entity_type=pl.lit("1"),
        entity_type_name=pl.lit("Label"),
        id=pl.col("label") + 900,
    )
    medium = pl.when("vinyl").then(pl.lit("Vinyl")).otherwise(pl.lit("File"))
    format_ = thing(name=medium, qty=pl.lit("1"), descriptions=pl.concat_list(pl.lit("Single")))
    payload = encode(
        frame,
        {
            "id": pl.col("id"),
            "status": pl.lit("Accepted"),
            "year": pl.col("year"),
            "resource_url": pl.format(_API + "/releases/{}", "id"),
            "artists": pl.concat_list(artist),
            "labels": pl.concat_list(label),
            "formats": pl.concat_list(format_),
            "data_quality": pl.lit("Needs Vote"),
            "num_for_sale": pl.col("for_sale"),
            "title": pl.col("album"),
            "country": pl.col("country"),
            "released": pl.col("released"),
            "genres": pl.concat_list(pl.lit("Electronic")),
            "styles": pl.concat_list("style"),
            "tracklist": pl.col("tracklist"),
        },
    )
    lines = tracks.select(
        pl.format("{}-{}", pl.Series(release_ids(tracks["release"].to_numpy())), "position").alias(
            "source_entity_id"
        ),
        pl.col("track").alias("true_track_id"),
    )
    return Telling(payload, lines)
