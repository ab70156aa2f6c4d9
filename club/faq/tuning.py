"""How sure the answers are, measured: every sorted question is ranked by a model that did not know it (leave one out),
and the curve and the thresholds are read off. Run by `ecohub ask --tune`."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

from club.faq.fit import Ground
from club.faq.grams import Floats
from club.faq.model import signs_of
from club.faq.samples import OUTSIDE
from club.faq.verdicts import Sureness

_OUTSIDE = 0.05  # of what no entry answers, at most so many may be answered (decision 10)
_WRONG = 0.05  # of what an entry answers, at most so many may be answered by another
_OFFERED = 0.5  # of what no entry answers, so many may be offered neighbours: buttons are generous


@dataclass(frozen=True, slots=True)
class Measured:
    """What tuning found, and on how many questions: the share whose entry comes first, is among three, is answered
    rightly, is answered wrongly; and the share of outsiders that are answered."""

    sureness: Sureness
    inside: int
    outside: int
    first: float
    among_three: float
    right: float
    wrong: float
    answered_outside: float


def tune(ground: Ground, *, by_meaning: bool) -> Measured:
    """The measure on the questions that people asked or that nothing answers; the entries' own words, near misses
    included, only teach."""
    lexical = _left_out(ground, by_meaning=False)
    scores = _left_out(ground, by_meaning=True) if by_meaning else lexical
    inside = ground.wanted[:, -1] > 0
    counted = np.array([sample.asked or sample.entry == OUTSIDE for sample in ground.samples])
    scores, lexical, inside = scores[counted], lexical[counted], inside[counted]
    wanted = ground.wanted[counted, :-1]
    order = np.argsort(-scores[:, :-1], axis=1)
    right = inside & (wanted[np.arange(len(wanted)), order[:, 0]] > 0)
    three = inside & (np.take_along_axis(wanted, order[:, :3], axis=1).max(axis=1) > 0)
    signs = np.array([signs_of(*rows) for rows in zip(scores, lexical, strict=True)])
    weights, bias = _curve(signs, right)
    chance = 1 / (1 + np.exp(-(signs @ weights + bias)))
    direct = max(_bound(chance[~inside], _OUTSIDE), _bound(chance[inside & ~right], _WRONG, len(chance[inside])))
    near = _bound(chance[~inside], _OFFERED)
    sureness = Sureness(
        tuple(round(float(one), 3) for one in weights), round(bias, 3), _up(direct), _up(min(near, direct / 2))
    )
    answered = chance >= sureness.direct
    return Measured(
        sureness=sureness,
        inside=int(inside.sum()),
        outside=int((~inside).sum()),
        first=float(right[inside].mean()),
        among_three=float(three[inside].mean()),
        right=float((right & answered)[inside].mean()),
        wrong=float((~right & answered)[inside].mean()),
        answered_outside=float(answered[~inside].mean()),
    )


def _left_out(ground: Ground, *, by_meaning: bool) -> Floats:
    """The scores of each sample by all the others: for this regression they need no other fitting."""
    matrix = ground.doubted(by_meaning=by_meaning).astype(np.float64)
    inverse = cho_solve(cho_factor(matrix, overwrite_a=True), np.eye(len(matrix)))
    shares = inverse @ (ground.wanted - ground.usual)
    return np.asarray(ground.wanted - shares / np.diag(inverse)[:, None], np.float32)


def _curve(signs: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    """The logistic curve that gives what is right its chance."""
    middle, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    features = np.column_stack([(signs - middle) / spread, np.ones(len(signs))])
    aim = np.where(right, 1.0, -1.0)

    def loss(at: NDArray[np.float64]) -> float:
        return float(np.logaddexp(0, -aim * (features @ at)).sum() + 0.05 * (at[:-1] ** 2).sum())

    found = minimize(loss, np.zeros(features.shape[1]), method="L-BFGS-B").x
    weights = found[:-1] / spread
    return weights, float(found[-1] - middle @ weights)


def _bound(chances: NDArray[np.float64], share: float, among: int | None = None) -> float:
    """The chance that at most this share of `among` reaches, were one more of them to come (rank (k + 1)/(n + 1))."""
    count = len(chances) if among is None else among
    allowed = max(int(share * (count + 1)) - 1, 0)
    ordered = np.sort(chances)[::-1]
    return float(ordered[allowed]) if allowed < len(ordered) else 0.0


def _up(chance: float) -> float:
    return ceil(chance * 1000 + 1e-9) / 1000
