"""Providers looking at the world: which records each has, and the values it gives for them.

What belongs here: what all providers share. Each provider's own way of putting it is in its `tell_*` module.

A *record* is a provider's entry for a track. A track may be listed twice by a store (copy 0, and as copy 1 on
a later compilation); the number of a record is ``2 * track + copy``.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import polars as pl

from extractors.sandbox import faults
from extractors.sandbox.dice import Dice, Ids, Real, Whole, Yes
from extractors.sandbox.genres import GENRES
from extractors.sandbox.rates import RATES, ProviderRates
from extractors.sandbox.world import World

THRESHOLDS = {"bpm": 0.98, "key": 0.95, "genre": 0.90}
"""Confidence the waterfall asks of the store (seed S4); its confidences are spread around these."""
CATALOGUES = ("beatport", "spotify", "musicbrainz", "discogs")
"""Providers that have a catalogue (1001Tracklists has what is played)."""

SERVICES = ("deezer", "lastfm", "soundcharts")
"""Providers that have single tracks by themselves, and only answer when asked."""
FOLLOWERS = ("listenbrainz", "acousticbrainz", "acoustid")
"""Providers that know recordings of MusicBrainz alone."""


class Telling(NamedTuple):
    """What a provider tells about a part of the world.

    Attributes:
        payloads: its answers as JSON text.
        records: who is who in them: ``source_entity_id``, ``true_track_id`` (null: no track of the world);
            pages of tracklists also have ``playlist_key``, ``position`` and ``kind``.
    """

    payloads: pl.Series
    records: pl.DataFrame


def told_of(lens: "Lens", entity_ids: pl.Series, payloads: pl.Series) -> Telling:
    """The telling of a provider that answers once for each record."""
    records = pl.DataFrame({"source_entity_id": entity_ids, "true_track_id": lens.told["track"]})
    return Telling(payloads, records)


def coverage(world: World) -> dict[str, Yes]:
    """For each provider, which tracks it has. Every track is in one of `CATALOGUES` or played in a set.

    The store and Discogs have or lack whole releases; the others have single tracks.
    """
    tracks = world.catalogue.tracks
    rows = np.arange(tracks.height)
    release = tracks["release"].to_numpy()
    has: dict[str, Yes] = {}
    for provider in CATALOGUES:
        unit = release if provider in {"beatport", "discogs"} else rows
        has[provider] = world.dice(provider).happens("coverage", unit, RATES[provider].coverage)
    seen = np.zeros(tracks.height, dtype=np.bool_)
    plays = world.programme.plays.filter(pl.col("kind") == "track")["track"]
    seen[plays.to_numpy()] = True
    has["spotify"] |= ~(seen | np.logical_or.reduce(list(has.values())))
    if world.golden_track is not None:
        has["beatport"] |= release == release[world.golden_track]
        has["spotify"][world.golden_track] = True
    for provider in (*SERVICES, *FOLLOWERS):
        has[provider] = world.dice(provider).happens("coverage", rows, RATES[provider].coverage)
    for provider in FOLLOWERS:
        has[provider] &= has["musicbrainz"]
    return has


@dataclass(frozen=True)
class Views:
    """All providers' views of one world."""

    world: World

    @cached_property
    def coverage(self) -> dict[str, Yes]:
        """See `coverage`."""
        return coverage(self.world)

    def records(self, provider: str, low: int, high: int) -> pl.DataFrame:
        """Records of a provider for the tracks in [low, high): columns ``track``, ``copy``, ``record``."""
        tracks = np.flatnonzero(self.coverage[provider][low:high]) + low
        twice = self.world.dice(provider).happens("reissued", tracks, RATES[provider].reissued)
        record = np.sort(np.concatenate([tracks * 2, tracks[twice] * 2 + 1]))
        return pl.DataFrame({"track": record // 2, "copy": record % 2, "record": record})

    def lens(self, provider: str, records: pl.DataFrame) -> "Lens":
        """The provider's eye on these records."""
        told = self.world.told(records["track"]).with_columns(records["copy"], records["record"])
        return Lens(self.world, provider, told)


@dataclass(frozen=True)
class Lens:
    """One provider looking at some records: what it makes of each field.

    Attributes:
        world: the world looked at.
        provider: whose eye it is.
        told: the truth about the records (`World.told`), with ``copy`` and ``record``.
    """

    world: World
    provider: str
    told: pl.DataFrame

    @cached_property
    def rates(self) -> ProviderRates:
        """How often this provider is wrong."""
        return RATES[self.provider]

    @cached_property
    def dice(self) -> Dice:
        """This provider's dice."""
        return self.world.dice(self.provider)

    @cached_property
    def ids(self) -> Ids:
        """Record numbers."""
        return self.told["record"].to_numpy()

    def hit(self, purpose: str, rate: float) -> Yes:
        """Which of the records a share falls on."""
        return self.dice.happens(purpose, self.ids, rate)

    @cached_property
    def golden(self) -> Yes:
        """Records of the worked example."""
        track = -1 if self.world.golden_track is None else self.world.golden_track
        return np.asarray((self.told["track"] == track).to_numpy())

    @cached_property
    def bpm(self) -> Real:
        """Tempo as told, before rounding to the provider's digits."""
        true = self.told["bpm"].to_numpy()
        fast = np.array([genre.octave_prone for genre in GENRES])[self.told["genre_number"].to_numpy()]
        octave = self.rates.bpm_octave * np.where(fast, 3.0, 1.0)
        return faults.off_tempo(true, self.dice, self.ids, wrong=self.rates.bpm_wrong, octave=octave)

    @cached_property
    def key(self) -> tuple[Whole, Yes]:
        """Pitch class and whether it is a minor key, as told."""
        pitch, minor = self.told["pitch_class"].to_numpy(), self.told["minor"].to_numpy()
        return faults.off_key(pitch, minor, self.dice, self.ids, self.rates.key_wrong)

    @cached_property
    def key_is_right(self) -> Yes:
        """Whether the key told is the true one."""
        pitch, minor = self.key
        true = (self.told["pitch_class"].to_numpy(), self.told["minor"].to_numpy())
        return np.asarray((pitch == true[0]) & (minor == true[1]))

    @cached_property
    def genre_number(self) -> Whole:
        """Row number of `GENRES`, as told."""
        other = self.dice.below("genre.other", self.ids, len(GENRES))
        wrong = self.hit("genre.wrong", self.rates.genre_wrong)
        return np.where(wrong, other, self.told["genre_number"].to_numpy())

    def confidence(self, field: str, right: Yes, threshold: float) -> Real:
        """How sure the provider says it is: mostly above the threshold where it is right, else below."""
        over = self.hit(f"{field}.over", self.rates.overconfident)
        under = self.hit(f"{field}.under", self.rates.underconfident)
        return faults.sureness(self.dice, field, self.ids, np.where(right, ~under, over), threshold)

    @cached_property
    def isrc(self) -> pl.Series:
        """ISRCs as told: missing, of another version of the work, with hyphens or in lower case."""
        tracks = self.world.catalogue.tracks
        before = (self.told["track"] - 1).clip(0)
        other = tracks["isrc"].gather(before)
        related = (tracks["work"].gather(before) == self.told["work"]) & other.is_not_null()
        sibling = self.hit("isrc.sibling", self.rates.isrc_of_sibling) & related.to_numpy()
        code = faults.where(sibling, other, self.told["isrc"])
        code = faults.unclean_isrc(code, self.dice, self.ids, self.rates.isrc_unclean)
        return faults.blanked(code, self.hit("isrc.missing", self.rates.isrc_missing))

    @cached_property
    def date(self) -> pl.Series:
        """Release dates as told: some up to three years late, copies up to five."""
        wrong = self.hit("date.wrong", self.rates.date_wrong)
        days = np.where(wrong, self.dice.between("date.by", self.ids, 7, 1095), 0)
        again = self.told["copy"].to_numpy() == 1
        days += np.where(again, self.dice.between("reissue.by", self.ids, 90, 1800), 0)
        return faults.later(self.told["date"], days)

    @cached_property
    def date_digits(self) -> Whole:
        """How many characters of the ISO date are told: 10, 7 (month) or 4 (year)."""
        coarse = np.where(self.hit("date.year_only", 0.5), 4, 7)
        return np.where(self.hit("date.partial", self.rates.date_partial), coarse, 10)

    @cached_property
    def date_text(self) -> pl.Series:
        """Release dates as told, cut to their precision."""
        frame = pl.DataFrame({"date": self.date, "digits": self.date_digits})
        text = pl.col("date").dt.to_string("%Y-%m-%d").str.slice(0, pl.col("digits"))
        return faults.blanked(
            frame.select(text.alias("date"))["date"], self.hit("date.missing", self.rates.date_missing)
        )

    @cached_property
    def duration_ms(self) -> pl.Series:
        """Durations as told, in milliseconds."""
        told = faults.off_by_seconds(self.told["duration_ms"], self.dice, self.ids, self.rates.duration_off)
        return faults.blanked(told, self.hit("duration.missing", self.rates.duration_missing))

    @cached_property
    def label_name(self) -> pl.Series:
        """Labels as told: missing, shortened or in capitals."""
        name = self.told["label_name"]
        way = self.dice.uniform("label.way", self.ids)
        rate = self.rates.label_respelt
        name = faults.where(way < rate / 2, name.str.replace(r" (Records|Recordings|Music)$", ""), name)
        name = faults.where((way >= rate / 2) & (way < rate), name.str.to_uppercase(), name)
        return faults.blanked(name, self.hit("label.missing", self.rates.label_missing))
