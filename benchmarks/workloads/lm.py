"""A small language model learns: what a lesson spends most of its time on."""

import numpy as np

TITLE = "language model (4 blocks, d_model 128, 4 heads, T 128, batch 8, vocab 100): one AdamW step"
UNIT, UNITS_PER_CALL = "step", 1
VOCAB_SIZE, T, D_MODEL, N_HEADS, D_FF, N_LAYERS, BATCH = 100, 128, 128, 4, 512, 4, 8
RATE, BETAS, EPS, WEIGHT_DECAY = 1e-3, (0.9, 0.999), 1e-8, 0.01


def data():
    rng = np.random.default_rng(0)
    ids = rng.integers(0, VOCAB_SIZE, (BATCH, T + 1))
    return ids[:, :-1], ids[:, 1:], model_of(rng).state_dict()


def model_of(rng):
    from tinyffn import ops
    from tinyffn.models import transformer

    return transformer(
        VOCAB_SIZE, T, D_MODEL, N_HEADS, D_FF, N_LAYERS, rng=rng, activation=ops.gelu
    )


def with_tinyffn(data):
    from tinyffn import optim

    ids, targets, weights = data
    model = model_of(np.random.default_rng(0))
    model.load_state_dict(weights)
    optimizer = optim.AdamW(
        model.parameters(), RATE, betas=BETAS, eps=EPS, weight_decay=WEIGHT_DECAY
    )

    def step():
        optimizer.zero_grad()
        loss = model.loss(ids, targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def with_pytorch(data):
    import torch

    ids, targets, weights = data
    ids, targets = torch.tensor(ids), torch.tensor(targets)
    w = {name: a.requires_grad_() for name, a in pytorch_weights(weights).items()}
    optimizer = torch.optim.AdamW(w.values(), RATE, betas=BETAS, eps=EPS, weight_decay=WEIGHT_DECAY)

    def step():
        optimizer.zero_grad()
        logits = pytorch_logits(w, ids)
        loss = torch.nn.functional.cross_entropy(logits.reshape(-1, VOCAB_SIZE), targets.ravel())
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def pytorch_weights(weights):
    """Tensors of PyTorch's own layout, (d_out, d_in)."""
    import torch

    return {
        name: torch.tensor(a.T.copy() if name.endswith(".w") else a) for name, a in weights.items()
    }


def pytorch_logits(w, ids, caches=None):
    """The model from PyTorch's fused parts; with caches, ids (B, 1) go on where they end."""
    import torch
    from torch.nn import functional as F

    def linear(x, name):
        return F.linear(x, w[f"{name}.w"], w.get(f"{name}.b"))

    def norm(x, name):
        return F.layer_norm(x, (D_MODEL,), w[f"{name}.gain"], w[f"{name}.bias"])

    def heads(x):
        return x.view(*x.shape[:2], N_HEADS, -1).transpose(1, 2)

    start = caches[0][0].shape[2] if caches else 0
    x = w["token.table"][ids] + w["position"][start : start + ids.shape[1]]
    for i in range(N_LAYERS):
        block = f"blocks.{i}"
        h = norm(x, f"{block}.norm_attention")
        q, k, v = (heads(linear(h, f"{block}.attention.{part}")) for part in QKV)
        if caches is not None:
            if start:
                k, v = torch.cat([caches[i][0], k], 2), torch.cat([caches[i][1], v], 2)
                caches[i] = k, v
            else:
                caches.append((k, v))
        h = F.scaled_dot_product_attention(q, k, v, is_causal=start == 0)
        x = x + linear(h.transpose(1, 2).flatten(2), f"{block}.attention.output")
        h = norm(x, f"{block}.norm_feed_forward")
        x = x + linear(F.gelu(linear(h, f"{block}.feed_forward.up")), f"{block}.feed_forward.down")
    return linear(norm(x, "norm"), "head")


QKV = ("query", "key", "value")


def parts(np, erf, w):
    """The model's parts in any library that speaks NumPy's language and has an erf."""

    def linear(x, name):
        return x @ w[f"{name}.w"] + w[f"{name}.b"]

    def norm(x, name):
        x = x - np.mean(x, axis=-1, keepdims=True)
        rstd = (np.mean(x * x, axis=-1, keepdims=True) + 1e-5) ** -0.5
        return x * rstd * w[f"{name}.gain"] + w[f"{name}.bias"]

    def feed_forward(x, name):
        h = linear(x, f"{name}.up")
        return linear(h * (0.5 + 0.5 * erf(h * 0.5**0.5)), f"{name}.down")

    return linear, norm, feed_forward


def loss_of(np, erf, w, ids, targets):
    """The loss in such a library."""
    linear, norm, feed_forward = parts(np, erf, w)

    def heads(x):
        return np.transpose(np.reshape(x, (BATCH, T, N_HEADS, -1)), (0, 2, 1, 3))

    mask = np.triu(np.full((T, T), -np.inf, dtype=np.float32), k=1)
    x = w["token.table"][ids] + w["position"]
    for i in range(N_LAYERS):
        block = f"blocks.{i}"
        h = norm(x, f"{block}.norm_attention")
        q, k, v = (heads(linear(h, f"{block}.attention.{part}")) for part in QKV)
        p = np.exp(q @ np.swapaxes(k, -1, -2) * (D_MODEL // N_HEADS) ** -0.5 + mask)
        h = (p / np.sum(p, axis=-1, keepdims=True)) @ v
        h = np.reshape(np.transpose(h, (0, 2, 1, 3)), (BATCH, T, D_MODEL))
        x = x + linear(h, f"{block}.attention.output")
        x = x + feed_forward(norm(x, f"{block}.norm_feed_forward"), f"{block}.feed_forward")
    logits = norm(x, "norm") @ w["head.w"]
    logits = logits - np.max(logits, axis=-1, keepdims=True)
    log_total = np.log(np.sum(np.exp(logits), axis=-1))
    one_hot = np.eye(VOCAB_SIZE, dtype=np.float32)[targets]
    return np.mean(log_total - np.sum(logits * one_hot, axis=-1))


def adamw(np, w, m, v, dw, n_steps):
    """New weights and running means after one AdamW step."""
    m = BETAS[0] * m + (1.0 - BETAS[0]) * dw
    v = BETAS[1] * v + (1.0 - BETAS[1]) * dw * dw
    root = np.sqrt(v / (1.0 - BETAS[1] ** n_steps)) + EPS
    step = m / (1.0 - BETAS[0] ** n_steps) / root
    return w * (1.0 - RATE * WEIGHT_DECAY) - RATE * step, m, v


def with_jax(data):
    import jax
    import jax.numpy as jnp
    from jax.scipy.special import erf

    ids, targets, weights = data
    w = {name: jnp.asarray(a) for name, a in weights.items()}
    state = {name: (a, jnp.zeros_like(a), jnp.zeros_like(a)) for name, a in w.items()}

    @jax.jit
    def update(state, n_steps, ids, targets):
        w = {name: s[0] for name, s in state.items()}
        loss, dw = jax.value_and_grad(lambda w: loss_of(jnp, erf, w, ids, targets))(w)
        return loss, {name: adamw(jnp, *s, dw[name], n_steps) for name, s in state.items()}

    n_steps = 0

    def step():
        nonlocal state, n_steps
        n_steps += 1
        loss, state = jax.block_until_ready(update(state, float(n_steps), ids, targets))
        return float(loss)

    return step


def with_autograd(data):
    import autograd
    import autograd.numpy as anp
    from autograd.scipy.special import erf

    ids, targets, weights = data
    state = {name: (a, np.zeros_like(a), np.zeros_like(a)) for name, a in weights.items()}
    loss_and_gradient = autograd.value_and_grad(lambda w: loss_of(anp, erf, w, ids, targets))
    n_steps = 0

    def step():
        nonlocal n_steps
        n_steps += 1
        loss, dw = loss_and_gradient({name: s[0] for name, s in state.items()})
        for name, s in state.items():
            state[name] = adamw(np, *s, dw[name], n_steps)
        return float(loss)

    return step
