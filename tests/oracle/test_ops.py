"""Every op against its PyTorch counterpart: the result and all gradients."""

import numpy as np
import pytest

from tinyffn import Tensor, ops

TOLERANCE = {np.float32: 1e-5, np.float64: 1e-10}
KEEP = np.random.default_rng(71).random((3, 4, 5)) < 0.6
SEEN = np.random.default_rng(73).random((2, 1, 4, 6)) < 0.6
SEEN[..., 0] = True  # each query sees one key at least
PLACES = np.array([4, 0, 1, 1000, 7])
IDS = np.array([[2, 0, 2], [5, 2, 3]])
TARGETS = np.array([[4, 0, 1], [2, -100, 3]])

WEIGHTS = np.array([[0.5, 3.0, 0.0], [1.0, 2.0, 0.7]])


def _weighted(torch, logits):
    losses = torch.nn.functional.cross_entropy(
        logits.view(6, 5), torch.tensor(TARGETS).view(6), reduction="none"
    )
    w = torch.tensor(WEIGHTS * (TARGETS != -100), dtype=logits.dtype).view(6)
    return (w * losses).sum() / w.sum()


def _in_place_of(torch, values, line):
    """The values, with the line's gradient: PyTorch's own way to say straight-through."""
    return line + (values.to(line.dtype) - line).detach()


def _causal(torch, T, S):
    return torch.ones(T, S, dtype=torch.bool).tril(S - T)


def _sdpa(torch, q, k, v, causal, mask=None):
    seen = _causal(torch, q.shape[-2], k.shape[-2]) if causal else None
    if mask is not None:
        seen = torch.tensor(mask) & (seen if causal else True)
    return torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=seen)


def _grouped(torch, q, k, v):
    """PyTorch wants the groups of heads in one axis."""
    q, k, v = (x.flatten(1, 2) for x in (q, k, v))
    y = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
    return y.unflatten(1, (k.shape[1], -1))


def _rotary(torch, x, positions, base):
    """As products of complex numbers: a pair (a, b) is a + ib, a turn is a factor e^iθ."""
    half = x.shape[-1] // 2
    rates = base ** (-torch.arange(half, dtype=torch.float64) / half)
    turn = torch.exp(1j * torch.tensor(positions)[:, None] * rates)
    z = torch.complex(x[..., :half], x[..., half:])
    z = z * turn.to(z.dtype)
    return torch.cat([z.real, z.imag], -1)


def _pade(torch, x, p, q):
    numerator = (p * torch.stack([x**j for j in range(len(p))], -1)).sum(-1)
    a = (q * torch.stack([x ** (k + 1) for k in range(len(q))], -1)).sum(-1)
    return numerator / (1 + a.abs())


def _toeplitz(torch, taps, n_rows):
    """One diagonal after another, each filled with one tap."""
    S = taps.shape[1]
    diagonals = [torch.ones(S, S).tril(-k).triu(-k) for k in range(S)]
    return sum(taps[:, k, None, None] * diagonals[k] for k in range(S))[:, -n_rows:]


