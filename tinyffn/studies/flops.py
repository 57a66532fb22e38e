"""What a forward pass costs: an accountant with a formula, and one who counts what was done.

A FLOP is an addition or a multiplication of two floating-point numbers, so an (n, k) times a (k, m)
matrix takes 2 n k m: a multiplication and an addition for each of the n k m products. Both
accountants count matrix products alone. Biases, norms, softmax and activations come on top; they
cost a few FLOPs for each number, where a matrix product costs as many as its matrix is wide.

    formula    Sizes(...).flops(T)      works for any model, also one that fits on no machine
    count      count(model(ids))        walks the graph of a forward pass, op by op

They agree exactly, and tests hold them to it.
"""

import math

from tinyffn.arguments import is_whole, must_be_positive
from tinyffn.graph import inputs_first
from tinyffn.tensor import Tensor


def linear_flops(T, d_in, d_out):
    """FLOPs of a dense layer on T positions: 2 T d_in d_out, two for each weight and position."""
    return 2 * T * d_in * d_out


def n_pairs(T, *, causal=False):
    """How many pairs of a position and one that it sees there are among T positions.

    Each sees all T: T². With `causal`, itself and those before, so one more from place to place:
    1 + 2 + ... + T = T (T + 1) / 2. Ours computes all T² and blanks out the future; a program that
    skips it, as all fast ones do, is left with the causal pairs.
    """
    return T * (T + 1) // 2 if causal else T * T


def mixing_flops(T, d, *, causal=False):
    """FLOPs of a weighted sum of d numbers over the positions that each of T positions sees."""
    return 2 * d * n_pairs(T, causal=causal)


class Sizes:
    """The sizes of a transformer block on which its price depends; attributes as the arguments.

    Arguments  n_heads, d_ff: 0 leaves that sublayer out; n_kv_heads: heads of keys and values, by
               default n_heads; d_head: by default d_model / n_heads; gated: whether the
               feed-forward layer has three matrices, gate, up and down, and not two
    Errors     ValueError if a size is not whole, or too small, n_kv_heads does not divide n_heads,
               or there is no d_head and n_heads does not divide d_model
    """

    def __init__(self, d_model, n_heads, d_ff, *, n_kv_heads=None, d_head=None, gated=False):
        must_be_positive("Sizes", d_model=d_model)
        for name, size in (("n_heads", n_heads), ("d_ff", d_ff)):
            if not is_whole(size) or size < 0:
                raise ValueError(f"Sizes: {name} is {size!r}, but must be a whole number from 0 up")
        self.d_model, self.n_heads, self.d_ff, self.gated = d_model, n_heads, d_ff, gated
        self.n_kv_heads = n_heads if n_kv_heads is None else n_kv_heads
        self.d_head = d_model // max(1, n_heads) if d_head is None else d_head
        if n_heads == 0:
            return
        must_be_positive("Sizes", n_kv_heads=self.n_kv_heads, d_head=self.d_head)
        if d_head is None and d_model % n_heads:
            raise ValueError(
                f"Sizes: d_model = {d_model} does not split into {n_heads} heads: pass d_head"
            )
        if n_heads % self.n_kv_heads:
            raise ValueError(
                f"Sizes: {n_heads} heads do not split into {n_kv_heads} groups: n_kv_heads must "
                "divide n_heads"
            )

    @property
    def attention_weights(self):
        """Entries of the four matrices: queries and output with all heads, keys and values."""
        return self.d_model * self.d_head * (2 * self.n_heads + 2 * self.n_kv_heads)

    @property
    def feed_forward_weights(self):
        """Entries of the two matrices of a feed-forward layer, or the three of a gated one."""
        return (3 if self.gated else 2) * self.d_model * self.d_ff

    def flops(self, T, *, causal=False):
        """FLOPs of the block on T positions, as a dict of where they go.

        maps           2 T times the entries of attention's four matrices
        pairs          each head scores each pair, d_head products, and mixes values, d_head more
        feed_forward   2 T times the entries of its matrices
        """
        must_be_positive("flops", T=T)
        return {
            "maps": 2 * T * self.attention_weights,
            "pairs": 2 * mixing_flops(T, self.n_heads * self.d_head, causal=causal),
            "feed_forward": 2 * T * self.feed_forward_weights,
        }

    def overtakes(self, *, causal=False):
        """The context n at which attention, maps and pairs, costs as much as the feed-forward part.

        Per position, two FLOPs for each weight, and 4 n n_heads d_head for the n positions it sees:

            n = (feed_forward_weights - attention_weights) / (2 n_heads d_head)

        With `causal` a position sees n / 2 on average, so it takes twice the context: 2 d_model and
        4 d_model for plain heads and d_ff = 4 d_model. 0 if attention costs more from the start.

        Errors     ValueError if the block has no attention
        """
        if self.n_heads == 0:
            raise ValueError("overtakes: the block has no attention")
        more = self.feed_forward_weights - self.attention_weights
        return max(0.0, (2 if causal else 1) * more / (2 * self.n_heads * self.d_head))


