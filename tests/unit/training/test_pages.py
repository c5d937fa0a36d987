"""What tells a page from a story: the fit, and refusals of `python -m api.training.pages`."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from api.training.pages import MOST, Example, Kind, fit_pages, train_pages

DATA = Path(__file__).resolve().parents[3] / "api" / "training" / "data"
WIDTH = 6


def example(number: int, kind: Kind) -> Example:
    """Pages differ from stories in the first value, more or less; the others are noise."""
    vector = np.random.default_rng(number).normal(size=WIDTH).astype(np.float32)
    vector[0] += 40.0 if kind == "pages" else -40.0
    return Example(vector, kind, number % 3)


EXAMPLES = [example(n, "pages" if n % 4 == 0 else "published stories") for n in range(400)]


def value(weights: np.ndarray, one: Example) -> float:
    return float(one.vector @ weights[:-1] + weights[-1])


class TestFitPages:
    def test_tells_pages_from_stories(self) -> None:
        fitted = fit_pages(EXAMPLES)
        assert all((value(fitted.weights, one) > 0) is (one.kind == "pages") for one in EXAMPLES[1:100])

    def test_lets_at_most_a_few_published_stories_pass_the_line(self) -> None:
        odd = [Example(one.vector, "published stories", one.fold) for one in EXAMPLES[:40:4]]
        held_out = fit_pages([*EXAMPLES, *odd]).held_out
        stories = [v for v, one in zip(held_out, [*EXAMPLES, *odd], strict=True) if one.kind != "pages"]
        assert sum(v > 0 for v in stories) <= MOST * len(stories)

    def test_draws_the_line_by_published_stories_alone(self) -> None:
        odd = [Example(one.vector, "written stories", one.fold) for one in EXAMPLES[:40:4]]
        found = fit_pages([*EXAMPLES, *odd])
        assert all(value(found.weights, one) > 0 for one in EXAMPLES[::4])

    def test_gives_the_same_twice(self) -> None:
        assert np.array_equal(fit_pages(EXAMPLES).weights, fit_pages(EXAMPLES).weights)

    def test_needs_a_published_story(self) -> None:
        with pytest.raises(ValueError, match="published"):
            fit_pages(EXAMPLES[::4])


def run(*arguments: str) -> Result:
    return CliRunner().invoke(train_pages, arguments)


class TestTheCommand:
    PAGES = str(DATA / "pages.jsonl")

    def test_asks_for_labels_and_pages(self) -> None:
        assert run("--pages", self.PAGES).exit_code == 2
        assert run(str(DATA / "labelled_stories.jsonl")).exit_code == 2

    def test_is_refused_where_no_story_was_published(self, tmp_path: Path) -> None:
        result = run(str(DATA / "labelled_stories.jsonl"), "--pages", self.PAGES, "--into", str(tmp_path))
        assert (result.exit_code, list(tmp_path.iterdir())) == (1, [])
        assert "no published story" in result.output


class TestTheData:
    def test_has_pages_and_articles_by_each_writer(self) -> None:
        texts = [json.loads(line) for line in (DATA / "pages.jsonl").read_text("utf-8").splitlines()]
        assert len({text["id"] for text in texts}) == len(texts)
        both = {(text["writer"], text["story"]) for text in texts}
        assert len(both) == 2 * len({writer for writer, _ in both})
        assert all(text["text"] and text["kind"] for text in texts)
