"""Explanations of problems in Markdown."""

from collections.abc import Sequence

from schemas.problems import ProblemType


def problem_page(problem: ProblemType) -> str:
    """One problem."""
    return (
        f"# {problem.title}\n\nStatus {problem.status}, `{problem.slug}`, type <{problem.type}>\n\n"
        f"{problem.meaning}\n\n## What causes it\n\n{problem.cause}\n\n## What to do\n\n{problem.fix}\n"
    )


def problems_page(problems: Sequence[ProblemType], base_url: str) -> str:
    """All problems with their addresses."""
    lines = [
        f"- {problem.status} [{problem.title}]({base_url}/problems/{problem.slug}.md): {problem.meaning}"
        for problem in problems
    ]
    return "# Problems\n\nEvery error that the service can answer with.\n\n" + "\n".join(lines) + "\n"
