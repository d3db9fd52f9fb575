"""DJ sets: who played what, when, one over the other, and what nobody could name.

What belongs here: the true programme of every set. A few tracks are played by everybody and most by hardly
anyone.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from extractors.sandbox import names
from extractors.sandbox.catalogue import LAST_DAY, Catalogue
from extractors.sandbox.dice import Dice, Ids, Real, Whole, Yes
from extractors.sandbox.genres import GENRES

FIRST_YEAR = 1995
ERAS = 17
"""Eras of two years, from `FIRST_YEAR` on; DJs mostly play what is new to them."""
_AGE = [12.0, 5, 2.5, 1.5, 1, 0.8, 0.6, 0.5]
"""How often a track of the set's own era is played, of the era before, and so on."""
_SLOT_KINDS = ("track", "id", "artist_id", "mashup", "jingle")
_SLOT_WEIGHTS = [0.885, 0.04, 0.035, 0.025, 0.015]
_DAYS = 7300


@dataclass(frozen=True, slots=True)
class Programme:
    """Tables whose rows are numbered from 0; columns named like a table hold row numbers of it (null: none).

    Attributes:
        sets: ``dj_1``, ``dj_2`` (artists), ``dj_names`` (joined), ``date``, ``genre``, ``set_type`` (live,
            radio, podcast), ``scene`` (where and when), ``title`` (DJs and scene, as a site heads it),
            ``duration_s``.
        plays: the rows of all tracklists in order: ``set``, ``position`` (from 1), ``number`` (as shown;
            several rows played together share it), ``kind`` (track, id, artist_id, mashup, jingle, element),
            ``overlay`` (played together with the row before), ``track`` (of unnamed rows too), ``mashup``,
            ``cue_s``, ``has_cue``, ``text`` (of jingles).
        mashups: ``dj`` (artist who made it), ``track_1``, ``track_2``, ``track_3``.
    """

    sets: pl.DataFrame
    plays: pl.DataFrame
    mashups: pl.DataFrame