def model_flops(sizes, T, *, n_layers, vocab_size, causal=False):
    """FLOPs of a language model on T ids: n_layers blocks of these sizes, and the map to the words.

    Looking up an embedding is no product: it costs none.
    """
    must_be_positive("model_flops", n_layers=n_layers, vocab_size=vocab_size)
    block = sum(sizes.flops(T, causal=causal).values())
    return n_layers * block + linear_flops(T, sizes.d_model, vocab_size)


def gmlp_flops(T, *, d_model, d_gate, causal=False):
    """FLOPs of a block that mixes tokens by fixed weights, and has no attention.

    One map from d_model to two halves of d_gate numbers; one half is mixed over the positions and
    gates the other; a map from d_gate back to d_model.

    Source     Liu et al. 2021 (gMLP, arXiv:2105.08050), section 2
    """
    must_be_positive("gmlp_flops", T=T, d_model=d_model, d_gate=d_gate)
    maps = linear_flops(T, d_model, 2 * d_gate) + linear_flops(T, d_gate, d_model)
    return maps + mixing_flops(T, d_gate, causal=causal)


def count(y):
    """FLOPs of all matrix products that made the Tensor y: a dict of op -> FLOPs.

    They are read off from the shapes in the graph, so y must come from a forward pass that was
    recorded, and before its backward. What takes no gradient has no graph and is not counted.

    Errors     TypeError if y is no Tensor; RuntimeError if it has no graph, or no longer
    """
    if not isinstance(y, Tensor):
        raise TypeError(f"count: y is {type(y).__name__}, but must be a Tensor")
    if y.node is None:
        raise RuntimeError("count: nothing here requires a gradient, so nothing was noted")
    found = {}
    for node in inputs_first(y.node):
        if node.op and node.backward is None:
            raise RuntimeError("count: this graph was already walked: count before backward")
        if node.op in MULTIPLYING:
            flops = 2 * MULTIPLYING[node.op](node.shape, *node.inputs)
            found[node.op] = found.get(node.op, 0) + flops
    return found


# How many products of two numbers each op that multiplies matrices makes, from the shape of its
# result and the nodes of its inputs, of which one that takes no gradient is None.
MULTIPLYING = {
    "linear": lambda y, x, w, b=None: math.prod(y) * _size((x, -1), (w, 0)),
    "matmul": lambda y, a, b: math.prod(y) * _size((a, -1), (b, -2)),
    "mix_tokens": lambda y, x, m, b=None: math.prod(y) * _size((x, -2), (m, -1)),
    "attention": lambda y, q, k, v: (
        math.prod(y[:-1]) * _size((k, -2), (v, -2)) * (_size((q, -1), (k, -1)) + y[-1])
    ),
}


def _size(*places):
    """The size of an axis, from the first of the (node, axis) pairs whose node is known."""
    for node, axis in places:
        if node is not None:
            return node.shape[axis]
    raise RuntimeError("count: an op's inputs take no gradient, so its sizes are not known")
