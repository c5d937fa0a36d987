"""Differences between the written encoder and the trained net. Needs PyTorch.

Arguments: MPNet's folder, the folder of the stored base and nets, the output folder. Prints one JSON object:
for each kind of text, the greatest difference for sentences, tokens and shares, and between chunks read
together and alone.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch

from api.analysis.models import encoder
from api.training.base_training import INNER_UNITS, Base
from api.training.encoder_training import below
from api.training.net_training import Net
from tests.kit.texts.articles import document

STORY = (
    "The ferry company of Northwick will stop three of its nine crossings in March. It carried 41,000 people in "
    "2025, 6,000 fewer than the year before. “We are thrilled to begin this unstoppable new chapter,” said "
    "Orla Venn, who leads it. Residents of the island weren't asked."
)
TEXTS = {
    "a story": STORY,
    "several chunks": " ".join([STORY] * 6),
    "function words alone": "It was what it is. That is it.",
    "every piece tells": "Mills turn\n\nFerries leave",
    "beyond the longest chunk": "gleaming " * 400 + "mills turn. " + STORY,
    "marks alone": "\u0301 \u0302\n\nThe mill turns all day.",
    "no words": "",
}


def differences(net: Net) -> dict[str, dict[str, float]]:
    found = {}
    for kind, text in TEXTS.items():
        read = document(text)
        shipped, taught = encoder.encode(read), net.encode(read, below(net.base, read))[0]
        found[kind] = {
            name: float(np.abs(getattr(shipped, name) - getattr(taught, name)).max(initial=0.0))
            for name in ("sentences", "tokens", "shares")
        }
    return found


def packed_apart(net: Net) -> float:
    """The greatest difference between chunks in one row and chunks alone."""
    chunks = below(net.base, document(TEXTS["several chunks"]))
    alone = [net.base.upper(one.lower[None].float(), one.kept)[0, 1:-1] for one in chunks]
    return float((net._taught(chunks) - torch.cat(alone)).abs().max())


def main(base: Path, nets: Path, written: Path) -> None:
    torch.set_num_threads(1)
    setattr(encoder, "files", lambda _package: written)  # noqa: B010 - it is not exported
    start = Base(base)
    start.resize(INNER_UNITS)
    whole = None
    for path in sorted(nets.glob("*.pt")):
        if path.name.startswith("base-"):
            continue
        net = Net(start)
        net.load_state_dict(torch.load(path, weights_only=True))
        with np.load(written / "encoder_heads.npz") as heads:
            if np.array_equal(heads["outer_weight"], net.outer.weight.detach().numpy()):
                whole = net
    assert whole is not None, "no kept net is the one that was written"
    whole.eval()
    with torch.no_grad():
        result = {"differences": differences(whole), "packed": packed_apart(whole)}
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
