"""The layers that teaching an encoder starts from: the lower ones of MPNet, by our vocabulary's numbers.

MPNet (Song and others 2020; all-mpnet-base-v2, Apache-2.0). Its lower three of twelve layers see framing better
than the six of MiniLM, and cost little more once the inner units that say least are left out of each: the measure
is the size of what a unit adds to its layer's output over some texts, as in Molchanov and others (2017).
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

from api.analysis.encoder import LONGEST_CHUNK
from api.analysis.word_pieces import CLASSIFY, SEPARATE, UNKNOWN, vocabulary

WIDTH = 768  # of MPNet's vectors
LAYERS = 3  # of its twelve, from below
INNER_UNITS = 2048  # of 3,072 in each layer
DROPPED = 26  # of 256 values behind each half of a layer
_FIRST_PLACE = 2  # MPNet numbers places from here
_NAMES = {CLASSIFY: "<s>", SEPARATE: "</s>", UNKNOWN: "<unk>"}  # what MPNet has in place of these pieces


class Base(nn.Module):
    """Embeddings and layers."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds the weights and `vocab.txt`. Raises OSError where they cannot be read."""
        super().__init__()
        model = AutoModel.from_pretrained(
            folder, attn_implementation="eager", attention_probs_dropout_prob=0.0
        )
        numbers = {
            piece: n for n, piece in enumerate((folder / "vocab.txt").read_text(encoding="utf-8").split("\n"))
        }
        rows = torch.zeros(1 + max(vocabulary().values()), dtype=torch.long)
        for piece, number in vocabulary().items():
            rows[number] = numbers[_NAMES.get(piece, piece)]
        longest = LONGEST_CHUNK + 2
        embeddings = model.embeddings
        self.words = nn.Parameter(embeddings.word_embeddings.weight.detach()[rows])
        self.places = nn.Parameter(embeddings.position_embeddings.weight.detach()[_FIRST_PLACE:][:longest])
        self.norm = embeddings.LayerNorm
        self.layers = model.encoder.layer[:LAYERS]
        for layer in self.layers:
            layer.attention.dropout, layer.output.dropout = Drop(), Drop()
        with torch.no_grad():
            distances = model.encoder.compute_position_bias(torch.zeros(1, longest, 1))
        self.register_buffer("distances", distances)  # added to the attention by how far apart two pieces are

    def embed(self, numbers: Tensor) -> Tensor:
        """What the layers start from, for rows of pieces by their numbers."""
        embedded: Tensor = self.norm(self.words[numbers] + self.places[: numbers.shape[1]])
        return embedded

    def forward(self, hidden: Tensor, away: Tensor | None, first: int, last: int) -> Tensor:
        """Layers [first, last) over rows of pieces; `away` is added to the attention, None if all may look."""
        length = hidden.shape[1]
        for layer in self.layers[first:last]:
            result = layer(hidden, away, position_bias=self.distances[:, :, :length, :length])
            hidden = result[0] if isinstance(result, tuple) else result
        return hidden

    @torch.no_grad()
    def narrow(self, texts: Sequence[Tensor]) -> None:
        """Keep INNER_UNITS of each layer, those that add most to its output over the texts (rows of pieces)."""
        sums = [torch.zeros(layer.intermediate.dense.out_features) for layer in self.layers]
        hooks = [
            layer.intermediate.register_forward_hook(partial(_add_squares, total))
            for layer, total in zip(self.layers, sums, strict=True)
        ]
        self.eval()
        for numbers in texts:
            self(self.embed(numbers), None, 0, LAYERS)
        for layer, hook, squares in zip(self.layers, hooks, sums, strict=True):
            hook.remove()
            inner, outer = layer.intermediate.dense, layer.output.dense
            kept = (squares.sqrt() * outer.weight.norm(dim=0)).topk(INNER_UNITS).indices.sort().values
            layer.intermediate.dense = _linear(inner.weight[kept], inner.bias[kept])
            layer.output.dense = _linear(outer.weight[:, kept], outer.bias)


def _add_squares(total: Tensor, _module: nn.Module, _given: object, units: Tensor) -> None:
    total += units.square().sum(dim=(0, 1))


def _linear(weight: Tensor, bias: Tensor) -> nn.Linear:
    made = nn.Linear(weight.shape[1], weight.shape[0])
    made.weight.data, made.bias.data = weight.clone(), bias.clone()
    return made


class Drop(nn.Module):
    """Dropout that draws a byte for each value: PyTorch's own draws eight, a fifteenth of all time here."""

    def forward(self, values: Tensor) -> Tensor:
        if not self.training:
            return values
        drawn = torch.empty(-(-values.numel() // 8), dtype=torch.int64).random_(-(2**63), None)
        kept = drawn.view(torch.uint8)[: values.numel()].view(values.shape) >= DROPPED
        return values * (kept * (256 / (256 - DROPPED)))
