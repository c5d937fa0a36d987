"""The sealed sets are those that were committed before tuning began."""

import gzip
import hashlib
import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks" / "data" / "sealed"
ROW = re.compile(r"^\| `(\w+)` \| (\d+) \|.*\| `([0-9a-f]{64})` \|$", re.MULTILINE)


class TestSealedSets:
    def test_have_the_digests_and_sizes_of_the_table(self) -> None:
        rows = ROW.findall((FOLDER / "README.md").read_text(encoding="utf-8"))
        assert {name for name, _, _ in rows} == {path.name.split(".")[0] for path in FOLDER.glob("*.gz")}
        for name, texts, digest in rows:
            content = gzip.decompress((FOLDER / f"{name}.jsonl.gz").read_bytes())
            assert (len(content.splitlines()), hashlib.sha256(content).hexdigest()) == (int(texts), digest)
