"""The layers that teaching an encoder starts from: the lower ones of MPNet, by our vocabulary's numbers.

MPNet (Song and others 2020; all-mpnet-base-v2, Apache-2.0). Framing is seen best from the sixth of its twelve
layers: a ridge over sentences knows those that steer with an area under the curve of .85 there, .83 at the third
and .78 at the last. The inner units that say least are left out of each layer: the measure is the size of what a
unit adds to its layer's output over some texts, as in Molchanov and others (2017). What the others add is then
fitted anew, by least squares, to what the whole layers make of the same texts.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

from api.analysis.models.encoder import MAX_CHUNK, WIDTH, Chunk
from api.analysis.models.word_pieces import CLASSIFY, SEPARATE, vocabulary

LAYERS = 6  # of its twelve, from below
LOWER_LAYERS = 2  # those that read every piece
INNER_UNITS = 1024  # of 3,072 in each layer
DROPPED = 26  # of 256 values behind each half of a layer
AWAY = -1e4  # added to the attention between pieces that may not see each other
_OLD = 1e-3  # how much least squares hold on to the weights that were, beside an input's mean square
_FIRST_PLACE = 2  # MPNet numbers places from here
_NAMES = {CLASSIFY: "<s>", SEPARATE: "</s>"}  # what MPNet has in place of these pieces


def numbers_of(chunk: Chunk) -> Tensor:
    """The chunk's pieces between the marks of its ends, as one row."""
    known = vocabulary()
    return torch.tensor([[known[CLASSIFY], *chunk.pieces, known[SEPARATE]]])


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
        longest = MAX_CHUNK + 2
        embeddings = model.embeddings
        self.words = nn.Parameter(embeddings.word_embeddings.weight.detach()[rows])
        self.places = nn.Parameter(embeddings.position_embeddings.weight.detach()[_FIRST_PLACE:][:longest])
        self.norm = embeddings.LayerNorm
        self.layers = model.encoder.layer[:LAYERS]
        for layer in self.layers:
            layer.attention.dropout, layer.output.dropout = Drop(), Drop()
        with torch.no_grad():
            near = model.encoder.compute_position_bias(torch.zeros(1, longest, 1))[0]
        self.farthest = longest - 1
        # one row a distance, from the farthest before a piece to the farthest behind it, one column a head
        self.register_buffer("distances", torch.cat([near[:, 1:, 0].flip(1), near[:, 0]], 1).T.contiguous())

    def embed(self, numbers: Tensor) -> Tensor:
        """What the layers start from, for rows of pieces by their numbers."""
        embedded: Tensor = self.norm(self.words[numbers] + self.places[: numbers.shape[1]])
        return embedded

    def near(self, places: Tensor) -> Tensor:
        """What is added to the attention between pieces at these places of their chunk; one row a text."""
        apart = places[:, None, :] - places[:, :, None] + self.farthest
        added: Tensor = self.distances[apart].permute(0, 3, 1, 2)  # type: ignore[index]
        return added

    def forward(self, hidden: Tensor, near: Tensor, first: int, last: int) -> Tensor:
        """Layers [first, last) over rows of pieces; `near` is added to the attention."""
        for layer in self.layers[first:last]:
            result = layer(hidden, None, position_bias=near)
            hidden = result[0] if isinstance(result, tuple) else result
        return hidden

    def lower(self, numbers: Tensor) -> Tensor:
        """What the lower layers make of one text's pieces, marks at both ends among them."""
        near = self.near(torch.arange(numbers.shape[1])[None])
        return self(self.embed(numbers), near, 0, LOWER_LAYERS)

    def upper(self, lower: Tensor, kept: Tensor) -> Tensor:
        """What the upper layers make of those of its pieces that they read."""
        return self(lower[:, kept], self.near(kept[None]), LOWER_LAYERS, LAYERS)

    def resize(self, units: int) -> None:
        """Make room for the weights of layers with so many inner units."""
        for layer in self.layers:
            layer.intermediate.dense, layer.output.dense = nn.Linear(WIDTH, units), nn.Linear(units, WIDTH)

    @torch.no_grad()
    def narrow(self, texts: Sequence[Tensor]) -> None:
        """Keep INNER_UNITS of each layer, those that add most to its output over the texts (rows of pieces), and
        fit what they add anew.
        """
        self.eval()
        whole = [self.embed(numbers) for numbers in texts]
        near = [self.near(torch.arange(numbers.shape[1])[None]) for numbers in texts]
        narrow = list(whole)
        for layer in self.layers:
            inner, outer = layer.intermediate, layer.output
            whole = [layer.attention(h, position_bias=n)[0] for h, n in zip(whole, near, strict=True)]
            narrow = [layer.attention(h, position_bias=n)[0] for h, n in zip(narrow, near, strict=True)]
            aims = [outer.dense(inner(a)) + a - b for a, b in zip(whole, narrow, strict=True)]
            whole = [outer(inner(hidden), hidden) for hidden in whole]
            size = sum(inner(hidden).square().sum(dim=(0, 1)) for hidden in narrow)
            kept = (size.sqrt() * outer.dense.weight.norm(dim=0)).topk(INNER_UNITS).indices.sort().values
            inner.dense = _linear(inner.dense.weight[kept], inner.dense.bias[kept])
            outer.dense = _fitted(outer.dense, kept, [inner(hidden) for hidden in narrow], aims)
            narrow = [outer(inner(hidden), hidden) for hidden in narrow]


def _fitted(old: nn.Linear, kept: Tensor, units: Sequence[Tensor], aims: Sequence[Tensor]) -> nn.Linear:
    """From the units that are kept to the aims: least squares, drawn towards the old weights."""
    width = len(kept) + 1
    products = torch.zeros(width, width, dtype=torch.float64)
    pulls = torch.zeros(width, WIDTH, dtype=torch.float64)
    for given, aim in zip(units, aims, strict=True):
        rows = torch.cat([given[0], torch.ones(len(given[0]), 1)], 1)
        products += (rows.T @ rows).double()
        pulls += (rows.T @ aim[0]).double()
    before = torch.cat([old.weight[:, kept].T, old.bias[None]]).double()
    ridge = torch.full((width,), _OLD * float(products.diagonal()[:-1].mean()), dtype=torch.float64)
    ridge[-1] = 0.0
    after = torch.linalg.solve(products + torch.diag(ridge), pulls + ridge[:, None] * before).float()
    return _linear(after[:-1].T.contiguous(), after[-1])


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
