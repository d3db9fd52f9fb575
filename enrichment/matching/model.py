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
_SAME_LENGTH = 2.5
"""Seconds within which a length speaks for one recording under other names of its guests."""
_LENGTH_APART = 15.0
"""Seconds by which lengths contradict an ISRC when the version differs too."""


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
        apart = features["length"] > _LENGTH_APART
        # an id is a link somebody made: it holds unless the version and the length both speak against it
        confirmed = same_isrc & ~((said == CONFLICT) & ~(features["length"] <= _LENGTH_APART))
        confirmed &= ~(features["title"] < SAME_ID_TITLE)
        against = same_isrc & apart & (said <= UNSAID)
        confidence = np.where(confirmed & ~against, np.maximum(confidence, ISRC_CONFIDENCE), confidence)
        vetoes = np.full(len(log_odds), "", dtype="<U18")
        if "other_guests" in features:
            near = features["length"] <= _SAME_LENGTH
            vetoes[(features["other_guests"] > 0) & ~same_isrc & ~near] = "other guests"
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
