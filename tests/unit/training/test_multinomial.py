import numpy as np
import pytest
from numpy.typing import NDArray

from api.training.multinomial import added_column, softmax_regression, stacked_choice

pytestmark = pytest.mark.slow  # no request is served by it

CLASSES = 3
Matrix = NDArray[np.float64]


def opinions(seed: int) -> tuple[Matrix, NDArray[np.int_], Matrix]:
    """Two voters' opinions of three classes and one additional column; the right classes; weights."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(400, 2 * CLASSES + 1))
    scores = x[:, :CLASSES] + 2 * x[:, CLASSES : 2 * CLASSES] + random.gumbel(size=(400, CLASSES))
    return x, scores.argmax(axis=1), random.uniform(0.5, 1.5, 400)


VOTERS = (np.arange(CLASSES), np.arange(CLASSES, 2 * CLASSES))


def logits(table: Matrix, x: Matrix) -> Matrix:
    return x @ table[:-1] + table[-1]


def loss(table: Matrix, x: Matrix, y: NDArray[np.int_], weight: Matrix, penalty: float) -> float:
    """The loss of a softmax regression; the ridge is on columns of spread 1."""
    said = logits(table, x)
    likely = said[np.arange(len(y)), y] - np.log(np.exp(said).sum(axis=1))
    return float(-(weight * likely).sum() + penalty / 2 * ((table[:-1] * x.std(axis=0)[:, None]) ** 2).sum())


class TestASoftmaxRegression:
    def test_gives_the_least_loss(self) -> None:
        x, y, weight = opinions(1)
        table = softmax_regression(x, y, weight, CLASSES, 10.0)
        least = loss(table, x, y, weight, 10.0)
        for row in range(len(table) - 1):
            for step in (-1e-3, 1e-3):
                other = table.copy()
                other[row, row % CLASSES] += step
                assert loss(other, x, y, weight, 10.0) > least

    def test_counts_an_example_by_its_weight(self) -> None:
        x, y, _ = opinions(2)
        twice = softmax_regression(np.vstack([x, x[:50]]), np.append(y, y[:50]), np.ones(450), CLASSES, 0.0)
        heavy = softmax_regression(x, y, np.where(np.arange(400) < 50, 2.0, 1.0), CLASSES, 0.0)
        said, again = logits(twice, x), logits(heavy, x)
        assert said - said[:, :1] == pytest.approx(again - again[:, :1], abs=1e-4)


class TestAStackedChoice:
    def test_is_a_vote_where_nothing_else_pays(self) -> None:
        x, y, weight = opinions(3)
        table = stacked_choice(x, VOTERS, y, weight, CLASSES, 1e9)
        ones = np.eye(CLASSES)
        first, second = table[0, 0], table[CLASSES, 0]
        assert table[:CLASSES] == pytest.approx(first * ones, abs=1e-4)
        assert table[CLASSES : 2 * CLASSES] == pytest.approx(second * ones, abs=1e-4)
        assert table[2 * CLASSES] == pytest.approx(np.zeros(CLASSES), abs=1e-4)
        assert 0.7 < first < 1.3  # with half the weight
        assert 1.6 < second < 2.4

    def test_learns_from_the_other_columns_what_a_vote_cannot_say(self) -> None:
        x, y, weight = opinions(4)
        y = np.where(x[:, -1] > 1, 2, y)
        vote = stacked_choice(x, VOTERS, y, weight, CLASSES, 1e9)
        more = stacked_choice(x, VOTERS, y, weight, CLASSES, 5.0)
        assert more[-2, 2] > 0.3

        def right(table: Matrix) -> float:
            return float((logits(table, x).argmax(axis=1) == y).mean())

        assert right(more) > right(vote)

    def test_leaves_a_voter_out_who_says_nothing(self) -> None:
        x, y, weight = opinions(5)
        x[:, :CLASSES] = 0
        table = stacked_choice(x, VOTERS, y, weight, CLASSES, 100.0)
        assert table[:CLASSES] == pytest.approx(np.zeros((CLASSES, CLASSES)), abs=1e-9)
        assert np.isfinite(table).all()


class TestAnAddedColumn:
    def test_is_zero_where_it_does_not_vary(self) -> None:
        x, y, weight = opinions(6)
        assert added_column(np.ones(len(y)), x[:, :CLASSES], y, weight, 1.0).tolist() == [0.0] * CLASSES

    def test_gives_the_least_loss_beside_what_stays(self) -> None:
        x, y, weight = opinions(7)
        column, said = x[:, -1], x[:, :CLASSES]

        def least(slopes: Matrix) -> float:
            """The loss with the best base for these slopes."""
            base = added_base(said + np.outer(column - column.mean(), slopes), y, weight)
            odds = said + np.outer(column - column.mean(), slopes) + base
            likely = odds[np.arange(len(y)), y] - np.log(np.exp(odds).sum(axis=1))
            return float(-(weight * likely).sum() + 10.0 / 2 * (slopes**2).sum())

        fitted = added_column(column, said, y, weight, 10.0)
        for kind in range(CLASSES):
            for step in (-1e-2, 1e-2):
                assert least(fitted + step * np.eye(CLASSES)[kind]) > least(fitted)

    def test_is_drawn_towards_zero_and_is_none_of_a_bias_of_the_whole(self) -> None:
        x, y, weight = opinions(8)
        y = np.where(x[:, -1] > 1, 2, y)
        free, held = (added_column(x[:, -1], x[:, :CLASSES], y, weight, p) for p in (1.0, 1e4))
        assert free.argmax() == 2
        assert abs(held).max() < abs(free).max() / 10
        bent = added_column(x[:, -1], x[:, :CLASSES] + np.array([5.0, 0.0, 0.0]), y, weight, 1.0)
        assert bent == pytest.approx(free, abs=1e-2)


def added_base(said: Matrix, y: NDArray[np.int_], weight: Matrix) -> Matrix:
    """The maximum likelihood base for each class, by many small steps."""
    base = np.zeros(CLASSES)
    for _ in range(3000):
        share = np.exp(said + base)
        share /= share.sum(axis=1, keepdims=True)
        base -= (weight[:, None] * (share - np.eye(CLASSES)[y])).sum(axis=0) / weight.sum()
    return base
