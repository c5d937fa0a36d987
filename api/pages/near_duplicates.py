"""Finds near-copies of a text by MinHash signatures and their bands.

Method: Broder 1997 (resemblance of documents); banding after Leskovec, Rajaraman and Ullman, "Mining of Massive
Datasets", chapter 3. A copy shares at least 90 % of its word 5-shingles: reprints change a headline or a
byline.
"""

import hashlib
import re
import unicodedata
from typing import Final

import numpy as np

COPY_THRESHOLD: Final = 0.9  # least Jaccard similarity of word shingles in a copy
PERMUTATIONS: Final = 128
SHINGLE_WORDS: Final = 5
MIN_WORDS: Final = 40  # shorter texts are notices that many pages share

# 16 bands of 8 rows: a pair of similarity 0.9 shares a band with probability 1 - (1 - 0.9^8)^16 = 0.99988,
# one of 0.5 with 0.06. Ten rows would give 0.994, below the required .999.
BANDS: Final = 16
ROWS: Final = PERMUTATIONS // BANDS

_SEED: Final = 1
_SPACELESS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"  # scripts in which a character counts as a word
_WORD = re.compile(rf"[{_SPACELESS}]|[^\W_{_SPACELESS}]+")


def signature(text: str) -> bytes:
    """128 little-endian 32-bit minima of the folded text's 5-shingles; empty for a text under 40 words.

    Case, punctuation, Unicode composition and white space do not matter. Equal in every process.
    """
    # imports scipy, 0.8 s, which comparing signatures does not need
    from datasketch import MinHash

    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    if len(words) < MIN_WORDS:
        return b""
    shingles = {" ".join(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)}
    sketch = MinHash(num_perm=PERMUTATIONS, seed=_SEED, scheme="affine32")
    sketch.update_batch([shingle.encode() for shingle in sorted(shingles)])
    return np.asarray(sketch.hashvalues, dtype="<u4").tobytes()


def bands(signature: bytes) -> list[int]:
    """16 signed 64-bit integers for an indexed look-up: near-copies share at least one. [] for b""."""
    size = ROWS * 4
    return [
        int.from_bytes(
            hashlib.blake2b(
                signature[start : start + size], digest_size=8, salt=(start // size).to_bytes(2, "big")
            ).digest(),
            "big",
            signed=True,
        )
        for start in range(0, len(signature), size)
    ]


def similarity(a: bytes, b: bytes) -> float:
    """The estimated Jaccard similarity of two signatures, 0 to 1 (standard error 0.03 at 0.9)."""
    if not a or not b:
        return 0.0
    return float(np.mean(np.frombuffer(a, dtype="<u4") == np.frombuffer(b, dtype="<u4")))
