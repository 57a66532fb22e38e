"""The two accountants of FLOPs: formula and graph agree, and both with what NumPy multiplied."""

import inspect
import math

import numpy as np
import pytest

from tinyffn import Tensor, nn, no_grad, ops
from tinyffn.models import transformer
from tinyffn.studies import flops
from tinyffn.studies.flops import Sizes, count


def rng():
    return np.random.default_rng(0)


def total(found):
    return sum(found.values())


class Watched(np.ndarray):
    """An array that notes each matrix product in which it takes part, whoever makes it."""

    done = 0

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **settings):
        plain = [np.asarray(a) for a in inputs]
        if out is not None:
            settings["out"] = tuple(np.asarray(a) for a in out)
        result = getattr(ufunc, method)(*plain, **settings)
        if ufunc is np.matmul:
            Watched.done += 2 * result.size * plain[0].shape[-1]
        return result.view(Watched) if isinstance(result, np.ndarray) else result


def watched(*shapes):
    Watched.done = 0
    return [rng().normal(size=shape).view(Watched) for shape in shapes]


CASES = {
    "plain": dict(sizes=(12, 3, 20)),
    "gated": dict(sizes=(12, 3, 20), gated=True),
    "grouped": dict(sizes=(12, 6, 20), n_kv_heads=2),
    "grouped and gated": dict(sizes=(12, 6, 20), n_kv_heads=3, gated=True),
    "one head of keys": dict(sizes=(8, 4, 5), n_kv_heads=1),
    "no attention": dict(sizes=(12, 0, 20)),
    "no feed-forward": dict(sizes=(12, 3, 0)),
}


def block_of(sizes, *, bias=True, causal=True):
    """The block of the library with these sizes."""
    attention = feed_forward = None
    if sizes.n_heads:
        attention = nn.MultiHeadAttention(
            sizes.d_model, sizes.n_heads, n_kv_heads=sizes.n_kv_heads, rng=rng(), bias=bias,
            causal=causal,
        )  # fmt: skip
    if sizes.d_ff:
        layer = nn.GatedFeedForward if sizes.gated else nn.FeedForward
        feed_forward = layer(sizes.d_model, sizes.d_ff, rng=rng(), bias=bias)
    return nn.TransformerBlock(sizes.d_model, attention, feed_forward, rng=rng())


def sizes_of(case):
    return Sizes(*case["sizes"], **{name: case[name] for name in case if name != "sizes"})


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize(("B", "T"), [(1, 1), (1, 7), (3, 5)])
def test_formula_and_graph_agree_for_a_block(case, B, T, causal):
    """Ours computes all pairs and blanks out the future, so it is the full formula that holds."""
    sizes = sizes_of(case)
    x = rng().normal(size=(B, T, sizes.d_model))
    found = count(block_of(sizes, causal=causal).astype(np.float64)(Tensor(x)))
    formula = {name: B * n for name, n in sizes.flops(T).items()}
    assert total(found) == total(formula)
    assert found.get("attention", 0) == formula["pairs"]
    assert found["linear"] == formula["maps"] + formula["feed_forward"]


@pytest.mark.parametrize("gate_op", [None, ops.swiglu], ids=["plain", "gated"])
def test_formula_and_graph_agree_for_a_model(gate_op):
    model = transformer(19, 8, 12, 3, 20, 2, rng=rng(), gate_op=gate_op)
    ids = rng().integers(19, size=(3, 6))
    formula = flops.model_flops(Sizes(12, 3, 20, gated=bool(gate_op)), 6, n_layers=2, vocab_size=19)
    assert total(count(model(ids))) == 3 * formula


