"""90 % confidence intervals of a mean and a share, for eight samples or more."""

from math import sqrt
from typing import Final

Z: Final = 1.6448536  # the normal distribution's 95 % point


def mean_interval(n: int, total: int, squares: int, *, low: float, high: float) -> tuple[float, float]:
    """The interval of the mean of `n` >= 2 values, clipped to [low, high]; `squares` is the sum of squares.

    Student's t: the spread of few values is an estimate too.
    """
    mean = total / n
    variance = max(squares - n * mean * mean, 0) / (n - 1)
    half = student_t(n - 1) * sqrt(variance / n)
    return max(mean - half, low), min(mean + half, high)


def share_interval(count: int, n: int) -> tuple[float, float]:
    """The interval of the share `count` / `n` (Wilson 1927), valid at 0 and 1 too."""
    share, z2 = count / n, Z * Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def student_t(degrees: int) -> float:
    """The 95 % point of Student's distribution, to three digits for seven or more degrees of freedom.

    Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5.
    """
    z, v = Z, degrees
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )
