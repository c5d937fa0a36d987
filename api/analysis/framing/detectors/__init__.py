"""The written detectors, one per module. `DETECTORS` is sorted by code.

A new one is a module with a docstring (what it looks for, why, source, limits) and a `DETECTOR`; it counts once
`weights.json` has weights for it.
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
