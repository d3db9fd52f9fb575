"""How sure it is that two records are the same recording: a logistic model one can read, and vetoes.

The log odds of a match are an intercept plus one piecewise linear function of each feature (`Curve`), learned
from labelled pairs (`training`) and kept in ``model.json``. A feature a side does not give adds nothing. Some
facts are not a matter of weighing: they bound the confidence whatever else agrees (`VETOES`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from enrichment.matching.names import LENGTH_APART
from enrichment.matching.version_conflicts import CONFLICT, UNSAID

Floats = npt.NDArray[np.float64]

VETO = 0.02
"""Confidence above which no vetoed pair comes."""
THRESHOLD = 0.5
"""Confidence from which a pair is called a match."""
ISRC_CONFIDENCE = 0.99
"""Confidence that an equal ISRC gives at least."""
SAME_ID_TITLE = 0.55
"""With a shared id, titles less alike than this are a wrong link, not a spelling."""
SAME_LENGTH = 2.5
"""Seconds within which a length speaks for one recording under other names of its guests."""


_TELLING = 12
"""Letters from which on a title is unlikely to be another artist's, too."""
_OTHER_ARTISTS, _UNLIKE_ARTISTS = 0.55, 0.65
"""Agreement and likeness of artists who are others, whatever the title and the length say."""
ALIKE_ALBUM, SAME_ALBUM = 0.8, 0.9
"""Likeness of albums that may be one, and from which on they are."""


def placed(features: Mapping[str, Floats]) -> npt.NDArray[np.bool_]:
    """Whether both sides of a pair are the same number of the same album."""
    if "number" not in features or "album" not in features:
        return np.zeros(len(features["length"]), bool)
    same: npt.NDArray[np.bool_] = (features["number"] == 0) & (features["album"] >= SAME_ALBUM)
    return same


def _by_names(features: Mapping[str, Floats], pairs: int) -> npt.NDArray[np.str_]:
    """What the names of tracks forbid, '' for nothing; releases have none of it."""
    vetoes = np.full(pairs, "", dtype="<U18")
    if "other_guests" not in features:
        return vetoes
    near = features["length"] <= SAME_LENGTH
    vetoes[(features["other_guests"] > 0) & ~near] = "other guests"
    vetoes[_others(features)] = "artists"
    vetoes[(features["common_title"] > 0) & (features["length"] > SAME_LENGTH) & ~placed(features)] = "length"
    vetoes[(features["bare_title"] < _TELLING) & _title_alone(features)] = "title alone"
    vetoes[(features["other_numbers"] > 0) & ~placed(features)] = "numbers"
    return vetoes


def _title_alone(features: Mapping[str, Floats]) -> npt.NDArray[np.bool_]:
    """Whether nothing beside the title is known of both sides."""
    beside = [features[name] for name in ("length", "album", "number", "year", "label") if name in features]
    alone: npt.NDArray[np.bool_] = np.all(np.isnan(beside), axis=0)
    return alone & (features["same_title"] > 0)  # a record without any words has no title to go by


def _others(features: Mapping[str, Floats]) -> npt.NDArray[np.bool_]:
    """Whether other artists are named, and no release says that it is one track all the same."""
    other: npt.NDArray[np.bool_] = (features["same_artists"] <= _OTHER_ARTISTS) & (
        features["artist"] < _UNLIKE_ARTISTS
    )
    for name, least in (("album", ALIKE_ALBUM), ("label", 1.0), ("catalog_number", 1.0)):
        if name in features:
            other = other & ~(features[name] >= least)
    # titles unlike each other need no veto
    return other & (features["same_title"] > 0) & ~placed(features)


@dataclass(frozen=True, slots=True)
class Curve:
    """Log odds a feature adds: linear between `knots`, constant outside; 0 where the feature is NaN."""

    knots: tuple[float, ...]
    weights: tuple[float, ...]

    def __call__(self, values: Floats) -> Floats:
        """Log odds of each value."""
        said: Floats = np.interp(values, self.knots, self.weights)
        return np.where(np.isnan(values), 0.0, said)


@dataclass(frozen=True, slots=True)
class Judged:
    """Judgement of n pairs.

    Attributes:
        confidence: probability of a match, vetoes applied.
        terms: log odds each feature adds.
        vetoes: name of the veto of each pair, '' for none.
        log_odds: the model's own, before vetoes.
    """

    confidence: Floats
    terms: dict[str, Floats]
    vetoes: npt.NDArray[np.str_]
    log_odds: Floats


@dataclass(frozen=True, slots=True)
class Model:
    """Intercept and curves; `about` says what it was learned from."""

    intercept: float
    curves: dict[str, Curve]
    about: str = ""

    def judge(self, features: Mapping[str, Floats]) -> Judged:
        """Judge pairs by their features, value arrays by name (see `features.pair_features`)."""
        terms = {name: curve(features[name]) for name, curve in self.curves.items() if name in features}
        log_odds = self.intercept + np.sum(list(terms.values()), axis=0)
        confidence = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -40, 40)))
        same_isrc = features["isrc"] > 0
        said = features["version"]
        apart = features["length"] > LENGTH_APART
        # an id is a link somebody made: it holds unless the version and the length both speak against it
        confirmed = same_isrc & ~((said == CONFLICT) & ~(features["length"] <= LENGTH_APART))
        confirmed &= ~(features["title"] < SAME_ID_TITLE)
        against = same_isrc & apart & (said <= UNSAID)
        confidence = np.where(confirmed & ~against, np.maximum(confidence, ISRC_CONFIDENCE), confidence)
        vetoes = _by_names(features, len(log_odds))
        vetoes[same_isrc] = ""
        vetoes[(said == CONFLICT) & ~confirmed] = "version"
        vetoes[against] = "version and length"
        confidence = np.where(vetoes != "", np.minimum(confidence, VETO), confidence)
        return Judged(confidence, terms, vetoes, log_odds)

    def ceiling(self, features: Mapping[str, Floats]) -> Floats:
        """Log odds that pairs can reach at most, whatever the features that are not given say."""
        unknown = [max(0.0, *curve.weights) for name, curve in self.curves.items() if name not in features]
        known = [curve(features[name]) for name, curve in self.curves.items() if name in features]
        most: Floats = self.intercept + sum(unknown) + np.sum(known, axis=0)
        return most


def load(text: str | None = None) -> Model:
    """The model kept with the code, or the one written in `text`."""
    content = json.loads(text or files("enrichment.matching").joinpath("model.json").read_text("utf-8"))
    curves = {
        name: Curve(tuple(one["knots"]), tuple(one["weights"])) for name, one in content["features"].items()
    }
    return Model(float(content["intercept"]), curves, content["about"])


def dump(model: Model) -> str:
    """The model as the text of ``model.json``, one feature a line."""
    lines = ",\n".join(
        f'    "{name}": ' + json.dumps({"knots": list(c.knots), "weights": [round(w, 3) for w in c.weights]})
        for name, c in model.curves.items()
    )
    return (
        f'{{\n  "about": {json.dumps(model.about)},\n  "intercept": {round(model.intercept, 3)},\n'
        f'  "features": {{\n{lines}\n  }}\n}}\n'
    )
