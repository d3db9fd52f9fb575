"""The world itself, before anybody tells it: who made which track, how it sounds, who played it when.

What belongs here: the specification of a world and its making. A world is a pure function of its
specification; the number of every thing in it is its row number.
"""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from extractors.sandbox.catalogue import Catalogue, make_catalogue
from extractors.sandbox.dice import Dice
from extractors.sandbox.genres import GENRES
from extractors.sandbox.people import make_artists, make_labels
from extractors.sandbox.sets import Programme, make_programme

GENERATOR = 2
"""Version of the generator; grows whenever the same specification would give another delivery."""
SETS_PER_TRACK = 0.08
MINIMUM_TRACKS = 100


@dataclass(frozen=True)
class WorldSpec:
    """What makes a world: two equal specifications give the same world, byte for byte.

    Attributes:
        tracks: number of tracks.
        sets: number of DJ sets; None means 8 % of the number of tracks.
        seed: any whole number; another seed is another world.

    Raises:
        ValueError: fewer than `MINIMUM_TRACKS` tracks or less than one set.
    """

    tracks: int = 5000
    sets: int | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        if self.tracks < MINIMUM_TRACKS:
            raise ValueError(f"a world needs at least {MINIMUM_TRACKS} tracks, not {self.tracks}")
        if self.set_count < 1:
            raise ValueError(f"a world needs at least one DJ set, not {self.set_count}")

    @property
    def set_count(self) -> int:
        """Number of DJ sets, with the default filled in."""
        return round(self.tracks * SETS_PER_TRACK) if self.sets is None else self.sets

    def as_dict(self) -> dict[str, int]:
        """The specification in full, for `world.json`."""
        return {"tracks": self.tracks, "sets": self.set_count, "seed": self.seed, "generator": GENERATOR}


@dataclass(frozen=True)
class World:
    """A world. See `people`, `catalogue` and `sets` for the columns of its tables.

    Attributes:
        spec: what it was made from.
        artists: artists.
        labels: labels.
        catalogue: releases, works and tracks.
        programme: DJ sets, the rows of their tracklists, and mashups.
    """

    spec: WorldSpec
    artists: pl.DataFrame
    labels: pl.DataFrame
    catalogue: Catalogue
    programme: Programme

    def dice(self, scope: str) -> Dice:
        """Dice for anything that is told about this world."""
        return Dice(self.spec.seed, scope)

    @cached_property
    def golden_track(self) -> int | None:
        """The track of the worked example: the store says 130 BPM at 0.89, the listening service 128 at 0.95.

        It is the first original at 128 BPM that has a key and an ISRC; None in a world that has no such
        track.
        """
        tracks = self.catalogue.tracks
        fits = (tracks["bpm"] == 128) & (tracks["version_kind"] == "original") & tracks["isrc"].is_not_null()
        found = fits.arg_true()
        return int(found[0]) if len(found) else None

    def told(self, tracks: pl.Series) -> pl.DataFrame:
        """Everything that is true of the given tracks (row numbers), one row each, in that order.

        Columns: ``track``, ``work``, ``release``, ``place``, the artists' numbers (``artist_1`` to
        ``featured``, ``remixer``) and names (``artist_1_name`` ...), ``title``, ``version_kind``,
        ``version``, ``isrc``, those of `sound.add_sound` (genre by name, its number as ``genre_number``), and
        of the release ``album``, ``album_kind``, ``album_artist``, ``label``, ``label_name``,
        ``catalog_number``, ``date``, ``price_cents``.
        """
        frame = self.catalogue.tracks[tracks].with_columns(track=tracks)
        works = self.catalogue.works[frame["work"]]
        releases = self.catalogue.releases[frame["release"]]
        people = {name: works[name] for name in ("artist_1", "artist_2", "artist_3", "featured")}
        people |= {"remixer": frame["remixer"], "album_artist": releases["artist"]}
        return frame.with_columns(
            *(numbers.alias(name) for name, numbers in people.items()),
            *(self.artists["name"].gather(numbers).alias(f"{name}_name") for name, numbers in people.items()),
            title=works["title"],
            genre=pl.Series([genre.name for genre in GENRES]).gather(frame["genre"]),
            genre_number=frame["genre"],
            album=releases["title"],
            album_kind=releases["kind"],
            label=releases["label"],
            label_name=self.labels["name"].gather(releases["label"]),
            catalog_number=releases["catalog_number"],
            date=releases["date"],
            price_cents=releases["price_cents"],
        )


def make_world(spec: WorldSpec) -> World:
    """The world of a specification. 100,000 tracks take about a second."""
    dice = Dice(spec.seed, "world")
    artists = make_artists(dice, spec.tracks)
    labels = make_labels(dice, spec.tracks)
    catalogue = make_catalogue(dice, spec.tracks, artists, labels)
    programme = make_programme(dice, spec.set_count, artists, catalogue)
    return World(spec, artists, labels, catalogue, programme)
