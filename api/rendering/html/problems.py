"""Explanations of problems as pages."""

from collections.abc import Sequence

from api.rendering.html.environment import render
from api.rendering.site import Site
from schemas.problems import ProblemType


def problem_html(problem: ProblemType, site: Site) -> str:
    here = f"{site.base_url}/problems/{problem.slug}"
    return render("problem.html", site, here=here, graph=None, problem=problem)


def problems_html(problems: Sequence[ProblemType], site: Site) -> str:
    return render("problems.html", site, here=f"{site.base_url}/problems", graph=None, problems=problems)
