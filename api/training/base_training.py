"""The encoder before training: MPNet's six lower layers, with our vocabulary.

MPNet (Song and others 2020; all-mpnet-base-v2, Apache-2.0). Its sixth layer of twelve shows framing best: a
ridge over sentences finds steering ones with an area under the curve of .85 there, .83 at the third and .78 at
the last. Each layer loses the inner units that add least to its output over some texts (Molchanov and others
2017); the others are refitted to the whole layers' outputs by least squares.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

from api.analysis.models.encoder import MAX_CHUNK, WIDTH, Chunk
from api.analysis.models.word_pieces import CLASSIFY, SEPARATE, vocabulary

LAYERS = 6  # of twelve, from below
LOWER_LAYERS = 2  # read every piece
INNER_UNITS = 1024  # of 3,072 in each layer
DROPPED = 26  # of 256 values after each half of a layer
AWAY = -1e4  # masks the attention between pieces
_PRIOR_WEIGHT = 1e-3  # weight of the old weights in least squares, relative to an input's mean square
_FIRST_PLACE = 2  # MPNet's first place
_NAMES = {CLASSIFY: "<s>", SEPARATE: "</s>"}  # MPNet's names of these pieces


def numbers_of(chunk: Chunk) -> Tensor:
    """The numbers of the chunk's pieces and end markers, as one row."""
    known = vocabulary()
    return torch.tensor([[known[CLASSIFY], *chunk.pieces, known[SEPARATE]]])


class Base(nn.Module):
    """Embeddings and layers."""

    def __init__(self, folder: Path) -> None:
        """`folder` has the weights and `vocab.txt`. Raises OSError if they cannot be read."""
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
        # one row a distance, from the farthest before a piece to the farthest behind, one column a head
        self.register_buffer("distances", torch.cat([near[:, 1:, 0].flip(1), near[:, 0]], 1).T.contiguous())

    def embed(self, numbers: Tensor) -> Tensor:
        """Embeddings of rows of pieces, given by number."""
        embedded: Tensor = self.norm(self.words[numbers] + self.places[: numbers.shape[1]])
        return embedded

    def near(self, places: Tensor) -> Tensor:
        """The position bias of attention between pieces at these places of their chunk; one row a text."""
        apart = places[:, None, :] - places[:, :, None] + self.farthest
        added: Tensor = self.distances[apart].permute(0, 3, 1, 2)  # type: ignore[index]
        return added

    def forward(self, hidden: Tensor, near: Tensor, first: int, last: int) -> Tensor:
        """Apply layers [first, last) to rows of pieces; `near` is added to the attention."""
        for layer in self.layers[first:last]:
            result = layer(hidden, None, position_bias=near)
            hidden = result[0] if isinstance(result, tuple) else result
        return hidden

    def lower(self, numbers: Tensor) -> Tensor:
        """The lower layers' output for one text's pieces and end markers."""
        near = self.near(torch.arange(numbers.shape[1])[None])
        return self(self.embed(numbers), near, 0, LOWER_LAYERS)

    def upper(self, lower: Tensor, kept: Tensor) -> Tensor:
        """The upper layers' output for the pieces at places `kept`."""
        return self(lower[:, kept], self.near(kept[None]), LOWER_LAYERS, LAYERS)

    def resize(self, units: int) -> None:
        """Replace the inner layers by ones of `units` units, to load weights into."""
        for layer in self.layers:
            layer.intermediate.dense, layer.output.dense = nn.Linear(WIDTH, units), nn.Linear(units, WIDTH)

    @torch.no_grad()
    def narrow(self, texts: Sequence[Tensor]) -> None:
        """Keep and refit the INNER_UNITS of each layer that add most to its output over the texts."""
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
            chosen = (size.sqrt() * outer.dense.weight.norm(dim=0)).topk(INNER_UNITS).indices.sort().values
            inner.dense = _linear(inner.dense.weight[chosen], inner.dense.bias[chosen])
            outer.dense = _fitted(outer.dense, chosen, [inner(hidden) for hidden in narrow], aims)
            narrow = [outer(inner(hidden), hidden) for hidden in narrow]


def _fitted(old: nn.Linear, chosen: Tensor, units: Sequence[Tensor], aims: Sequence[Tensor]) -> nn.Linear:
    """Refit the chosen units to the targets: least squares, regularised towards the old weights."""
    width = len(chosen) + 1
    products = torch.zeros(width, width, dtype=torch.float64)
    pulls = torch.zeros(width, WIDTH, dtype=torch.float64)
    for activation, aim in zip(units, aims, strict=True):
        rows = torch.cat([activation[0], torch.ones(len(activation[0]), 1)], 1)
        products += (rows.T @ rows).double()
        pulls += (rows.T @ aim[0]).double()
    before = torch.cat([old.weight[:, chosen].T, old.bias[None]]).double()
    ridge = torch.full((width,), _PRIOR_WEIGHT * float(products.diagonal()[:-1].mean()), dtype=torch.float64)
    ridge[-1] = 0.0
    after = torch.linalg.solve(products + torch.diag(ridge), pulls + ridge[:, None] * before).float()
    return _linear(after[:-1].T.contiguous(), after[-1])


def _linear(weight: Tensor, bias: Tensor) -> nn.Linear:
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight.data, layer.bias.data = weight.clone(), bias.clone()
    return layer


class Drop(nn.Module):
    """Dropout that draws one byte a value; PyTorch's draws eight, a fifteenth of the training time."""

    def forward(self, values: Tensor) -> Tensor:
        if not self.training:
            return values
        drawn = torch.empty(-(-values.numel() // 8), dtype=torch.int64).random_(-(2**63), None)
        kept = drawn.view(torch.uint8)[: values.numel()].view(values.shape) >= DROPPED
        return values * (kept * (256 / (256 - DROPPED)))
