"""Fitting the model's curves to labelled pairs.

Belongs here: the numbers (penalised logistic regression by Newton's method, made monotone). Which pairs are
learned from is decided in `training`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from enrichment.matching.model import Curve, Model
from enrichment.matching.version_conflicts import CONFLICT, NEARLY, SAME, SILENT, SOFT, UNSAID

Floats = npt.NDArray[np.float64]

_SIMILARITY = (0.3, 0.5, 0.65, 0.8, 0.9, 1.0)
KNOTS: dict[str, tuple[float, ...]] = {
    "same_title": (0.0, 0.75, 0.85, 0.95, 1.0),
    "same_artists": (0.0, 0.5, 0.75, 0.85, 0.92, 1.0),
    "version": (CONFLICT, SOFT, UNSAID, NEARLY, SILENT, SAME),
    "artist": _SIMILARITY,
    "text_within": (0.5, 0.65, 0.8, 0.9, 1.0),
    "length": (0.0, 1.0, 2.5, 5.0, 10.0, 30.0, 90.0),
    "year": (0.0, 1.0, 3.0, 10.0),
    "number": (0.0, 1.0, 4.0),
}
"""Where a learned curve may bend."""
FALLING = frozenset({"length", "year", "number"})
"""Features that speak for a match the smaller they are."""
GIVEN = {
    "album": Curve((0.5, 1.0), (-0.05, 0.05)),
    "isrc": Curve((0.0, 0.01, 0.34, 1.0), (-1.5, 5.0, 6.0, 8.0)),
    "label": Curve((0.0, 0.7, 1.0), (-0.3, 0.0, 0.5)),
    "catalog_number": Curve((0.0, 1.0), (-0.5, 2.0)),
    "bpm": Curve((0.0, 0.5, 1.5, 4.0), (0.5, 0.3, -1.0, -2.0)),
    "one_catalogue": Curve((0.0, 1.0), (0.0, -1.0)),
}
"""Curves no open labelled pairs teach. The album settles ties only: its words are in the texts already. The
rest by the meaning of the ids: an ISRC names a recording and is wrong or reused in about one case of a
thousand, while one recording has several; a label or catalogue number names who released it, and releases
repeat recordings; measured tempi of one recording agree within a beat, half and double aside; a catalogue
lists a recording twice only as a reissue."""


def basis(values: Floats, knots: tuple[float, ...]) -> Floats:
    """Hat functions: shape (n, knots), each row sums to 1, or to 0 where the value is NaN."""
    known = ~np.isnan(values)
    inside = np.clip(np.where(known, values, knots[0]), knots[0], knots[-1])
    columns = [np.interp(inside, knots, np.eye(len(knots))[k]) for k in range(len(knots))]
    made: Floats = np.column_stack(columns) * known[:, None]
    return made


def fit(
    features: Mapping[str, Floats],
    labels: npt.NDArray[np.bool_],
    weights: Floats,
    *,
    penalty: float = 1.0,
    about: str = "",
    knots: Mapping[str, tuple[float, ...]] = KNOTS,
    falling: Collection[str] = FALLING,
    given: Mapping[str, Curve] = GIVEN,
) -> Model:
    """The model that explains the labels best, each curve monotone.

    Penalised maximum likelihood; where a curve turns the wrong way its knots are tied and it is fitted again,
    until none does. `given` curves are taken as they are.

    Args:
        features: value arrays by name.
        labels: whether a pair matches.
        weights: weight of each pair.
        penalty: of a squared weight (ridge), which also holds curves of rarely seen values near 0.
        about: what the model is learned from.
        knots: where the curve of each feature to learn may bend.
        falling: features that speak for a match the smaller they are.
        given: curves that are not learned.
    """
    offset = np.sum([curve(features[name]) for name, curve in given.items() if name in features], axis=0)
    hats = {name: basis(features[name], bends) for name, bends in knots.items()}
    shapes = {name: _Shape([[k] for k in range(len(bends))], set()) for name, bends in knots.items()}
    values = {name: [0.0] * len(bends) for name, bends in knots.items()}
    intercept = 0.0
    while True:
        free = [
            (name, k) for name, shape in shapes.items() for k in range(len(shape.tied)) if k not in shape.zero
        ]
        columns = [hats[name][:, shapes[name].tied[k]].sum(axis=1) for name, k in free]
        start = np.array([intercept, *(values[name][k] for name, k in free)])  # near the end already
        solution = _newton(
            np.column_stack([np.ones(len(labels)), *columns]), labels, weights, offset, penalty, start=start
        )
        intercept = float(solution[0])
        values = {name: [0.0] * len(shape.tied) for name, shape in shapes.items()}
        for (name, k), value in zip(free, solution[1:].tolist(), strict=True):
            values[name][k] = value
        mended = [shape.mend(values[name], falling=name in falling) for name, shape in shapes.items()]
        if not any(mended):
            break
    curves = {}
    for name, bends in knots.items():
        flat = [0.0] * len(bends)
        for tied, value in zip(shapes[name].tied, values[name], strict=True):
            for k in tied:
                flat[k] = value
        curves[name] = Curve(bends, tuple(flat))
    return Model(intercept, {**curves, **given}, about)


@dataclass(slots=True)
class _Shape:
    """Knots that share a value, and those of the groups whose value is held at 0."""

    tied: list[list[int]]
    zero: set[int]

    def mend(self, values: list[float], *, falling: bool) -> bool:
        """Tie the first neighbours that turn the wrong way, or hold an end of the wrong sign at 0.

        The best value of a feature never counts against a match and the worst never for one: in the labelled
        pairs "same album" may stand for "a sister track", which is no reason to doubt what is the same.
        """
        sign = -1.0 if falling else 1.0
        for k in range(len(values) - 1):
            if sign * values[k] > sign * values[k + 1]:
                self.tied[k] += self.tied.pop(k + 1)
                values[k] = (values[k] + values.pop(k + 1)) / 2
                held = k in self.zero or k + 1 in self.zero
                self.zero = {z if z < k else z - 1 for z in self.zero if z not in {k, k + 1}}
                if held:
                    self.zero.add(k)
                return True
        last = len(values) - 1
        for k, wrong in ((last, sign * values[last] < 0), (0, sign * values[0] > 0)):
            if wrong and k not in self.zero:
                self.zero.add(k)
                return True
        return False


def _newton(
    x: Floats,
    labels: npt.NDArray[np.bool_],
    weights: Floats,
    offset: Floats,
    penalty: float,
    *,
    start: Floats,
) -> Floats:
    """Coefficients of a logistic regression with an offset; the first column is not penalised."""
    ridge = np.full(x.shape[1], penalty)
    ridge[0] = 1e-6
    solution: Floats = start
    for _ in range(40):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ solution + offset, -30, 30)))
        gradient = x.T @ (weights * (labels - p)) - ridge * solution
        hessian = (x * (weights * p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        scale = min(
            1.0, 4.0 / max(float(np.abs(step).max()), 1e-12)
        )  # far from the optimum Newton overshoots
        solution = solution + scale * step
        if np.abs(step).max() < 1e-4:
            break
    return solution