class Crate:
    """All tracks, sorted so that those of one genre and era stand together."""

    def __init__(self, catalogue: Catalogue) -> None:
        tracks = catalogue.tracks
        genre = tracks["genre"].to_numpy()
        year = catalogue.releases["date"].dt.year().gather(tracks["release"]).to_numpy()
        group = genre * ERAS + ((year - FIRST_YEAR) // 2).clip(0, ERAS - 1)
        self.order = np.argsort(group, kind="stable")
        self.cumulated = np.concatenate([[0.0], np.cumsum(tracks["weight"].to_numpy()[self.order])])
        self.edges = np.searchsorted(group[self.order], np.arange(len(GENRES) * ERAS + 1))

    def _shelf(self, genre: Whole) -> tuple[Whole, Whole]:
        """First and last+1 place of the genre; of all tracks where it has none."""
        low, high = self.edges[genre * ERAS], self.edges[(genre + 1) * ERAS]
        return np.where(low == high, 0, low), np.where(low == high, len(self.order), high)

    def draw(self, chance: Real, genre: Whole, era: Whole) -> Whole:
        """Tracks of the genre and era (the whole genre if it has none then), well-liked ones more often."""
        low, high = self.edges[genre * ERAS + era], self.edges[genre * ERAS + era + 1]
        nothing = low == high
        wide_low, wide_high = self._shelf(genre)
        low, high = np.where(nothing, wide_low, low), np.where(nothing, wide_high, high)
        start, end = self.cumulated[low], self.cumulated[high]
        place = np.searchsorted(self.cumulated, start + chance * (end - start), side="right") - 1
        return np.asarray(self.order[place.clip(low, high - 1)], dtype=np.int64)

    def dig(self, chance: Real, genre: Whole) -> Whole:
        """Tracks of the genre, all equally often."""
        low, high = self._shelf(genre)
        return np.asarray(self.order[low + (chance * (high - low)).astype(np.int64)], dtype=np.int64)


def _era(dates: pl.Series) -> Whole:
    years = dates.dt.year().to_numpy()
    return np.asarray(((years - FIRST_YEAR) // 2).clip(0, ERAS - 1), dtype=np.int64)


def _sets(dice: Dice, count: int, artists: pl.DataFrame) -> pl.DataFrame:
    rows = np.arange(count)
    two = dice.happens("set.two", rows, 0.12)
    age = (dice.uniform("set.age", rows) ** 1.4 * _DAYS).astype(np.int64)
    days = np.datetime64(LAST_DAY, "D") - age.astype("timedelta64[D]")
    first = dice.favourite("set.dj_1", rows, artists.height)
    second = dice.favourite("set.dj_2", rows, artists.height)
    kind = pl.Series(["live", "radio", "podcast"]).gather(dice.pick("set.type", rows, [60, 25, 15]))
    frame = names.events(dice, rows).with_columns(
        dj_1=pl.Series(first),
        dj_2=pl.Series(second),
        two=pl.Series(two & (first != second)),
        date=pl.Series(days),
        genre=pl.Series(dice.pick("set.genre", rows, [genre.weight for genre in GENRES])),
        set_type=kind,
        number=pl.Series(dice.between("set.number", rows, 1, 900)),
    )
    frame = frame.with_columns(dj_2=pl.when("two").then("dj_2"))
    frame = frame.with_columns(
        name_1=artists["name"].gather(frame["dj_1"]), name_2=artists["name"].gather(frame["dj_2"])
    )
    djs = pl.concat_str(["name_1", "name_2"], separator=" & ", ignore_nulls=True)
    day = pl.col("date").dt.to_string("%Y-%m-%d")
    on_stage = pl.col("set_type") == "live"
    live = pl.format("@ {}, {}, {} {}", "venue", "event", "country", day)
    scene = pl.when(on_stage).then(live).otherwise(pl.format("- {} {} {}", "show", "number", day))
    return frame.select(
        "dj_1",
        "dj_2",
        djs.alias("dj_names"),
        "date",
        "genre",
        "set_type",
        scene.alias("scene"),
        pl.format("{} {}", djs, scene).alias("title"),
    )


def _slots(dice: Dice, sets: pl.DataFrame, crate: Crate) -> pl.DataFrame:
    """What each set consists of, mashups still in one piece."""
    rows = np.arange(sets.height)
    live = (sets["set_type"] == "live").to_numpy()
    length = np.where(live, dice.between("set.long", rows, 14, 28), dice.between("set.short", rows, 10, 18))
    owner = np.repeat(rows, length)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(length) - length, length)
    slots = np.arange(len(owner))
    kind = dice.pick("slot.kind", slots, _SLOT_WEIGHTS)
    kind = np.where(
        (number == 0) & dice.happens("slot.intro", slots, 0.08), _SLOT_KINDS.index("jingle"), kind
    )
    overlay = (number > 0) & (kind <= _SLOT_KINDS.index("id")) & dice.happens("slot.overlay", slots, 0.12)
    strays = dice.happens("slot.stray", slots, 0.2)
    home = sets["genre"].to_numpy()[owner]
    genre = np.where(strays, dice.pick("slot.genre", slots, [one.weight for one in GENRES]), home)
    era = (_era(sets["date"])[owner] - dice.pick("slot.age", slots, _AGE)).clip(0)
    track = crate.draw(dice.uniform("slot.track", slots), genre, era)
    played = pl.DataFrame({"owner": owner, "track": track})
    again = played.select((pl.int_range(pl.len()).over("owner", "track") > 0).alias("again"))["again"]
    track = np.where(again.to_numpy(), crate.dig(dice.uniform("slot.other", slots), genre), track)
    pause = np.where(
        overlay, dice.between("slot.soon", slots, 15, 80), dice.between("slot.later", slots, 110, 290)
    )
    clock = np.cumsum(np.where(number == 0, 0, pause))
    return pl.DataFrame(
        {
            "set": owner,
            "kind": pl.Series(_SLOT_KINDS).gather(kind),
            "overlay": overlay,
            "track": track,
            "genre": genre,
            "era": era,
            "opening": number == 0,
            "cue_s": clock - clock[np.repeat(np.cumsum(length) - length, length)],
        }
    )


def _mashups(dice: Dice, slots: pl.DataFrame, djs: pl.Series, crate: Crate) -> tuple[pl.DataFrame, pl.Series]:
    """The mashups, and which of them each slot plays (null: none); a third is borrowed from earlier sets."""
    where = (slots["kind"] == "mashup").arg_true().to_numpy()
    borrowed = dice.happens("mashup.borrowed", where, 0.33)
    borrowed[:1] = False
    own = np.cumsum(np.where(borrowed, 0, 1))
    number = np.where(borrowed, dice.below("mashup.which", where, own), own - 1)
    makers = where[~borrowed]
    made = slots[makers]
    genre, era = made["genre"].to_numpy(), made["era"].to_numpy()
    first, second, third = (
        crate.draw(dice.uniform(f"mashup.part_{n}", makers), genre, era) for n in (1, 2, 3)
    )
    # where the same track came up again, the next but some takes its place
    second = np.where(second == first, (second + 29) % len(crate.order), second)
    three = dice.happens("mashup.three", makers, 0.2) & (third != first) & (third != second)
    mashups = pl.DataFrame(
        {
            "dj": djs.gather(made["set"]),
            "track_1": first,
            "track_2": second,
            "track_3": third,
            "three": three,
        }
    ).with_columns(track_3=pl.when("three").then("track_3"))
    played = np.full(slots.height, -1, dtype=np.int64)
    played[where] = number
    which = pl.DataFrame({"played": played}).select(
        pl.when(pl.col("played") >= 0).then("played").alias("mashup")
    )
    return mashups.drop("three"), which["mashup"]


def _cues_shown(dice: Dice, owner: Ids, opening: Yes) -> Yes:
    """Whether somebody wrote down when the row starts; in some sets nobody ever did."""
    rows = np.arange(len(owner))
    noted = ~dice.happens("set.without_cues", owner, 0.18) & ~dice.happens("play.without_cue", rows, 0.08)
    return np.asarray(noted & ~(opening & dice.happens("play.silent_start", rows, 0.3)))


def _plays(dice: Dice, slots: pl.DataFrame, mashups: pl.DataFrame, sets: pl.DataFrame) -> pl.DataFrame:
    """Rows of the tracklists: a slot each, and behind a mashup its elements."""
    elements = 2 + mashups["track_3"].is_not_null().cast(pl.Int64)
    rows_of = 1 + elements.gather(slots["mashup"]).fill_null(0).to_numpy()
    slot = np.repeat(np.arange(slots.height), rows_of)
    part = np.arange(len(slot)) - np.repeat(np.cumsum(rows_of) - rows_of, rows_of)
    frame = slots[slot].with_columns(part=pl.Series(part))
    pieces = mashups.select(pl.concat_list("track_1", "track_2", "track_3").alias("pieces"))["pieces"]
    frame = frame.with_columns(pieces=pieces.gather(frame["mashup"]))
    opening = (frame["opening"] & (frame["part"] == 0)).to_numpy()
    word = pl.Series(["Intro", "Interview", "Outro", "Hosted by "]).gather(dice.below("play.jingle", slot, 4))
    host = sets["dj_names"].gather(frame["set"])
    frame = frame.with_columns(
        shown=pl.Series(_cues_shown(dice, frame["set"].to_numpy(), opening)),
        opens=pl.Series(opening),
        word=word,
        host=host,
    )
    spoken = (
        pl.when("opens")
        .then(pl.lit("Intro"))
        .when(pl.col("word") == "Hosted by ")
        .then(pl.col("word") + pl.col("host"))
    )
    element = pl.col("part") > 0
    jingle, mashup = pl.col("kind") == "jingle", pl.col("kind") == "mashup"
    own = pl.when(jingle | mashup).then(None).otherwise("track")
    piece = pl.col("pieces").list.get(pl.col("part") - 1, null_on_oob=True)
    new_number = (~(pl.col("overlay") | element)).cast(pl.Int64).cum_sum().over("set")
    return frame.select(
        "set",
        pl.int_range(1, pl.len() + 1).over("set").alias("position"),
        new_number.clip(1).alias("number"),
        pl.when(element).then(pl.lit("element")).otherwise("kind").alias("kind"),
        "overlay",
        pl.when(element).then(piece).otherwise(own).alias("track"),
        pl.when(~element).then("mashup").alias("mashup"),
        "cue_s",
        (pl.col("shown") & ~element).alias("has_cue"),
        pl.when(jingle & ~element).then(spoken.otherwise("word")).alias("text"),
    )


def make_programme(dice: Dice, count: int, artists: pl.DataFrame, catalogue: Catalogue) -> Programme:
    """`count` DJ sets by these artists out of this catalogue."""
    crate = Crate(catalogue)
    sets = _sets(dice, count, artists)
    slots = _slots(dice, sets, crate)
    mashups, played = _mashups(dice, slots, sets["dj_1"], crate)
    slots = slots.with_columns(mashup=played)
    ends = slots.group_by("set", maintain_order=True).agg((pl.col("cue_s").max() + 240).alias("duration_s"))
    sets = sets.with_columns(duration_s=ends["duration_s"])
    return Programme(sets, _plays(dice, slots, mashups, sets), mashups)
