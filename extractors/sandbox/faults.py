"""What goes wrong with values on their way through people and machines, for whole columns at once.

What belongs here: the defects themselves, without any opinion on how often which provider has them (`rates`).
"""

import numpy as np
import polars as pl

from extractors.sandbox.dice import Dice, Ids, Real, Whole, Yes

_UNDECOMPOSED = {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss"}
"""Letters that Unicode does not decompose into a letter and an accent."""
_REWORDED = {
    "Extended Mix": "Extended",
    "Extended Version": "Extended",
    "Radio Edit": "Edit",
    "Remix": "Rmx",
    "Instrumental": "Instrumental Mix",
    "VIP Mix": "V.I.P.",
}
_SHORTEST_MISSPELT = 5


def where(condition: Yes | pl.Series, then: pl.Series, otherwise: pl.Series) -> pl.Series:
    """`then` where the condition holds, else `otherwise`; row by row."""
    frame = pl.DataFrame({"condition": condition, "then": then, "otherwise": otherwise})
    return frame.select(pl.when("condition").then("then").otherwise("otherwise").alias(then.name))[then.name]


def replaced(values: pl.Series, mask: Yes | pl.Series, by: str) -> pl.Series:
    """`values`, the one text `by` where the mask is true."""
    frame = pl.DataFrame({"value": values, "mask": mask})
    return frame.select(pl.when("mask").then(pl.lit(by)).otherwise("value").alias(values.name))[values.name]


def blanked(values: pl.Series, mask: Yes | pl.Series) -> pl.Series:
    """`values`, null where the mask is true."""
    frame = pl.DataFrame({"value": values, "mask": mask})
    return frame.select(pl.when(~pl.col("mask")).then("value").alias(values.name))[values.name]


def misspelt(text: pl.Series, dice: Dice, purpose: str, ids: Ids, rate: float) -> pl.Series:
    """`text`, a share of it with one slip: two letters swapped, one left out, or one doubled."""
    hit = dice.happens(purpose, ids, rate)
    if not hit.any():
        return text
    length = text.str.len_chars().fill_null(0).to_numpy()
    hit &= length >= _SHORTEST_MISSPELT
    frame = pl.DataFrame(
        {
            "text": text,
            "hit": hit,
            "slip": dice.below(f"{purpose}.slip", ids, 3),
            "at": 1 + dice.below(f"{purpose}.at", ids, np.maximum(length - 3, 1)),
        }
    )
    whole, at = pl.col("text"), pl.col("at")
    head, rest = whole.str.slice(0, at), whole.str.slice(at + 2)
    one, two = whole.str.slice(at, 1), whole.str.slice(at + 1, 1)
    slip = (
        pl.when(pl.col("slip") == 0).then(head + two + one + rest)
        .when(pl.col("slip") == 1).then(head + two + rest)
        .otherwise(head + one + one + two + rest)
    )  # fmt: skip
    return frame.select(pl.when("hit").then(slip).otherwise(whole).alias(text.name))[text.name]


def plain_letters(text: pl.Series) -> pl.Series:
    """`text` without accents."""
    found = text.str.contains(r"[^\x00-\x7F]").fill_null(value=False)
    if not found.any():
        return text
    plain = text.filter(found).str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    plain = plain.str.replace_many(list(_UNDECOMPOSED), list(_UNDECOMPOSED.values()))
    return text.clone().scatter(found.arg_true(), plain)


def slug(text: pl.Series) -> pl.Series:
    """`text` as it stands in addresses: plain lower-case letters and digits, joined by hyphens."""
    return plain_letters(text).str.to_lowercase().str.replace_all(r"[^a-z0-9]+", "-").str.strip_chars("-")


def reworded(version: pl.Series, mask: Yes) -> pl.Series:
    """`version`, where the mask is true in other common words."""
    other = version.str.replace_many(list(_REWORDED), list(_REWORDED.values()), leftmost=True)
    return where(mask, other, version)


def off_tempo(bpm: Real, dice: Dice, ids: Ids, *, wrong: float, octave: Real) -> Real:
    """`bpm`, a share `wrong` off by one to four beats, a share `octave` halved (above 110) or doubled."""
    step = np.array([-4, -3, -2, -1, 1, 2, 3, 4])[dice.below("bpm.step", ids, 8)]
    bpm = np.where(dice.happens("bpm.wrong", ids, wrong), bpm + step, bpm)
    other = np.where(bpm > 110, bpm / 2, bpm * 2)
    return np.asarray(np.where(dice.happens("bpm.octave", ids, octave), other, bpm), dtype=np.float64)


def off_key(pitch: Whole, minor: Yes, dice: Dice, ids: Ids, wrong: float) -> tuple[Whole, Yes]:
    """Pitch class and mode, a share wrong: relative key (half), a fifth up (a third), or anything else."""
    hit = dice.happens("key.wrong", ids, wrong)
    way = dice.pick("key.way", ids, [5, 3, 2])
    relative = np.where(minor, pitch + 3, pitch - 3) % 12
    stray = (pitch + 1 + dice.below("key.stray", ids, 11)) % 12
    told = np.select([way == 0, way == 1], [relative, (pitch + 7) % 12], stray)
    return np.where(hit, told, pitch), np.asarray(minor ^ (hit & (way == 0)))


def sureness(dice: Dice, field: str, ids: Ids, above: Yes, threshold: float) -> Real:
    """A confidence of three digits for each of `ids`: at least the threshold, or below it by up to 0.38."""
    chance = dice.uniform(f"{field}.sureness", ids)
    # those who are sure are mostly very sure
    high = np.ceil((threshold + np.sqrt(chance) * (0.999 - threshold)) * 1000) / 1000
    low = np.floor((threshold - 0.005 - chance * 0.38) * 1000) / 1000
    return np.asarray(np.where(above, high, low), dtype=np.float64)


def unclean_isrc(isrc: pl.Series, dice: Dice, ids: Ids, rate: float) -> pl.Series:
    """ISRCs, a share of them with hyphens (half of it) or in lower case."""
    frame = pl.DataFrame({"isrc": isrc, "way": dice.uniform("isrc.unclean", ids)})
    whole, way = pl.col("isrc"), pl.col("way")
    parts = (whole.str.slice(0, 2), whole.str.slice(2, 3), whole.str.slice(5, 2), whole.str.slice(7))
    hyphens = pl.when(way < rate / 2).then(pl.concat_str(parts, separator="-"))
    text = hyphens.when(way < rate).then(whole.str.to_lowercase()).otherwise(whole)
    return frame.select(text.alias("isrc"))["isrc"]


def off_by_seconds(duration_ms: pl.Series, dice: Dice, ids: Ids, rate: float) -> pl.Series:
    """`duration_ms`, a share off by up to two seconds."""
    jitter = np.where(
        dice.happens("duration.off", ids, rate), dice.between("duration.by", ids, -2000, 2000), 0
    )
    return duration_ms + pl.Series(jitter)


def clock(duration_ms: pl.Series) -> pl.Series:
    """Durations as ``m:ss`` (minutes may exceed 59)."""
    seconds = pl.DataFrame({"s": (duration_ms / 1000).round().cast(pl.Int64)})
    minutes = (pl.col("s") // 60).cast(pl.String)
    return seconds.select((minutes + ":" + (pl.col("s") % 60).cast(pl.String).str.zfill(2)).alias("clock"))[
        "clock"
    ]


def later(day: pl.Series, days: Whole) -> pl.Series:
    """Dates moved by so many days."""
    return (day.cast(pl.Int32) + pl.Series(days).cast(pl.Int32)).cast(pl.Date)
