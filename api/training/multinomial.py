"""Multinomial logits, fitted by Newton's method with a ridge. Offline only; part of training.

Either all coefficients are drawn towards zero, or towards a vote: where several models have said already how much
speaks for each class, one weight a model is all that is needed to put them together, and what else their opinions
of the other classes tell has to pay for itself (stacking, Wolpert 1992, with the classes' weights tied as in a
conditional logit, McFadden 1974).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from api.training.calibration import shares_of

Matrix = NDArray[np.float64]
_ALL_BUT_FREE = 1e-3  # ridge of bases and of a voter's weight
_ROUNDS = 40
_CLOSE = 1e-8  # least step that is worth another round


def softmax_regression(
    x: Matrix, y: NDArray[np.int_], weight: Matrix, classes: int, penalty: float
) -> Matrix:
    """One column a class: coefficients over the columns of `x`, scaled for the ridge, and, last, the base."""
    return stacked_choice(x, (), y, weight, classes, penalty)


def stacked_choice(
    x: Matrix,
    voters: Sequence[NDArray[np.int_]],
    y: NDArray[np.int_],
    weight: Matrix,
    classes: int,
    penalty: float,
) -> Matrix:
    """The same, but the ridge draws towards a vote.

    A voter is the numbers of the columns of `x` with its opinion of each class, in the order of the classes.
    """
    mean, spread = x.mean(axis=0), x.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    z = (x - mean) / scale
    opinions = [x[:, columns] for columns in voters]
    sizes = [float(opinion.std()) or 1.0 for opinion in opinions]
    rows, width = z.shape
    first = (
        len(voters) + classes
    )  # the parameters: a weight a voter, a base a class, the coefficients class by class
    design = np.zeros((rows, classes, first + classes * width))
    for number, (opinion, size) in enumerate(zip(opinions, sizes, strict=True)):
        design[:, :, number] = opinion / size
    for kind in range(classes):
        design[:, kind, len(voters) + kind] = 1.0
        design[:, kind, first + kind * width : first + (kind + 1) * width] = z
    ridge = np.full(design.shape[2], penalty)
    ridge[:first] = _ALL_BUT_FREE
    theta = np.zeros(len(ridge))
    target = np.eye(classes)[y]
    for _ in range(_ROUNDS):
        share = shares_of(design @ theta)
        gradient = np.einsum("nc,ncp->p", weight[:, None] * (share - target), design) + ridge * theta
        expected = np.einsum("nc,ncp->np", share, design) * np.sqrt(weight)[:, None]
        each = (design * np.sqrt(weight[:, None] * share)[:, :, None]).reshape(rows * classes, -1)
        step = np.linalg.solve(each.T @ each - expected.T @ expected + np.diag(ridge), gradient)
        theta = theta - step
        if float(np.abs(step).max()) < _CLOSE:
            break
    table = theta[first:].reshape(classes, width).T / scale[:, None]
    base = theta[len(voters) : first] - mean @ table
    for columns, size, share_of_vote in zip(voters, sizes, theta, strict=False):
        table[columns, np.arange(classes)] += share_of_vote / size
    return np.vstack([table, base])


def added_column(
    column: Matrix, logits: Matrix, y: NDArray[np.int_], weight: Matrix, penalty: float
) -> Matrix:
    """One more column beside a model that stays as it is: a coefficient a class, drawn towards zero.

    `logits` are what the model says, a row a document. `penalty` counts on the column as it is. A base a
    class is fitted along and thrown away: what the model gets wrong in all documents has nothing to do with the
    column. A column without spread gets zeros.
    """
    classes, spread = logits.shape[1], float(column.std())
    if not spread:
        return np.zeros(classes)
    design = np.column_stack([np.ones(len(column)), (column - column.mean()) / spread])
    theta = np.zeros((2, classes))
    ridge = np.repeat([_ALL_BUT_FREE, penalty / spread**2], classes)
    target = np.eye(classes)[y]

    def loss(theta: Matrix) -> float:
        said = logits + design @ theta
        top = said.max(axis=1)
        likely = (said * target).sum(axis=1) - top - np.log(np.exp(said - top[:, None]).sum(axis=1))
        return float(ridge @ (theta.ravel() ** 2) / 2 - weight @ likely)

    for _ in range(_ROUNDS):
        share = shares_of(logits + design @ theta)
        gradient = (design.T @ (weight[:, None] * (share - target))).ravel() + ridge * theta.ravel()
        inner = np.einsum("n,nc,cd->ncd", weight, share, np.eye(classes))
        inner -= np.einsum("n,nc,nd->ncd", weight, share, share)
        curved = np.einsum("ni,nj,ncd->icjd", design, design, inner).reshape(2 * classes, 2 * classes)
        step = np.linalg.solve(curved + np.diag(ridge), gradient).reshape(2, classes)
        # far from the mark a whole step of Newton's may lead away from it
        while loss(theta - step) > loss(theta) and float(np.abs(step).max()) >= _CLOSE:
            step /= 2
        theta = theta - step
        if float(np.abs(step).max()) < _CLOSE:
            break
    fitted: Matrix = theta[1] / spread
    return fitted
