"""1001Tracklists' telling: pages of tracklists (markup: docs on providers, section 1).

What belongs here: this site's wording and its HTML. A track has one entry on the site, so it is called the
same in all sets, unless somebody typed the row by hand.
"""

import numpy as np
import polars as pl

from extractors.sandbox import faults, ids
from extractors.sandbox.credits import title_with, with_version, wording
from extractors.sandbox.json_text import encode
from extractors.sandbox.page import element, escaped, page, row
from extractors.sandbox.rates import RATES
from extractors.sandbox.views import Lens, Telling, Views

PROVIDER = "1001tracklists"
_JOINERS = (" & ", " x ", ", ")
_ROW_IDS_FROM = 14_000_000
_SITE = "https://www.1001tracklists.com"


def set_ids(sets: pl.Series) -> pl.Series:
    """The site's ids of sets."""
    return ids.tracklist_ids(1, sets.to_numpy())


def track_ids(tracks: pl.Series) -> pl.Series:
    """The site's ids of tracks (null for null)."""
    return faults.blanked(ids.tracklist_ids(2, tracks.fill_null(0).to_numpy()), tracks.is_null())


def mashup_ids(mashups: pl.Series) -> pl.Series:
    """The site's ids of mashups (null for null)."""
    return faults.blanked(ids.tracklist_ids(3, mashups.fill_null(0).to_numpy()), mashups.is_null())


def _lens(views: Views, tracks: pl.Series) -> Lens:
    records = pl.DataFrame({"track": tracks, "copy": tracks * 0, "record": tracks * 2})
    return views.lens(PROVIDER, records)