@pytest.mark.parametrize(
    ("op", "shapes"),
    [
        (ops.linear, [(2, 5, 3), (3, 7)]),
        (ops.linear, [(3,), (3, 7), (7,)]),
        (ops.matmul, [(5, 3), (3, 7)]),
        (ops.matmul, [(2, 1, 5, 3), (4, 3, 7)]),
        (ops.mix_tokens, [(2, 3, 7, 4), (3, 5, 7)]),
        (ops.attention, [(2, 5, 3), (2, 7, 3), (2, 7, 4)]),
        (ops.attention, [(2, 3, 4, 5, 3), (2, 3, 1, 6, 3), (2, 3, 1, 6, 2)]),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_what_the_graph_says_is_what_numpy_multiplied(op, shapes):
    y, _ = op.pair(*watched(*shapes))
    done = Watched.done
    tensors = [Tensor(rng().normal(size=shape), requires_grad=True) for shape in shapes]
    assert count(op(*tensors)) == {op.__name__: done}
    assert done > 0 and y.size > 0


def test_every_op_that_multiplies_matrices_is_known():
    """Norms and softmax sum products row by row, which is no product of matrices."""
    rowwise = {"layer_norm", "rms_norm", "softmax", "log_softmax", "cross_entropy"}
    found = set()
    for name in ops.__all__:
        op = getattr(ops, name)
        if hasattr(op, "pair"):
            source = inspect.getsource(inspect.unwrap(op.pair)).split("def backward")[0]
            code = source.split('"""')[-1]
            if any(sign in code for sign in (" @ ", "matmul(", "einsum(", "tensordot(", ".dot(")):
                found.add(name)
    assert found - rowwise == set(flops.MULTIPLYING)


def test_what_takes_no_gradient_may_be_among_the_inputs():
    x, w = rng().normal(size=(5, 3)), rng().normal(size=(3, 7))
    both = count(ops.linear(Tensor(x, requires_grad=True), Tensor(w, requires_grad=True)))
    assert count(ops.linear(x, Tensor(w, requires_grad=True))) == both
    assert count(ops.linear(Tensor(x, requires_grad=True), w)) == both
    q, v = rng().normal(size=(5, 3)), Tensor(rng().normal(size=(6, 2)), requires_grad=True)
    with pytest.raises(RuntimeError, match="count: an op's inputs take no gradient, so its sizes"):
        count(ops.attention(q, rng().normal(size=(6, 3)), v))


def test_a_tensor_that_is_used_twice_was_made_once():
    x = Tensor(rng().normal(size=(5, 3)), requires_grad=True)
    y = ops.linear(x, rng().normal(size=(3, 3)))
    assert count(y + y) == count(y) == {"linear": 2 * 5 * 3 * 3}
    assert count(x + x) == {}


def test_causal_pairs_are_those_of_reading_one_token_after_the_other():
    """Each new token attends to those before it and to itself, as with a cache."""
    T, heads, d_head = 9, 4, 3
    q, k, v = (Tensor(rng().normal(size=(heads, T, d_head)), requires_grad=True) for _ in range(3))
    steps = [ops.attention(q[:, t : t + 1], k[:, : t + 1], v[:, : t + 1]) for t in range(T)]
    found = sum(count(step)["attention"] for step in steps)
    assert found == Sizes(heads * d_head, heads, 0).flops(T, causal=True)["pairs"]
    assert flops.n_pairs(T, causal=True) == sum(range(1, T + 1)) == np.tril(np.ones((T, T))).sum()
    assert flops.n_pairs(T) == T * T


@pytest.mark.parametrize("T", [1, 6])
def test_fixed_mixing_of_tokens(T):
    """The gMLP block, composed of matrix products."""
    d, d_gate = 4, 5
    x = Tensor(rng().normal(size=(T, d)), requires_grad=True)
    up, m, down = (rng().normal(size=shape) for shape in ((d, 2 * d_gate), (T, T), (d_gate, d)))
    u = ops.linear(x, up)
    y = ops.linear(u[:, :d_gate] * (Tensor(m) @ u[:, d_gate:]), down)
    assert total(count(y)) == flops.gmlp_flops(T, d_model=d, d_gate=d_gate)
    saved = flops.mixing_flops(T, d_gate) - flops.mixing_flops(T, d_gate, causal=True)
    assert saved == 2 * d_gate * T * (T - 1) // 2
    assert flops.gmlp_flops(T, d_model=d, d_gate=d_gate, causal=True) == total(count(y)) - saved


def test_a_block_of_the_library_without_attention():
    block = nn.PerceptionBlock(4, 10, 6, rng=rng())
    x = rng().normal(size=(3, 6, 4)).astype(np.float32)
    assert total(count(block(Tensor(x)))) == 3 * flops.gmlp_flops(6, d_model=4, d_gate=5)


def test_the_laws_on_paper():
    d, T = 16, 40
    assert total(Sizes(d, 4, 4 * d).flops(T)) == T * (24 * d**2 + 4 * T * d)
    assert flops.gmlp_flops(T, d_model=d, d_gate=3 * d) == T * (18 * d**2 + 6 * T * d)
    block = [total(Sizes(d, 4, 4 * d).flops(n)) for n in (3 * d - 1, 3 * d, 3 * d + 1)]
    mixing = [flops.gmlp_flops(n, d_model=d, d_gate=3 * d) for n in (3 * d - 1, 3 * d, 3 * d + 1)]
    assert [a - b > 0 for a, b in zip(block, mixing, strict=True)] == [True, False, False]
    assert block[1] == mixing[1]


@pytest.mark.parametrize(
    "sizes",
    [
        Sizes(16, 4, 64),
        Sizes(16, 4, 64, n_kv_heads=1),
        Sizes(16, 4, 64, n_kv_heads=2, d_head=8, gated=True),
    ],
    ids=["plain", "one head of keys", "wide heads"],
)
def test_where_attention_overtakes(sizes):
    def attention(n, causal):
        cost = sizes.flops(n, causal=causal)
        return cost["maps"] + cost["pairs"] - cost["feed_forward"]

    n = sizes.overtakes()
    assert attention(math.floor(n), False) <= 0 < attention(math.floor(n) + 1, False)
    assert sizes.overtakes(causal=True) == 2 * n
    # A position sees itself too, (n + 1) / 2 on average, so it is the last one that tips it over.
    assert attention(math.floor(2 * n) - 1, True) <= 0 <= attention(math.floor(2 * n), True)


def test_attention_that_costs_more_from_the_start():
    assert Sizes(16, 4, 8).overtakes() == Sizes(16, 4, 32).overtakes() == 0.0
    assert Sizes(16, 4, 33).overtakes() == 1.0


def test_heads_need_not_fill_d_model():
    sizes = Sizes(1024, 16, 3072, n_kv_heads=8, d_head=128, gated=True)  # Qwen3-0.6B
    assert sizes.attention_weights == 1024 * (2048 + 1024 + 1024) + 2048 * 1024
    assert sizes.flops(10)["pairs"] == 4 * 10 * 10 * 2048
    assert sizes.overtakes() == 768 != (sizes.feed_forward_weights - sizes.attention_weights) / 2048


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: Sizes(0, 1, 4), ValueError, "Sizes: d_model is 0, but"),
        (lambda: Sizes(4, -1, 4), ValueError, "Sizes: n_heads is -1, but must be a whole number"),
        (lambda: Sizes(4, 2, 2.0), ValueError, "Sizes: d_ff is 2.0, but must be a whole number f"),
        (lambda: Sizes(4, 3, 4), ValueError, "Sizes: d_model = 4 does not split into 3 heads: pa"),
        (lambda: Sizes(4, 2, 4, n_kv_heads=0), ValueError, "Sizes: n_kv_heads is 0, but"),
        (lambda: Sizes(4, 2, 4, d_head=0), ValueError, "Sizes: d_head is 0, but"),
        (lambda: Sizes(6, 6, 4, n_kv_heads=4), ValueError, "6 heads do not split into 4 groups"),
        (lambda: Sizes(4, 0, 4).overtakes(), ValueError, "overtakes: the block has no attention"),
        (lambda: Sizes(4, 2, 4).flops(0), ValueError, "flops: T is 0, but"),
        (
            lambda: flops.model_flops(Sizes(4, 2, 4), 3, n_layers=0, vocab_size=5),
            ValueError,
            "model_flops: n_layers is 0, but",
        ),
        (
            lambda: flops.gmlp_flops(3, d_model=4, d_gate=0),
            ValueError,
            "gmlp_flops: d_gate is 0, but",
        ),
        (lambda: count(np.ones(3)), TypeError, "count: y is ndarray, but must be a Tensor"),
        (lambda: count(Tensor(np.ones(3))), RuntimeError, "count: nothing here requires a grad"),
    ],
)
def test_what_does_not_fit_is_said(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_a_graph_must_be_recorded_and_not_walked_yet():
    layer = nn.Linear(3, 4, rng=rng())
    x = np.ones((2, 3), np.float32)
    with no_grad(), pytest.raises(RuntimeError, match="count: nothing here requires a gradient"):
        count(layer(x))
    y = ops.sum(layer(x))
    assert count(y) == {"linear": 2 * 2 * 3 * 4}
    y.backward()
    with pytest.raises(RuntimeError, match="already walked: count before backward"):
        count(y)
