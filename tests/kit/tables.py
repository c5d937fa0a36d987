"""Tables of cases as single tests that list the failing cases.

A pytest item takes longer than most cases.
"""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest


def each(names: str | tuple[str, ...], cases: Iterable[Any]) -> Callable[[Any], Any]:
    """Replaces `pytest.mark.parametrize(names, cases)` on a method; all cases share its fixtures."""
    named = (names,) if isinstance(names, str) else names
    table = [dict(zip(named, (case,) if isinstance(names, str) else case, strict=True)) for case in cases]

    def around(test: Callable[..., Any]) -> Callable[..., Any]:
        async def try_all(self: Any, **fixtures: Any) -> None:
            failed: dict[str, str] = {}
            for case in table:
                try:
                    answer = test(self, **fixtures, **case)
                    if inspect.isawaitable(answer):
                        await answer
                except pytest.skip.Exception:
                    continue
                except Exception as error:
                    failed[" ".join(map(str, case.values()))] = f"{type(error).__name__}: {error}"
            assert failed == {}, "\n".join(f"{case}: {error}" for case, error in failed.items())

        signature = inspect.signature(test)
        fixtures = [part for name, part in signature.parameters.items() if name not in named]
        try_all.__signature__ = signature.replace(parameters=fixtures)  # type: ignore[attr-defined]
        try_all.__doc__, try_all.__name__, try_all.__qualname__ = (
            test.__doc__,
            test.__name__,
            test.__qualname__,
        )
        return try_all

    return around