def _entries(views: Views, tracks: pl.Series) -> pl.DataFrame:
    """The site's entries of these tracks (nulls are told as track 0 and made null again).

    Columns: ``by`` (main artists), ``artist`` (with the featured voice), ``title`` (with the version),
    ``label``, ``length`` (ISO 8601), ``genre``.
    """
    lens = _lens(views, tracks.fill_null(0))
    pieces = wording(lens)
    joiner = pl.Series(_JOINERS).gather(lens.dice.pick("joiner", lens.ids, [90, 5, 5]))
    frame = pieces.with_columns(
        joiner=joiner,
        title=with_version(title_with(pieces, " (ft. {})"), pieces["version"]),
        label=lens.label_name.str.to_uppercase(),
        genre=faults.blanked(lens.told["genre"], lens.hit("genre.missing", lens.rates.genre_missing)),
        seconds=(lens.duration_ms / 1000).round().cast(pl.Int64),
        known=tracks.is_not_null(),
    )
    more = [
        pl.when(pl.col(who).is_not_null()).then(pl.col("joiner") + pl.col(who))
        for who in ("artist_2", "artist_3")
    ]
    by = pl.concat_str("artist_1", *(piece.fill_null("") for piece in more))
    entry = frame.select(
        "known",
        by.alias("by"),
        pl.concat_str(by, pl.format(" ft. {}", "featured").fill_null("")).alias("artist"),
        "title",
        "label",
        pl.format("PT{}M{}S", pl.col("seconds") // 60, pl.col("seconds") % 60).alias("length"),
        "genre",
    )
    return entry.select(pl.when("known").then(name).alias(name) for name in entry.columns if name != "known")


def mashup_names(views: Views, mashups: pl.DataFrame) -> pl.DataFrame:
    """``artist`` and ``title`` of mashups: "A vs. B", "X vs. Y (Someone Mashup)"."""
    parts = [_entries(views, mashups[f"track_{part}"]) for part in (1, 2, 3)]
    titles = [views.world.told(mashups[f"track_{part}"].fill_null(0))["title"] for part in (1, 2, 3)]
    titles = [
        faults.blanked(title, mashups[f"track_{part}"].is_null()) for part, title in enumerate(titles, 1)
    ]
    frame = pl.DataFrame({f"by_{number}": part["by"] for number, part in enumerate(parts)})
    frame = frame.with_columns(
        *(title.alias(f"title_{number}") for number, title in enumerate(titles)),
        dj=views.world.artists["name"].gather(mashups["dj"]),
    )
    whole = pl.concat_str([f"title_{number}" for number in range(3)], separator=" vs. ", ignore_nulls=True)
    return frame.select(
        pl.concat_str([f"by_{number}" for number in range(3)], separator=" vs. ", ignore_nulls=True).alias(
            "artist"
        ),
        pl.format("{} ({} Mashup)", whole, "dj").alias("title"),
    )


def _named(views: Views, plays: pl.DataFrame) -> pl.DataFrame:
    """`plays` with what the page says of each: ``by``, ``name``, ``label``, ``length``, ``genre``, the id."""
    world = views.world
    entries = _entries(views, plays["track"])
    used = plays["mashup"].drop_nulls().unique().sort()
    names = mashup_names(views, world.programme.mashups[used]).with_columns(mashup=used)
    mashed = plays.select("mashup").join(names, on="mashup", how="left", maintain_order="left")
    row_ids = plays["play"].to_numpy()
    dice = world.dice(PROVIDER)
    by_hand = dice.happens("typed_by_hand", row_ids, RATES[PROVIDER].typed_by_hand)
    frame = plays.with_columns(
        entries,
        mash_artist=mashed["artist"],
        mash_title=mashed["title"],
        linked=faults.blanked(track_ids(plays["track"]), by_hand),
        mash_id=mashup_ids(plays["mashup"]),
        by_hand=pl.Series(by_hand),
    )
    kind = pl.col("kind")
    mashup, unknown = kind == "mashup", kind.is_in(["id", "artist_id"])
    name = (
        pl.when(mashup).then(pl.format("{} - {}", "mash_artist", "mash_title"))
        .when(kind == "artist_id").then(pl.format("{} - ID", "by"))
        .when(kind == "id").then(pl.lit("ID - ID"))
        .when(kind == "jingle").then("text")
        .otherwise(pl.format("{} - {}", "artist", "title"))
    )  # fmt: skip
    plain = unknown | mashup | (pl.col("by_hand") & (kind == "track"))
    frame = frame.with_columns(
        name=name,
        by=pl.when(mashup).then("mash_artist").when(kind != "id").then("by"),
        track_id=pl.when(mashup).then("mash_id").when(kind.is_in(["track"])).then("linked"),
        **{name: pl.when(~plain).then(name) for name in ("label", "length", "genre")},
    )
    typed = faults.misspelt(frame["name"], dice, "typed.misspelt", row_ids, 0.2)
    return frame.with_columns(
        name=faults.where((frame["by_hand"] & (frame["kind"] == "track")), typed, frame["name"])
    )


def pages(views: Views, low: int, high: int) -> Telling:
    """Pages (JSON: ``url``, ``html``) of the sets in [low, high).

    The records have a row for each row of the tracklists: ``source_entity_id`` (the site's id of the track,
    null where it gives none), ``playlist_key``, ``position``, ``kind`` (track, mashup, mashup_element,
    unknown, jingle) and ``true_track_id`` (mashups count on from the last track; null for what the page does
    not name).
    """
    programme = views.world.programme
    first, end = programme.plays["set"].search_sorted(pl.Series([low, high]))
    plays = programme.plays.slice(first, end - first).with_columns(play=pl.int_range(first, end))
    frame = _named(views, plays).with_columns(row_id=pl.col("play") + _ROW_IDS_FROM)
    sets = programme.sets.slice(low, high - low).with_columns(id=set_ids(pl.Series(np.arange(low, high))))
    html = frame.select(
        "set", pl.when(pl.col("kind") == "element").then(element()).otherwise(row()).alias("html")
    )
    rows = html.group_by("set", maintain_order=True).agg(pl.col("html").str.join("\n").alias("rows"))
    address = pl.concat_str(
        pl.lit(_SITE + "/tracklist/"), "id", pl.lit("/"), faults.slug(sets["title"]), pl.lit(".html")
    )
    sets = sets.with_columns(rows=rows["rows"], count=plays.group_by("set", maintain_order=True).len()["len"])
    sets = sets.with_columns(url=sets.select(address.alias("url"))["url"])
    sets = sets.with_columns(
        escaped_title=escaped(pl.col("title")),
        name_1=views.world.artists["name"].gather(sets["dj_1"]),
        name_2=views.world.artists["name"].gather(sets["dj_2"]),
    )
    sets = sets.with_columns(slug_1=faults.slug(sets["name_1"]), slug_2=faults.slug(sets["name_2"]))
    payload = encode(sets.with_columns(html=page()), {"url": pl.col("url"), "html": pl.col("html")})
    kinds = {"element": "mashup_element", "id": "unknown", "artist_id": "unknown"}
    mashup = pl.col("mashup") + views.world.spec.tracks
    lines = frame.select(
        pl.col("track_id").alias("source_entity_id"),
        sets["id"].gather(frame["set"] - low).alias("playlist_key"),
        "position",
        pl.col("kind").replace(kinds),
        pl.when(pl.col("kind") == "mashup").then(mashup)
        .when(pl.col("kind").is_in(["track", "element"])).then("track").alias("true_track_id"),
    )  # fmt: skip
    return Telling(payload, lines)
