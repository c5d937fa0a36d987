"""Detectors, one idea a file. `DETECTORS` holds them all in the order of their codes.

A new one is a module here with a docstring (what it looks for, why, source, limits) and a `DETECTOR`; it
counts once `weights.json` gives it weights.
"""

from importlib import import_module
from pkgutil import iter_modules

from api.analysis.framing.detector import Detector

DETECTORS: tuple[Detector, ...] = tuple(
    sorted(
        (import_module(f"{__name__}.{module.name}").DETECTOR for module in iter_modules(__path__)),
        key=lambda detector: detector.code,
    )
)
