"""Multinomial logits, fitted by Newton's method with a ridge.

The ridge draws coefficients towards zero or towards a vote of several models, with one weight a model; other
coefficients over the models' outputs are penalised (stacking, Wolpert 1992, with the classes' weights tied as in
a conditional logit, McFadden 1974).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from api.training.calibration import softmax

Matrix = NDArray[np.float64]
_WEAK_RIDGE = 1e-3  # ridge of bases and voters' weights
_ROUNDS = 40
_TOLERANCE = 1e-8  # smallest step for another round


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
    """Like `softmax_regression`, with a ridge that draws towards a vote.

    A voter is the column numbers of `x` with its output for each class, in the order of the classes.
    """
    mean, spread = x.mean(axis=0), x.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    z = (x - mean) / scale
    opinions = [x[:, columns] for columns in voters]
    sizes = [float(opinion.std()) or 1.0 for opinion in opinions]
    rows, width = z.shape
    # parameters: a weight for each voter, a base for each class, the coefficients by class
    first = len(voters) + classes
    design = np.zeros((rows, classes, first + classes * width))
    for number, (opinion, size) in enumerate(zip(opinions, sizes, strict=True)):
        design[:, :, number] = opinion / size
    for kind in range(classes):
        design[:, kind, len(voters) + kind] = 1.0
        design[:, kind, first + kind * width : first + (kind + 1) * width] = z
    ridge = np.full(design.shape[2], penalty)
    ridge[:first] = _WEAK_RIDGE
    theta = np.zeros(len(ridge))
    target = np.eye(classes)[y]
    for _ in range(_ROUNDS):
        share = softmax(design @ theta)
        gradient = np.einsum("nc,ncp->p", weight[:, None] * (share - target), design) + ridge * theta
        expected = np.einsum("nc,ncp->np", share, design) * np.sqrt(weight)[:, None]
        each = (design * np.sqrt(weight[:, None] * share)[:, :, None]).reshape(rows * classes, -1)
        step = np.linalg.solve(each.T @ each - expected.T @ expected + np.diag(ridge), gradient)
        theta = theta - step
        if float(np.abs(step).max()) < _TOLERANCE:
            break
    table = theta[first:].reshape(classes, width).T / scale[:, None]
    base = theta[len(voters) : first] - mean @ table
    for columns, size, share_of_vote in zip(voters, sizes, theta, strict=False):
        table[columns, np.arange(classes)] += share_of_vote / size
    return np.vstack([table, base])


def added_column(
    column: Matrix, logits: Matrix, y: NDArray[np.int_], weight: Matrix, penalty: float
) -> Matrix:
    """Coefficients by class of one more column beside a fixed model, drawn towards zero.

    `logits` are the model's, one row a document. `penalty` applies to the unscaled column. A base for each class
    is fitted too and discarded, since errors common to all documents do not concern the column. A column without
    spread gets zeros.
    """
    classes, spread = logits.shape[1], float(column.std())
    if not spread:
        return np.zeros(classes)
    design = np.column_stack([np.ones(len(column)), (column - column.mean()) / spread])
    theta = np.zeros((2, classes))
    ridge = np.repeat([_WEAK_RIDGE, penalty / spread**2], classes)
    target = np.eye(classes)[y]

    def loss(theta: Matrix) -> float:
        total = logits + design @ theta
        top = total.max(axis=1)
        log_likelihood = (total * target).sum(axis=1) - top - np.log(np.exp(total - top[:, None]).sum(axis=1))
        return float(ridge @ (theta.ravel() ** 2) / 2 - weight @ log_likelihood)

    for _ in range(_ROUNDS):
        share = softmax(logits + design @ theta)
        gradient = (design.T @ (weight[:, None] * (share - target))).ravel() + ridge * theta.ravel()
        inner = np.einsum("n,nc,cd->ncd", weight, share, np.eye(classes))
        inner -= np.einsum("n,nc,nd->ncd", weight, share, share)
        curvature = np.einsum("ni,nj,ncd->icjd", design, design, inner).reshape(2 * classes, 2 * classes)
        step = np.linalg.solve(curvature + np.diag(ridge), gradient).reshape(2, classes)
        # far from the optimum a full Newton step may increase the loss
        while loss(theta - step) > loss(theta) and float(np.abs(step).max()) >= _TOLERANCE:
            step /= 2
        theta = theta - step
        if float(np.abs(step).max()) < _TOLERANCE:
            break
    fitted: Matrix = theta[1] / spread
    return fitted
