"""The content of a package for digests: its sources without comments, docstrings and layout, and its data.

Prose and formatting do not change a digest; names do. The syntax tree is serialised here because `ast.dump`
differs between versions of Python.
"""

import ast
import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from msgspec import inspect

_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def package_parts(package: str, suffixes: tuple[str, ...]) -> list[tuple[str, bytes]]:
    """Path and content of every file below `package` that ends in one of `suffixes`, sorted by path."""
    return sorted(_parts(files(package), "", suffixes))


def remembered(packages: Sequence[str], key: str, make: Callable[[], str]) -> str:
    """`make()`, a digest of the first package; kept beside its bytecode until a file of the packages changes.

    As for bytecode, sizes and times of files tell a change: reading half a megabyte of sources takes half a
    second at each start.
    """
    state = hashlib.sha256(key.encode())
    folders = [files(package) for package in packages]
    if not all(isinstance(folder, Path) for folder in folders):
        return make()
    for folder in map(str, folders):
        for place, inner, names in os.walk(folder):
            inner[:] = sorted(name for name in inner if name != "__pycache__")
            for name in sorted(names):
                facts = os.stat(f"{place}/{name}")
                state.update(
                    f"{place}/{name} {facts.st_size} {facts.st_mtime_ns} {facts.st_ctime_ns}\n".encode()
                )
    kept = Path(str(folders[0]), "__pycache__", f"digest-{state.hexdigest()}")
    with suppress(OSError):
        return kept.read_text(encoding="ascii")
    digest = make()
    if not sys.dont_write_bytecode:
        fresh = kept.with_name(f"{kept.name}.{os.getpid()}")
        with suppress(OSError):  # a folder that cannot be written
            fresh.write_text(digest, encoding="ascii")
            fresh.replace(kept)
    return digest


def _parts(folder: Traversable, path: str, suffixes: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        name = f"{path}{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _parts(entry, f"{name}/", suffixes)
        elif entry.name.endswith(suffixes):
            content = entry.read_bytes()
            yield name, normalized_source(content) if entry.name.endswith(".py") else content


def normalized_source(source: bytes) -> bytes:
    """The syntax tree of a module without docstrings. Equal on every Python that parses it."""
    tokens: list[str] = []
    _add(ast.parse(source), tokens)
    return "\x00".join(tokens).encode()


def _add(node: ast.AST, tokens: list[str]) -> None:
    tokens.append(type(node).__name__)
    for name in node._fields:
        value: Any = getattr(node, name, None)
        if (
            name == "body"
            and isinstance(node, _DOCUMENTED)
            and ast.get_docstring(node, clean=False) is not None
        ):
            value = value[1:]
        if value is None or value == []:
            continue  # newer versions of Python have more fields, empty for older syntax
        tokens.append(name)
        if isinstance(value, ast.AST):
            _add(value, tokens)
        elif isinstance(value, list):
            tokens.append("[")
            for item in value:
                if isinstance(item, ast.AST):
                    _add(item, tokens)
                else:
                    tokens.append(repr(item))
            tokens.append("]")
        else:
            tokens.append(repr(value))


def types_shape(types: Iterable[type]) -> bytes:
    """A description of types without their prose: fields, types, defaults, members of enumerations."""
    visited: set[type] = set()
    return "\x00".join(_shape(kind, visited) for kind in inspect.multi_type_info(types)).encode()


def _shape(value: Any, visited: set[type]) -> str:
    if isinstance(value, inspect.Metadata):
        return _shape(value.type, visited)
    if isinstance(value, inspect.EnumType):
        return f"{value.cls.__name__}{[(member.name, member.value) for member in value.cls]}"
    if isinstance(value, inspect.StructType):
        if value.cls in visited:
            return value.cls.__name__
        visited.add(value.cls)
        fields = ",".join(_shape(field, visited) for field in value.fields)
        return f"{value.cls.__name__}({value.tag_field}={value.tag};{fields})"
    if isinstance(value, inspect.Type | inspect.Field):
        parts = (f"{name}={_shape(getattr(value, name), visited)}" for name in value.__struct_fields__)
        return f"{type(value).__name__}({','.join(parts)})"
    if isinstance(value, tuple):
        return f"[{','.join(_shape(item, visited) for item in value)}]"
    return value.__qualname__ if callable(value) else repr(value)
