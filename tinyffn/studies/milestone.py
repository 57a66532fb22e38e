"""A language model of the reader's own functions: one block, forward and backward.

There is no Tensor here and no engine. Each part is a function of arrays that returns (y, backward),
which the reader has written as an exercise. This file hands arrays from one to the next, and
gradients back. Three small steps are its own: rows of the table are looked up and get their
gradients added, heads are split and joined, and the gradient of the loss has 1 less at the target.
"""

import math

import numpy as np
from tqdm import tqdm

from tinyffn.data import random_windows
from tinyffn.models import sample
from tinyffn.optim import warmup_cosine

PARTS = {  # what is needed, and the exercise that it comes from
    "dense": "1.1",
    "logsumexp": "2.2",
    "gated_layer": "5.3",
    "adamw_step": "7.1",
    "turn": "8.3",
    "residual_sublayer": "9.3",
    "grouped_attention": "10.2",
    "attend": "10.1",
}
# What each sublayer learns, in the order in which its backward returns the gradients.
ATTENTION = ["gain_1", *(f"{m}{end}" for m in ("query", "key", "value", "output")
                         for end in ("", "_bias"))]  # fmt: skip
GATED = ["gain_2", "w_in", "w_down"]
BETAS = (0.9, 0.99)
WEIGHT_DECAY = 0.1


