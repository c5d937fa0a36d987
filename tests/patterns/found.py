"""Finds all module-level patterns of `api`, and the methods that the code calls on them."""

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeGuard

import api

ROOT = Path(api.__file__).parent
MAX_DEPTH = 4  # of a table that contains patterns
METHODS = ("match", "fullmatch", "search", "findall", "finditer", "sub", "subn", "split")


@dataclass(frozen=True)
class Found:
    """`key` names the pattern: module, name, and place in a table; `methods` are those called on the name."""

    key: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]


def modules() -> dict[str, ast.Module]:
    """All modules of `api` except training, which needs PyTorch, and entry points of commands."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        name = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
        if not name.endswith(("training", "__main__")):
            found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def found_patterns() -> list[Found]:
    """Every pattern that a module compiles at import, once."""
    trees = modules()
    created = {name: _assigned(tree) for name, tree in trees.items()}
    methods: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, tree in trees.items():
        for origin, method in _calls(name, tree):
            methods[origin].add(method)
    return [
        Found(f"{name}:{variable}{place}", pattern, frozenset(methods[name, variable]))
        for name in trees
        for variable, value in vars(import_module(name)).items()
        if variable in created[name]
        for place, pattern in _within(value)
    ]


def documented_patterns() -> dict[str, int | None]:
    """The patterns of the contract's values, which are decoded on the loop, and the largest length of each."""
    found: dict[str, int | None] = {}
    parts: list[Any] = [
        json.loads((ROOT / "routes" / "openapi" / "openapi.json").read_text(encoding="utf-8"))
    ]
    while parts:
        part = parts.pop()
        if isinstance(part, dict):
            if isinstance(pattern := part.get("pattern"), str):
                known, most = found.get(pattern, 0), part.get("maxLength")
                found[pattern] = None if known is None or most is None else max(known, most)
            parts += part.values()
        elif isinstance(part, list):
            parts += part
    return found


def _within(value: object, depth: int = 0) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield "", value
    elif depth < MAX_DEPTH and isinstance(value, (tuple, list, dict)):
        for place, part in value.items() if isinstance(value, dict) else enumerate(value):
            for inner, pattern in _within(part, depth + 1):
                yield f"[{place}]{inner}", pattern


def _assigned(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names |= {t.id for target in targets if target for t in ast.walk(target) if isinstance(t, ast.Name)}
    return names


def _calls(name: str, tree: ast.Module) -> Iterator[tuple[tuple[str, str], str]]:
    """((module, name), method) for each pattern method called on a name, own or imported."""
    imported = {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in METHODS and isinstance(node.value, ast.Name):
            yield imported.get(node.value.id, (name, node.value.id)), node.attr


def inline_patterns() -> tuple[list[str], set[str]]:
    """Functions with a fixed pattern, and files whose functions build one."""
    fixed: list[str] = []
    building: set[str] = set()
    for path in sorted(ROOT.rglob("*.py")):
        file = path.relative_to(ROOT.parent).as_posix()
        for call in _calls_of_re_in_functions(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call.args[0], ast.Constant):
                fixed.append(f"{file}:{call.lineno}")
            else:
                building.add(file)
    return fixed, building


def _calls_of_re_in_functions(node: ast.AST, within: bool = False) -> Iterator[ast.Call]:
    within = within or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
    for child in ast.iter_child_nodes(node):
        if within and _is_of_re(child):
            yield child
        yield from _calls_of_re_in_functions(child, within)


def _is_of_re(node: ast.AST) -> TypeGuard[ast.Call]:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in (*METHODS, "compile")
    )