# One row a case: op, shapes of its arguments, settings, the same in PyTorch. A shape in square
# brackets asks for positive numbers.
CASES = [
    ("add", [(2, 3, 4), (3, 1)], {}, lambda t, a, b: a + b),
    ("subtract", [(3, 1), (2, 3, 4)], {}, lambda t, a, b: a - b),
    ("multiply", [(2, 3, 4), (4,)], {}, lambda t, a, b: a * b),
    ("divide", [(2, 3, 4), [3, 1]], {}, lambda t, a, b: a / b),
    ("negative", [(3, 5)], {}, lambda t, x: -x),
    ("power", [(3, 5)], {"exponent": 3}, lambda t, x: x**3),
    ("power", [[3, 5]], {"exponent": -1.5}, lambda t, x: x**-1.5),
    ("matmul", [(2, 1, 3, 4), (5, 4, 6)], {}, lambda t, a, b: a @ b),
    ("getitem", [(4, 5)], {"index": [2, 0, 2]}, lambda t, x: x[[2, 0, 2]]),
    ("getitem", [(4, 5)], {"index": (slice(1, 3), 2)}, lambda t, x: x[1:3, 2]),
    ("exp", [(3, 5)], {}, lambda t, x: t.exp(x)),
    ("log", [[3, 5]], {}, lambda t, x: t.log(x)),
    ("sqrt", [[3, 5]], {}, lambda t, x: t.sqrt(x)),
    ("tanh", [(3, 5)], {}, lambda t, x: t.tanh(x)),
    ("sigmoid", [(3, 5)], {}, lambda t, x: t.sigmoid(x)),
    ("maximum", [(2, 3, 4), (3, 1)], {}, lambda t, a, b: t.maximum(a, b)),
    ("where", [(3, 4, 5), (5,)], {"condition": KEEP},
     lambda t, a, b: t.where(t.tensor(KEEP), a, b)),
    ("sum", [(2, 3, 4)], {"axis": (0, -1)}, lambda t, x: x.sum((0, -1))),
    ("sum", [(4, 3)], {"axis": 1, "keepdims": True}, lambda t, x: x.sum(1, keepdim=True)),
    ("mean", [(2, 3, 4)], {"axis": 1}, lambda t, x: x.mean(1)),
    ("mean", [(2, 3)], {}, lambda t, x: x.mean()),
    ("max", [(2, 3, 4)], {"axis": (0, 2)}, lambda t, x: x.amax((0, 2))),
    ("reshape", [(2, 3, 4)], {"shape": (4, -1)}, lambda t, x: x.reshape(4, -1)),
    ("transpose", [(2, 3, 4)], {"axes": (2, 0, 1)}, lambda t, x: x.permute(2, 0, 1)),
    ("concatenate", [(2, 3), (2, 1), (2, 4)], {"axis": 1}, lambda t, *x: t.cat(x, 1)),
    ("mix_tokens", [(5, 2, 4, 3), (2, 4, 4), (2, 4)], {},
     lambda t, x, m, b: t.einsum("hts,nhsc->nhtc", m.tril(), x) + b[:, :, None]),
    ("mix_tokens", [(5, 2, 6, 3), (2, 4, 6)], {},
     lambda t, x, m: t.einsum("hts,nhsc->nhtc", m.tril(2), x)),
    ("toeplitz", [(2, 5)], {}, lambda t, taps: _toeplitz(t, taps, 5)),
    ("toeplitz", [(2, 5)], {"n_rows": 3}, lambda t, taps: _toeplitz(t, taps, 3)),
    ("token_shift", [(2, 4, 3), (3,), (3,)], {},
     lambda t, x, now, before: t.nn.functional.conv1d(  # the oldest tap comes first
         t.nn.functional.pad(x.mT, (1, 0)), t.stack([before, now], -1)[:, None], groups=3).mT),
    ("softmax", [(2, 3, 6)], {}, lambda t, x: x.softmax(-1)),
    ("log_softmax", [(2, 3, 6)], {}, lambda t, x: x.log_softmax(-1)),
    ("identity", [(2, 3, 4)], {}, lambda t, x: x * 1.0),
    ("relu", [(2, 3, 4)], {}, lambda t, x: t.relu(x)),
    ("gelu", [(2, 3, 7)], {}, lambda t, x: t.nn.functional.gelu(x)),
    ("gelu_tanh", [(2, 3, 7)], {}, lambda t, x: t.nn.functional.gelu(x, approximate="tanh")),
    ("silu", [(2, 3, 7)], {}, lambda t, x: t.nn.functional.silu(x)),
    ("leaky_relu", [(2, 3, 7)], {}, lambda t, x: t.nn.functional.leaky_relu(x)),
    ("leaky_relu", [(2, 3, 7)], {"slope": 0.3}, lambda t, x: t.nn.functional.leaky_relu(x, 0.3)),
    ("sign_ste", [(2, 3, 7)], {},
     lambda t, x: _in_place_of(t, t.where(x >= 0, 1.0, -1.0), x)),
    ("sign_ste", [(2, 3, 7)], {"clip": 0.8}, lambda t, x: _in_place_of(
        t, t.where(x >= 0, 1.0, -1.0), t.nn.functional.hardtanh(x, -0.8, 0.8))),
    ("straight_through", [(3, 4, 5)], {"values": KEEP},
     lambda t, x: _in_place_of(t, t.tensor(KEEP), x)),
    ("straight_through", [(3, 4, 5)], {"values": KEEP, "clip": 0.8},
     lambda t, x: _in_place_of(t, t.tensor(KEEP), t.nn.functional.hardtanh(x, -0.8, 0.8))),
    ("squared_relu", [(2, 3, 7)], {}, lambda t, x: t.relu(x) ** 2),
    ("glu", [(3, 5), (3, 5)], {}, lambda t, g, u: t.nn.functional.glu(t.cat([u, g], -1))),
    ("reglu", [(3, 5), (3, 5)], {}, lambda t, g, u: t.relu(g) * u),
    ("geglu", [(3, 5), (3, 5)], {}, lambda t, g, u: t.nn.functional.gelu(g) * u),
    ("prelu", [(6, 5), (5,)], {}, lambda t, x, slope: t.nn.functional.prelu(x, slope)),
    ("swish", [(2, 3, 7), (7,)], {}, lambda t, x, beta: x * t.sigmoid(beta * x)),
    ("acon_c", [(2, 3, 5), (5,), (5,), (5,)], {},
     lambda t, x, p1, p2, b: (p1 - p2) * x * t.sigmoid(b * (p1 - p2) * x) + p2 * x),
    ("pade", [(2, 3, 5), (6,), (4,)], {}, lambda t, x, p, q: _pade(t, x, p, q)),
    ("maxout", [(2, 3, 4, 5)], {}, lambda t, x: x.amax(-2)),
    ("swiglu", [(3, 5), (3, 5)], {}, lambda t, g, u: t.nn.functional.silu(g) * u),
    ("linear", [(2, 3, 4), (4, 5), (5,)], {}, lambda t, x, w, b: x @ w + b),
    ("layer_norm", [(2, 3, 6), (6,), (6,)], {"eps": 1e-3},
     lambda t, x, g, b: t.nn.functional.layer_norm(x, (6,), g, b, 1e-3)),
    ("rms_norm", [(2, 3, 6), (6,)], {"eps": 1e-3},
     lambda t, x, g: t.nn.functional.rms_norm(x, (6,), g, 1e-3)),
    ("attention", [(2, 3, 5, 4), (2, 3, 5, 4), (2, 3, 5, 6)], {"causal": False},
     lambda t, *x: _sdpa(t, *x, False)),
    ("attention", [(2, 3, 5, 4), (2, 3, 5, 4), (2, 3, 5, 6)], {}, lambda t, *x: _sdpa(t, *x, True)),
    ("attention", [(2, 3, 4), (2, 7, 4), (2, 7, 5)], {}, lambda t, *x: _sdpa(t, *x, True)),
    ("attention", [(2, 3, 4, 5), (2, 3, 6, 5), (2, 3, 6, 7)], {"mask": SEEN},
     lambda t, *x: _sdpa(t, *x, True, SEEN)),
    ("attention", [(2, 3, 4, 5), (2, 3, 6, 5), (2, 3, 6, 7)], {"mask": SEEN[0], "causal": False},
     lambda t, *x: _sdpa(t, *x, False, SEEN[0])),
    ("attention", [(2, 2, 3, 5, 4), (2, 2, 1, 5, 4), (2, 2, 1, 5, 4)], {}, _grouped),
    ("rotary", [(2, 3, 5, 6)], {"positions": PLACES}, lambda t, x: _rotary(t, x, PLACES, 1e4)),
    ("rotary", [(5, 2)], {"positions": PLACES, "base": 30.0},
     lambda t, x: _rotary(t, x, PLACES, 30.0)),
    ("embedding", [(6, 4)], {"ids": IDS}, lambda t, x: t.nn.functional.embedding(t.tensor(IDS), x)),
    ("dropout", [(3, 4, 5)], {"keep": KEEP, "rate": 0.3}, lambda t, x: x * t.tensor(KEEP) / 0.7),
    ("cross_entropy", [(2, 3, 5)], {"targets": TARGETS},
     lambda t, x: t.nn.functional.cross_entropy(x.view(6, 5), t.tensor(TARGETS).view(6))),
    ("cross_entropy", [(2, 3, 5)], {"targets": TARGETS, "weights": WEIGHTS}, _weighted),
    ("mse", [(2, 5), (2, 5)], {}, lambda t, a, b: t.nn.functional.mse_loss(a, b)),
]  # fmt: skip


