"""Lists of releases: rows with a title, an artist and a track list, as comparable columns.

Belongs here: what makes a list one of releases, and the way from its cells to
`enrichment.lists.release_features.Releases`. The rest of the way is that of a list of tracks.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from enrichment.lists import tracklists, units
from enrichment.lists.blocking import Candidates
from enrichment.lists.reading import RELEASE_FIELDS, as_fields, fields_of, meant
from enrichment.lists.records import Listed, record_ids
from enrichment.lists.release_blocking import candidates
from enrichment.lists.release_features import Releases, release_features, releases
from enrichment.matching.comparable import Floats, Indices
from enrichment.matching.model import Judged, Model, load

_NUMBERED = re.compile(r"^track[ _-]?(?:title|name)?[ _-]?0*(\d+)$", re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class ReleaseList(Listed):
    """A list of releases read and understood.

    Attributes:
        records: the comparable columns.
        notation: how tracks are divided.
    """

    noun = "releases"
    records: Releases
    notation: tracklists.Notation = field(default_factory=lambda: tracklists.read([])[1])

    def candidates(self) -> Candidates:
        """Pairs worth judging."""
        return candidates(self.records)

    def features(self, left: Indices, right: Indices) -> dict[str, Floats]:
        """Features of pairs."""
        return release_features(self.records, left, right)

    def judge(self, model: Model, left: Indices, right: Indices) -> tuple[dict[str, Floats], Judged]:
        """Features and judgement of pairs of rows."""
        features = self.features(left, right)
        return features, model.judge(features)

    def model(self) -> Model:
        """The model kept with the code."""
        return load(files("enrichment.lists").joinpath("release_model.json").read_text("utf-8"))

    def names_something(self) -> npt.NDArray[np.bool_]:
        """Whether each row has a title or tracks."""
        cells = zip(self.records.title, self.records.tracks, strict=True)
        return np.fromiter((bool(title or tracks) for title, tracks in cells), bool, len(self.records.title))


def gathered(frame: pl.DataFrame, mapping: Mapping[str, str]) -> pl.DataFrame:
    """The frame with its columns ``track01``, ``track02``... joined into one column ``tracks``."""
    numbers = {c: int(m[1]) for c in frame.columns if (m := _NUMBERED.match(c)) and c not in mapping}
    if len(numbers) < 2 or "tracks" in frame.columns or "tracks" in mapping.values():
        return frame
    columns = sorted(numbers, key=lambda c: numbers[c])
    rows = zip(*(meant(frame[c]) for c in columns), strict=True)
    joined = [json.dumps(kept) if (kept := [t for t in row if t]) else None for row in rows]
    return frame.drop(columns).with_columns(pl.Series("tracks", joined, dtype=pl.String))


def has_track_lists(frame: pl.DataFrame, fields: Mapping[str, str]) -> bool:
    """Whether the column that by its name holds track lists does (and not how many tracks there are)."""
    return "tracks" in fields and tracklists.is_a_list(meant(frame[fields["tracks"]]))


def from_frame(frame: pl.DataFrame, mapping: Mapping[str, str], path: Path) -> ReleaseList:
    """A list whose rows are releases.

    Raises:
        LakeError: no title column, a wrong mapping, or record ids that are not unique.
    """
    fields = fields_of(frame.columns, mapping, str(path))
    values = as_fields(frame, fields, path)
    ids = record_ids(values, fields, mapping, frame.height, path)
    sources = [one or "" for one in values.get("source") or [""] * frame.height]
    made = understand(values, sources)
    made.ids, made.fields = ids, fields
    return made


def from_pairs(
    frame: pl.DataFrame, left: str, right: str, mapping: Mapping[str, str], path: Path
) -> ReleaseList:
    """A list whose rows are pairs: the left releases first, then the right ones, as two sources.

    Raises:
        LakeError: a side has no title column, or the mapping is wrong.
    """
    sides = [fields_of(frame.columns, mapping, str(path), prefix=p) for p in (left, right)]
    cells = [as_fields(frame, side, path) for side in sides]
    values = {
        name: [cell for side in cells for cell in side.get(name, [None] * frame.height)]
        for name in RELEASE_FIELDS
    }
    made = understand(values, [left] * frame.height + [right] * frame.height)
    made.fields = {**sides[1], **sides[0]}
    return made


def understand(values: Mapping[str, list[str | None]], sources: list[str]) -> ReleaseList:
    """Read track lists, years and names.

    Args:
        values: cells by field, None for not known.
        sources: source of each row.
    """
    titles = values["title"]
    nothing: list[str | None] = [None] * len(titles)
    artists = values.get("artist") or nothing
    tracks, notation = tracklists.read(values.get("tracks") or nothing)
    records = releases(
        titles,
        artists,
        tracks,
        divided=notation.divided,
        year=np.array([units.year(one) for one in values.get("year") or nothing], dtype=float),
        genres=values.get("genre") or nothing,
    )
    shown = [
        (t or "", a or "", k or "")
        for t, a, k in zip(titles, artists, values.get("tracks") or nothing, strict=True)
    ]
    return ReleaseList(sources=sources, records=records, notation=notation, shown=shown)
