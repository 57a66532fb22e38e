"""Every layer, the block and a whole model against PyTorch: results and all gradients."""

import numpy as np
import pytest

from tinyffn import Tensor, nn, ops
from tinyffn.models import MLP, WindowMLP, transformer

TOLERANCE = 1e-10
KEEP = np.random.default_rng(81).random((2, 5, 6), dtype="float32") >= 0.3


def _rng():
    return np.random.default_rng(81)


def _feed_forward(name, activation):
    def reference(F, x, p):
        return activation(F, x @ p["up.w"] + p["up.b"]) @ p["down.w"] + p["down.b"]

    def make(rng):
        return nn.FeedForward(6, 10, rng=rng, activation=getattr(ops, name))

    return f"FeedForward {name}", make, reference


def _prelu(F, x, slope):
    """PyTorch's channels are the second axis."""
    return F.prelu(x.transpose(1, 2), slope).transpose(1, 2)


def _heads(F, x, p, n_heads, causal, turn=lambda x: x):
    B, T, d_model = x.shape
    q, k, v = (
        (x @ p[f"{part}.w"] + p[f"{part}.b"]).view(B, T, -1, d_model // n_heads).transpose(1, 2)
        for part in ("query", "key", "value")
    )
    q, k = turn(q), turn(k)
    y = F.scaled_dot_product_attention(q, k, v, is_causal=causal, enable_gqa=True).transpose(1, 2)
    return y.reshape(B, T, d_model) @ p["output.w"] + p["output.b"]


def _turn(x):
    """x (B, heads, T, 2), each row turned by its place in radians."""
    place = x.new_tensor(range(x.shape[-2]))[:, None]
    quarter = x.flip(-1) * x.new_tensor([-1.0, 1.0])  # (a, b) -> (-b, a)
    return x * place.cos() + quarter * place.sin()


def _spatial_gate(F, z, p, n_heads=1, added=0.0):
    B, T, d = z.shape
    u, v = z.chunk(2, dim=-1)
    v = F.layer_norm(v, (d // 2,), p["norm.gain"], p["norm.bias"])
    v = v.view(B, T, n_heads, -1).transpose(1, 2)
    m, b = p["mixing.weights"][:, :T, :T].tril(), p["mixing.bias"][:, :T]
    mixed = (m @ v + b[..., None]).transpose(1, 2).reshape(B, T, d // 2)
    return u * (mixed + added)


def _under(p, prefix):
    return {name[len(prefix) :]: value for name, value in p.items() if name.startswith(prefix)}


def _perception(F, x, p):
    h = F.layer_norm(x, (6,), p["norm.gain"], p["norm.bias"])
    q, k, v = (h @ p[f"attention.{n}.w"] + p[f"attention.{n}.b"] for n in ("query", "key", "value"))
    seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    added = seen @ p["attention.output.w"] + p["attention.output.b"]
    z = F.gelu(h @ p["up.w"] + p["up.b"])
    y = _spatial_gate(F, z, _under(p, "mixing."), 2, added) @ p["down.w"] + p["down.b"]
    squeezed = F.relu(h @ p["scale.down.w"] + p["scale.down.b"])
    x = x + y * 2 * F.sigmoid(squeezed @ p["scale.up.w"] + p["scale.up.b"])
    h = F.layer_norm(x, (6,), p["norm_experts.gain"], p["norm_experts.bias"])
    return x + _experts(F, h, _under(p, "experts."), 2)


def _experts(F, x, p, top_k):
    """Every expert for every token, all but the chosen ones weighed with 0."""
    scores = F.softmax(x @ p["router.w"], dim=-1)
    best = scores.topk(top_k, dim=-1)
    w = best.values / (best.values.sum(-1, keepdim=True) if top_k > 1 else 1.0)
    w = scores.new_zeros(scores.shape).scatter(-1, best.indices, w)
    y = 0.0
    for e in range(scores.shape[-1]):
        q = _under(p, f"experts.{e}.")
        hidden = F.gelu(x @ q["up.w"] + q["up.b"])
        y = y + w[..., e, None] * (hidden @ q["down.w"] + q["down.b"])
    return y


# One row a layer: what it is, how to make it, and the same in PyTorch, x being (2, 5, 6).
LAYERS = [
    ("Linear", lambda rng: nn.Linear(6, 4, rng=rng), lambda F, x, p: x @ p["w"] + p["b"]),
    ("Linear without bias", lambda rng: nn.Linear(6, 4, rng=rng, bias=False),
     lambda F, x, p: x @ p["w"]),
    ("LayerNorm", lambda rng: nn.LayerNorm(6, eps=1e-4),
     lambda F, x, p: F.layer_norm(x, (6,), p["gain"], p["bias"], 1e-4)),
    ("RMSNorm", lambda rng: nn.RMSNorm(6, eps=1e-4),
     lambda F, x, p: F.rms_norm(x, (6,), p["gain"], 1e-4)),
    ("Dropout", lambda rng: nn.Dropout(0.3, rng=_rng()),
     lambda F, x, p: x * x.new_tensor(KEEP) / 0.7),
    _feed_forward("relu", lambda F, h: F.relu(h)),
    _feed_forward("gelu", lambda F, h: F.gelu(h)),
    _feed_forward("gelu_tanh", lambda F, h: F.gelu(h, approximate="tanh")),
    _feed_forward("silu", lambda F, h: F.silu(h)),
    ("FeedForward PReLU", lambda rng: nn.FeedForward(6, 10, rng=rng, activation=nn.PReLU(10)),
     lambda F, x, p: _prelu(F, x @ p["up.w"] + p["up.b"], p["activation.slope"])
     @ p["down.w"] + p["down.b"]),
    ("MaxoutFeedForward", lambda rng: nn.MaxoutFeedForward(6, 5, rng=rng, pieces=3),
     lambda F, x, p: (x @ p["up.w"] + p["up.b"]).unflatten(-1, (3, 5)).amax(-2)
     @ p["down.w"] + p["down.b"]),
    ("GatedFeedForward reglu", lambda rng: nn.GatedFeedForward(6, 10, rng=rng, gate_op=ops.reglu),
     lambda F, x, p: (F.relu(x @ p["gate.w"]) * (x @ p["up.w"])) @ p["down.w"]),
    ("GatedFeedForward", lambda rng: nn.GatedFeedForward(6, 10, rng=rng),
     lambda F, x, p: (F.silu(x @ p["gate.w"]) * (x @ p["up.w"])) @ p["down.w"]),
    ("MultiHeadAttention causal", lambda rng: nn.MultiHeadAttention(6, 3, rng=rng),
     lambda F, x, p: _heads(F, x, p, 3, True)),
    ("MultiHeadAttention full", lambda rng: nn.MultiHeadAttention(6, 2, rng=rng, causal=False),
     lambda F, x, p: _heads(F, x, p, 2, False)),
    ("MultiHeadAttention groups",
     lambda rng: nn.MultiHeadAttention(6, 6, rng=rng, n_kv_heads=2),
     lambda F, x, p: _heads(F, x, p, 6, True)),
    ("MultiHeadAttention rotary, one group",
     lambda rng: nn.MultiHeadAttention(6, 3, rng=rng, n_kv_heads=1, rotary=True),
     lambda F, x, p: _heads(F, x, p, 3, True, _turn)),
    ("SpatialGate", lambda rng: nn.SpatialGate(6, 7, rng=rng), _spatial_gate),
    ("SpatialGate with heads", lambda rng: nn.SpatialGate(6, 5, rng=rng, n_heads=3),
     lambda F, x, p: _spatial_gate(F, x, p, 3)),
    ("MixtureOfExperts", lambda rng: nn.MixtureOfExperts(6, 7, 4, rng=rng),
     lambda F, x, p: _experts(F, x, p, 1)),
    ("MixtureOfExperts, two of them", lambda rng: nn.MixtureOfExperts(6, 7, 4, rng=rng, top_k=2),
     lambda F, x, p: _experts(F, x, p, 2)),
    ("PerceptionBlock", lambda rng: nn.PerceptionBlock(
        6, 8, 5, rng=rng, n_heads=2, d_attention=3, n_experts=3, top_k=2, d_scale=2), _perception),
    ("MLP", lambda rng: MLP([6, 8, 7, 4], rng=rng),
     lambda F, x, p: F.relu(
         F.relu(x @ p["layers.0.w"] + p["layers.0.b"]) @ p["layers.1.w"] + p["layers.1.b"]
     ) @ p["layers.2.w"] + p["layers.2.b"]),
    ("Sequential", lambda rng: nn.Sequential(nn.Linear(6, 7, rng=rng), ops.tanh, nn.LayerNorm(7)),
     lambda F, x, p: F.layer_norm(
         (x @ p["layers.0.w"] + p["layers.0.b"]).tanh(), (7,),
         p["layers.2.gain"], p["layers.2.bias"])),
]  # fmt: skip


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer[0])
def test_layer_equals_torch(torch, agree, randomise, twins, layer):
    name, make, reference = layer
    rng = np.random.default_rng(82)
    module = randomise(make(rng), rng).astype(np.float64)
    p = twins(module)
    x = Tensor(rng.standard_normal((2, 5, 6)), requires_grad=True)
    x_torch = torch.tensor(x.data, requires_grad=True)

    y, y_torch = module(x), reference(torch.nn.functional, x_torch, p)
    dy = rng.standard_normal(y.shape)
    y.backward(dy)
    y_torch.backward(torch.tensor(dy))

    agree(f"{name}: y", y.data, y_torch, TOLERANCE)
    agree(f"{name}: dx", x.grad, x_torch.grad, TOLERANCE)
    for key, parameter in module.named_parameters():
        agree(f"{name}: {key}", parameter.grad, p[key].grad, TOLERANCE)


def test_embedding_equals_torch(torch, agree, twins):
    rng = np.random.default_rng(83)
    module = nn.Embedding(7, 4, rng=rng).astype(np.float64)
    table = twins(module)["table"]
    ids = rng.integers(0, 6, (3, 5))  # row 6 is never read, others more than once
    dy = rng.standard_normal((3, 5, 4))
    y, y_torch = module(ids), torch.nn.functional.embedding(torch.tensor(ids), table)
    y.backward(dy)
    y_torch.backward(torch.tensor(dy))
    agree("y", y.data, y_torch, TOLERANCE)
    agree("table", module.table.grad, table.grad, TOLERANCE)


def test_window_mlp_equals_torch(torch, agree, randomise, twins):
    F, rng = torch.nn.functional, np.random.default_rng(87)
    model = randomise(WindowMLP(9, 4, 3, 7, rng=rng, activation=ops.tanh), rng).astype(np.float64)
    p = twins(model)
    ids, targets = rng.integers(0, 8, (6, 4)), rng.integers(0, 9, 6)
    targets[2] = ops.loss.IGNORED
    loss = model.loss(ids, targets)
    x = F.embedding(torch.tensor(ids), p["token.table"]).flatten(1)
    logits = (x @ p["up.w"] + p["up.b"]).tanh() @ p["head.w"] + p["head.b"]
    loss_torch = F.cross_entropy(logits, torch.tensor(targets))
    loss.backward()
    loss_torch.backward()
    agree("loss", loss.data, loss_torch, TOLERANCE)
    for key, parameter in model.named_parameters():
        agree(key, parameter.grad, p[key].grad, TOLERANCE)


def _pack(torch, theirs, ours):
    """Copy MultiHeadAttention's weights to PyTorch's, which stands them (d_out, d_in)."""
    parts = (ours.query, ours.key, ours.value)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.tensor(np.concatenate([p.w.data.T for p in parts])))
        theirs.in_proj_bias.copy_(torch.tensor(np.concatenate([p.b.data for p in parts])))
        theirs.out_proj.weight.copy_(torch.tensor(ours.output.w.data.T))
        theirs.out_proj.bias.copy_(torch.tensor(ours.output.b.data))


def _same_attention_gradients(agree, theirs, ours):
    parts = (ours.query, ours.key, ours.value)
    dw = np.concatenate([p.w.grad.T for p in parts])
    db = np.concatenate([p.b.grad for p in parts])
    agree("dw", dw, theirs.in_proj_weight.grad, TOLERANCE)
    agree("db", db, theirs.in_proj_bias.grad, TOLERANCE)
    agree("output.w", ours.output.w.grad.T, theirs.out_proj.weight.grad, TOLERANCE)
    agree("output.b", ours.output.b.grad, theirs.out_proj.bias.grad, TOLERANCE)


@pytest.mark.parametrize("causal", [True, False])
def test_attention_equals_torchs_module(torch, agree, randomise, causal):
    rng = np.random.default_rng(84)
    ours = nn.MultiHeadAttention(12, 3, rng=rng, causal=causal)
    randomise(ours, rng).astype(np.float64)
    theirs = torch.nn.MultiheadAttention(12, 3, batch_first=True, dtype=torch.float64)
    _pack(torch, theirs, ours)
    x = Tensor(rng.standard_normal((2, 5, 12)), requires_grad=True)
    x_torch = torch.tensor(x.data, requires_grad=True)
    future = torch.ones(5, 5, dtype=torch.bool).triu(1) if causal else None

    y, (y_torch, _) = ours(x), theirs(x_torch, x_torch, x_torch, attn_mask=future)
    dy = rng.standard_normal(y.shape)
    y.backward(dy)
    y_torch.backward(torch.tensor(dy))

    agree("y", y.data, y_torch, TOLERANCE)
    agree("dx", x.grad, x_torch.grad, TOLERANCE)
    _same_attention_gradients(agree, theirs, ours)


@pytest.mark.parametrize("norm_first", [True, False])
@pytest.mark.parametrize("causal", [True, False])
def test_block_equals_torchs_encoder_layer(torch, agree, randomise, causal, norm_first):
    rng = np.random.default_rng(85)
    attention = nn.MultiHeadAttention(12, 4, rng=rng, causal=causal)
    feed_forward = nn.FeedForward(12, 20, rng=rng)
    ours = nn.TransformerBlock(12, attention, feed_forward, rng=rng, norm_first=norm_first)
    randomise(ours, rng).astype(np.float64)
    theirs = torch.nn.TransformerEncoderLayer(
        12, 4, 20, dropout=0.0, activation="gelu", batch_first=True, norm_first=norm_first,
        dtype=torch.float64,
    )  # fmt: skip
    _pack(torch, theirs.self_attn, attention)
    pairs = [
        (theirs.linear1.weight, feed_forward.up.w), (theirs.linear1.bias, feed_forward.up.b),
        (theirs.linear2.weight, feed_forward.down.w), (theirs.linear2.bias, feed_forward.down.b),
        (theirs.norm1.weight, ours.norm_attention.gain),
        (theirs.norm1.bias, ours.norm_attention.bias),
        (theirs.norm2.weight, ours.norm_feed_forward.gain),
        (theirs.norm2.bias, ours.norm_feed_forward.bias),
    ]  # fmt: skip
    with torch.no_grad():
        for a, b in pairs:
            a.copy_(torch.tensor(b.data.T))
    x = Tensor(rng.standard_normal((2, 7, 12)), requires_grad=True)
    x_torch = torch.tensor(x.data, requires_grad=True)
    future = torch.ones(7, 7, dtype=torch.bool).triu(1) if causal else None

    y, y_torch = ours(x), theirs(x_torch, src_mask=future)
    dy = rng.standard_normal(y.shape)
    y.backward(dy)
    y_torch.backward(torch.tensor(dy))

    agree("y", y.data, y_torch, TOLERANCE)
    agree("dx", x.grad, x_torch.grad, TOLERANCE)
    _same_attention_gradients(agree, theirs.self_attn, attention)
    for a, b in pairs:
        agree("a gradient", b.grad.T, a.grad, TOLERANCE)


@pytest.mark.parametrize("tied", [False, True])
def test_whole_model_loss_and_all_gradients_equal_torch(
    torch, agree, randomise, twins, torch_logits, tied
):
    rng = np.random.default_rng(86)
    model = transformer(
        vocab_size=11, context=9, d_model=12, n_heads=3, d_ff=20, n_layers=4, rng=rng, tied=tied
    )
    randomise(model, rng).astype(np.float64)
    p = twins(model)
    ids, targets = rng.integers(0, 11, (2, 7)), rng.integers(0, 11, (2, 7))
    targets[0, 2] = ops.loss.IGNORED

    loss = model.loss(ids, targets)
    logits = torch_logits(p, torch.tensor(ids), n_layers=4, n_heads=3)
    loss_torch = torch.nn.functional.cross_entropy(
        logits.view(14, 11), torch.tensor(targets).view(14)
    )
    loss.backward()
    loss_torch.backward()

    agree("loss", loss.data, loss_torch, TOLERANCE)
    assert set(p) == {name for name, _ in model.named_parameters()}
    for name, parameter in model.named_parameters():
        agree(name, parameter.grad, p[name].grad, TOLERANCE)