@pytest.mark.parametrize("name", ops.__all__)
def test_has_an_oracle(name):
    if name not in {case[0] for case in CASES}:
        pytest.fail(
            f"{name} has no line in CASES of tests/oracle/test_ops.py (CONTRIBUTING.md, step 6)"
        )


@pytest.mark.parametrize("dtype", TOLERANCE, ids=lambda dtype: dtype.__name__)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_op_equals_its_counterpart(torch, agree, case, dtype):
    name, shapes, settings, reference = case
    rng = np.random.default_rng(72)
    arrays = [
        (rng.uniform(0.5, 2.0, s) if isinstance(s, list) else rng.standard_normal(s)).astype(dtype)
        for s in shapes
    ]
    ours = [Tensor(a, requires_grad=True) for a in arrays]
    theirs = [torch.tensor(a, requires_grad=True) for a in arrays]

    y, y_torch = getattr(ops, name)(*ours, **settings), reference(torch, *theirs)
    dy = rng.standard_normal(y.shape).astype(dtype)
    y.backward(dy)
    y_torch.backward(torch.tensor(dy))

    agree(f"{name}: y", y.data, y_torch, TOLERANCE[dtype])
    for i, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        agree(f"{name}: gradient {i}", a.grad, b.grad, TOLERANCE[dtype])


def test_ties_share_the_gradient_as_in_torch(torch, agree):
    a, b = np.array([[1.0, 2.0, 2.0], [3.0, 3.0, 3.0]]), np.array([[2.0, 2.0, 1.0]])
    dy = np.array([[0.3], [-0.7]])
    for ours, reference in (
        (lambda a, b: ops.max(a * b, axis=1, keepdims=True), lambda a, b: (a * b).amax(1, True)),
        (lambda a, b: ops.maximum(a, b), torch.maximum),
    ):
        a_, b_ = Tensor(a, requires_grad=True), Tensor(b, requires_grad=True)
        at, bt = torch.tensor(a, requires_grad=True), torch.tensor(b, requires_grad=True)
        y, yt = ours(a_, b_), reference(at, bt)
        y.backward(np.broadcast_to(dy, y.shape).copy())
        yt.backward(torch.tensor(dy).expand(yt.shape))
        agree("da", a_.grad, at.grad, 1e-12)
        agree("db", b_.grad, bt.grad, 1e-12)