class OwnBlock:
    """A causal language model with one block: embedding, attention, gated layer, head.

    The table of the embedding is the weight of the head as well: exercise 1.1 keeps a weight as
    (d_out, d_in), which here is (vocab_size, d_model), a row for each character.

    Arguments  own: an object with the functions of PARTS
    """

    def __init__(self, own, vocab_size, *, context=32, d_model=64, n_heads=4, n_kv_heads=2,
                 d_ff=128, rng, dtype=np.float32):  # fmt: skip
        self.own, self.context, self.n_heads, self.n_kv_heads = own, context, n_heads, n_kv_heads
        d_kv = d_model // n_heads * n_kv_heads

        def draw(*shape, d_in):
            return (rng.normal(size=shape) / math.sqrt(d_in)).astype(dtype)

        self.p = {
            "table": draw(vocab_size, d_model, d_in=d_model),
            "gain_1": np.ones(d_model, dtype),
            "query": draw(d_model, d_model, d_in=d_model),
            "key": draw(d_kv, d_model, d_in=d_model),
            "value": draw(d_kv, d_model, d_in=d_model),
            "output": draw(d_model, d_model, d_in=d_model),
            "gain_2": np.ones(d_model, dtype),
            "w_in": draw(d_model, 2 * d_ff, d_in=d_model),
            "w_down": draw(d_ff, d_model, d_in=d_ff),
        }
        biases = {"query": d_model, "key": d_kv, "value": d_kv, "output": d_model}
        biases["table"] = vocab_size
        self.p |= {f"{name}_bias": np.zeros(size, dtype) for name, size in biases.items()}

    def logits(self, ids, positions=None, attend=None):
        """What comes next after each of ids (B, T), as logits (B, T, vocab_size); and the way back.

        The way back is a function of dlogits that returns all gradients, {name: array}.

        Arguments  positions: where the ids stand, 0 to T - 1 if not given; attend: a function of
                   q, k, v in place of own.grouped_attention
        """
        own, p = self.own, self.p
        positions = np.arange(ids.shape[1]) if positions is None else positions
        attend = attend or own.grouped_attention

        x = p["table"][ids]
        x, back_attention = own.residual_sublayer(
            x, p["gain_1"], lambda u: self.attention(u, positions, attend)
        )
        x, back_gated = own.residual_sublayer(
            x, p["gain_2"], lambda u: own.gated_layer(u, p["w_in"], p["w_down"])
        )
        logits, back_head = own.dense(x, p["table"], p["table_bias"])

        def backward(dlogits):
            dx, dtable, dbias = back_head(dlogits)
            dx, *of_gated = back_gated(dx)
            dx, *of_attention = back_attention(dx)
            dtable = np.array(dtable)  # our own, to add what the embedding does:
            np.add.at(dtable, ids, dx)  # a character that comes twice gets both
            gradients = {"table": dtable, "table_bias": dbias}
            gradients.update(zip(GATED, of_gated, strict=True))
            gradients.update(zip(ATTENTION, of_attention, strict=True))
            return gradients

        return logits, backward

    def attention(self, x, positions, attend):
        """A sublayer as exercise 9.3 wants it: y, and dx with all gradients in one tuple."""
        (B, T, d_model), own, p = x.shape, self.own, self.p
        q, back_q = own.dense(x, p["query"], p["query_bias"])
        k, back_k = own.dense(x, p["key"], p["key_bias"])
        v, back_v = own.dense(x, p["value"], p["value_bias"])
        q, k, v = (a.reshape(B, T, -1, d_model // self.n_heads) for a in (q, k, v))
        q, turn_q_back = own.turn(q, positions[:, None])
        k, turn_k_back = own.turn(k, positions[:, None])
        heads, back_heads = attend(q, k, v)
        y, back_output = own.dense(heads.reshape(B, T, d_model), p["output"], p["output_bias"])

        def backward(dy):
            dheads, *of_output = back_output(dy)
            dq, dk, dv = back_heads(dheads.reshape(heads.shape))
            dx_q, *of_q = back_q(turn_q_back(dq).reshape(B, T, -1))
            dx_k, *of_k = back_k(turn_k_back(dk).reshape(B, T, -1))
            dx_v, *of_v = back_v(dv.reshape(B, T, -1))
            return dx_q + dx_k + dx_v, *of_q, *of_k, *of_v, *of_output

        return y, backward

    def loss(self, ids, targets):
        """Surprise at each target, in nats (B, T), and a function that returns the gradients.

        The function takes nothing; it is the mean of all surprises that it differentiates.
        """
        logits, back = self.logits(ids)
        total, back_total = self.own.logsumexp(logits, axis=-1, sharpness=1.0)
        is_target = np.arange(logits.shape[-1]) == targets[..., None]
        surprises = total - logits[is_target].reshape(targets.shape)

        def backward():
            share = np.full_like(total, 1.0 / targets.size)
            (dlogits,) = back_total(share)
            return back(dlogits - share[..., None] * is_target)

        return surprises, backward


def slope_errors(model, ids, *, rng, h=1e-6):
    """How far each gradient is from a numeric slope, along one random direction: name -> error.

    Errors are |a - n| / max(1, |n|). ids (B, T): each but the last of a row foretells the next.
    """

    def loss():
        return model.loss(ids[:, :-1], ids[:, 1:])[0].mean()

    errors = {}
    gradients = model.loss(ids[:, :-1], ids[:, 1:])[1]()
    for name, p in model.p.items():
        direction = rng.normal(size=p.shape)
        model.p[name] = p + h * direction
        ahead = loss()
        model.p[name] = p - h * direction
        numeric = (ahead - loss()) / (2 * h)
        model.p[name] = p
        analytic = np.vdot(gradients[name], direction)
        errors[name] = float(abs(analytic - numeric) / max(1.0, abs(numeric)))
    return errors


def train(model, parts, *, steps, rate, rng, batch_size=16, every=50, progress=True):
    """Train an OwnBlock with the reader's step of AdamW, and look how it does on the way.

    The rate warms up over a twentieth of the steps, then falls along a cosine.

    Arguments  parts: training and test ids
    Returns    (steps, bits): how many steps were done, 0, `every`, ... `steps`, and the bits per
               character by then on the first 8,000 characters of the test part
    """
    schedule = warmup_cosine(rate, warmup_steps=steps // 20, total_steps=steps, final=rate / 20)
    means = {name: np.zeros((2, *p.shape), p.dtype) for name, p in model.p.items()}
    batches = random_windows(parts[0], batch_size=batch_size, length=model.context, rng=rng)
    done, curve = [0], [bits(model, parts[1][:8000])]
    for t in tqdm(range(1, steps + 1), unit="step", disable=not progress):
        _, backward = model.loss(*next(batches))
        gradients = backward()
        for name, p in model.p.items():
            decay = WEIGHT_DECAY if p.ndim > 1 else 0.0
            model.p[name], means[name] = model.own.adamw_step(
                p, gradients[name], means[name], t, schedule(t - 1), BETAS, 1e-8, decay
            )
        if t % every == 0 or t == steps:
            done.append(t)
            curve.append(bits(model, parts[1][:8000]))
    return done, curve


def bits(model, ids):
    """Bits per character of an OwnBlock on ids (T), each foretold from half a context or more.

    The first half context and what is left over at the end do not count.
    """
    half = model.context // 2
    starts = np.arange(0, len(ids) - model.context, half)
    windows = ids[starts[:, None] + np.arange(model.context + 1)]
    surprises = [
        model.loss(part[:, :-1], part[:, 1:])[0][:, half:].ravel()
        for part in np.array_split(windows, math.ceil(len(windows) / 64))
    ]
    return float(np.concatenate(surprises).mean()) / math.log(2)


def write(model, ids, n, *, rng, temperature=0.8):
    """Continue ids (T) by n more, one token at a time, with the reader's ring of keys and values.

    Yields the next id and the logits (vocab_size) that it was drawn from.
    """
    shape = (1, model.context, model.n_kv_heads, model.p["table"].shape[1] // model.n_heads)
    caches = [np.zeros(shape, model.p["table"].dtype) for _ in range(2)]

    def attend(q, k, v):
        y, keys, values = model.own.attend(q[:, 0], k[:, 0], v[:, 0], *caches, n_seen)
        caches[:] = keys, values
        return y[:, None], None  # no way back: nothing is learnt here

    text = list(ids)
    for n_seen in range(len(ids) + n - 1):
        logits, _ = model.logits(np.array([[text[n_seen]]]), np.array([n_seen]), attend)
        if n_seen >= len(ids) - 1:
            text.append(int(sample(logits[0, 0], rng=rng, temperature=temperature)))
            yield text[-1], logits[0, 0]
