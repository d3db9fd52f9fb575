"""Names of artists, labels, tracks and events, put together from `vocabulary` for whole columns at once.

What belongs here: which kinds of names there are and how often. All functions are deterministic in (dice,
ids).
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from extractors.sandbox import vocabulary as words
from extractors.sandbox.dice import Dice, Ids, Whole, Yes

Pattern = tuple[float, tuple[str, ...]]
"""Weight, and the parts whose texts follow one another: names of columns, or literal text."""


def _any_of(dice: Dice, purpose: str, ids: Ids, choices: Sequence[str]) -> pl.Series:
    return pl.Series(purpose, choices).gather(dice.below(purpose, ids, len(choices)))


def invented(dice: Dice, purpose: str, ids: Ids, long: float = 0.5) -> pl.Series:
    """Made-up words of two syllables, or of three with probability `long`."""
    middles = ["", *words.MIDDLES]
    middle = np.where(
        dice.happens(f"{purpose}.long", ids, long),
        1 + dice.below(f"{purpose}.middle", ids, len(words.MIDDLES)),
        0,
    )
    start = _any_of(dice, f"{purpose}.start", ids, words.STARTS)
    end = _any_of(dice, f"{purpose}.end", ids, words.ENDS)
    return start + pl.Series(middles).gather(middle) + end


def _compose(parts: dict[str, pl.Series], pattern: Whole, patterns: Sequence[Pattern]) -> pl.Series:
    """For each row the parts of its pattern, one after the other."""
    frame = pl.DataFrame({**parts, "pattern": pattern})
    text = pl.lit(None, pl.String)
    for number, (_, pieces) in enumerate(patterns):
        phrase = pl.concat_str([pl.col(p) if p in parts else pl.lit(p) for p in pieces])
        text = pl.when(pl.col("pattern") == number).then(phrase).otherwise(text)
    return frame.select(text.alias("name"))["name"]


def _weights(patterns: Sequence[Pattern]) -> list[float]:
    return [weight for weight, _ in patterns]


def _recased(names: pl.Series, upper: Yes, lower: Yes) -> pl.Series:
    frame = pl.DataFrame({"name": names, "upper": upper, "lower": lower})
    name = pl.col("name")
    cased = pl.when("upper").then(name.str.to_uppercase()).when("lower").then(name.str.to_lowercase())
    return frame.select(cased.otherwise(name).alias("name"))["name"]


def _made_unique(names: pl.Series, spare: pl.Series) -> pl.Series:
    """The names; where a name (in any case) was there before, with a spare word behind it."""
    again = names.str.to_lowercase().is_first_distinct().not_()
    frame = pl.DataFrame({"name": names, "spare": spare, "again": again})
    longer = pl.concat_str(["name", "spare"], separator=" ")
    return frame.select(pl.when("again").then(longer).otherwise("name").alias("name"))["name"]


_ARTISTS: tuple[Pattern, ...] = (
    (34, ("one",)),
    (40, ("short", " ", "one")),
    (6, ("adjective", " ", "one")),
    (5, ("one", " ", "noun")),
    (4, ("DJ ", "one")),
    (2, ("one", " & ", "two")),
    (2, ("The ", "one", " Project")),
    (3, ("one", " ", "number")),
    (4, ("short", " ", "two", " ", "one")),
)


def artists(dice: Dice, ids: Ids, namesakes: float) -> pl.Series:
    """Artist names of one to three words; a share of `namesakes` bears the name of an earlier artist."""
    parts = {
        "one": invented(dice, "artist.one", ids, 0.7),
        "two": invented(dice, "artist.two", ids, 0.5),
        "short": invented(dice, "artist.short", ids, 0.15),
        "adjective": _any_of(dice, "artist.adjective", ids, words.ADJECTIVES),
        "noun": _any_of(dice, "artist.noun", ids, words.NOUNS),
        "number": pl.Series(dice.between("artist.number", ids, 2, 99)).cast(pl.String),
    }
    names = _compose(parts, dice.pick("artist.pattern", ids, _weights(_ARTISTS)), _ARTISTS)
    names = _made_unique(names, invented(dice, "artist.spare", ids, 1.0))
    case = dice.uniform("artist.case", ids)
    names = _recased(names, case < 0.05, (case >= 0.05) & (case < 0.08))
    earlier = dice.below("artist.namesake_of", ids, np.arange(len(ids)))
    own = np.arange(len(ids))
    return names.gather(np.where(dice.happens("artist.namesake", ids, namesakes), earlier, own))


_LABELS: tuple[Pattern, ...] = (
    (34, ("one", " Records")),
    (16, ("one", " Recordings")),
    (18, ("one", " Music")),
    (12, ("one",)),
    (10, ("one", " ", "noun")),
    (10, ("adjective", " ", "one", " Records")),
)


def labels(dice: Dice, ids: Ids) -> tuple[pl.Series, pl.Series]:
    """Label names, no two alike, and the letters their catalogue numbers start with."""
    one = invented(dice, "label.one", ids, 0.6)
    parts = {
        "one": one,
        "noun": _any_of(dice, "label.noun", ids, words.NOUNS),
        "adjective": _any_of(dice, "label.adjective", ids, words.ADJECTIVES),
    }
    names = _compose(parts, dice.pick("label.pattern", ids, _weights(_LABELS)), _LABELS)
    names = _made_unique(names, invented(dice, "label.spare", ids, 1.0))
    letters = one.str.normalize("NFKD").str.replace_all(r"[^A-Za-z]", "").str.to_uppercase()
    length = 3 + dice.below("label.letters", ids, 3)
    short = pl.DataFrame({"letters": letters, "length": length})
    return names, short.select(pl.col("letters").str.slice(0, pl.col("length")))["letters"]


_TITLES: tuple[Pattern, ...] = (
    (4, ("noun",)),
    (22, ("adjective", " ", "noun")),
    (18, ("one",)),
    (9, ("noun", " of ", "one")),
    (8, ("verb", " the ", "noun")),
    (11, ("one", " ", "noun")),
    (5, ("In the ", "noun")),
    (3, ("noun", " & ", "other")),
    (4, ("noun", " ", "number")),
    (9, ("adjective", " ", "one")),
    (5, ("noun", " in the ", "other")),
    (2, ("No More ", "noun")),
)


def titles(dice: Dice, ids: Ids) -> pl.Series:
    """Track titles of one to four words; short ones are shared by many works."""
    parts = {
        "one": invented(dice, "title.one", ids, 0.75),
        "noun": _any_of(dice, "title.noun", ids, words.NOUNS),
        "other": _any_of(dice, "title.other", ids, words.NOUNS),
        "adjective": _any_of(dice, "title.adjective", ids, words.ADJECTIVES),
        "verb": _any_of(dice, "title.verb", ids, words.VERBS),
        "number": pl.Series(dice.between("title.number", ids, 2, 99)).cast(pl.String),
    }
    return _compose(parts, dice.pick("title.pattern", ids, _weights(_TITLES)), _TITLES)


def events(dice: Dice, ids: Ids) -> pl.DataFrame:
    """Columns ``venue``, ``event``, ``show`` (a radio show or podcast) and ``country`` for events."""
    one = invented(dice, "event.one", ids, 0.6)
    return pl.DataFrame(
        {
            "venue": _any_of(dice, "event.venue", ids, words.VENUES),
            "event": one
            + pl.Series([" Festival", " Weekender", " Open Air", " Club"]).gather(
                dice.below("event.type", ids, 4)
            ),
            "show": one
            + pl.Series([" Radio", " Sessions", " Podcast"]).gather(dice.below("event.show", ids, 3)),
            "country": _any_of(dice, "event.country", ids, words.COUNTRIES),
        }
    )
