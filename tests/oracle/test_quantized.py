"""Layers in few bits against PyTorch, where "straight through" is said with `detach`.

    x + (rounded - x).detach()

has the value of `rounded` and the gradient of x.
"""

import numpy as np
import pytest

from tinyffn import Tensor, nn

TOLERANCE = 1e-10


def _in_place_of(x, rounded):
    return x + (rounded - x).detach()


def _signs(torch, x):
    return torch.where(x >= 0, 1.0, -1.0).to(x.dtype)


def _binary(torch, w, dim=0):
    return _in_place_of(w, w.abs().mean(dim, keepdim=True) * _signs(torch, w))


def _ternary(torch, w):
    scale = w.abs().mean()
    return _in_place_of(w, (w / scale).round().clamp(-1, 1) * scale)


def _centred(torch, w):
    return _in_place_of(w, w.abs().mean() * torch.where(w > w.mean(), 1.0, -1.0).to(w.dtype))


def _tokens(x, top):
    scale = x.abs().amax(-1, keepdim=True).clamp(min=1e-5) / top
    return _in_place_of(x, (x / scale).round().clamp(-top, top) * scale)


def _binary_linear(torch, x, p):
    return x @ _binary(torch, p["w"]) + p["b"]


def _binary_connect(torch, x, p):
    return x @ _in_place_of(p["w"], _signs(torch, p["w"])) + p["b"]


def _xnor_linear(torch, x, p):
    z = torch.nn.functional.layer_norm(x, (6,), p["norm.gain"], p["norm.bias"], 1e-5)
    signs = z.abs().mean(-1, keepdim=True) * _signs(torch, z)
    z = torch.nn.functional.hardtanh(z)
    return _in_place_of(z, signs) @ _binary(torch, p["w"]) + p["b"]


def _bit_linear_b1(torch, x, p):
    z = torch.nn.functional.layer_norm(x, (6,), p["norm.gain"], p["norm.bias"], 1e-5)
    return _tokens(z, 127) @ _centred(torch, p["w"])


def _bit_linear_b158(torch, x, p):
    z = torch.nn.functional.rms_norm(x, (6,), p["norm.gain"], 1e-5)
    return _tokens(z, 7) @ _ternary(torch, p["w"]) + p["b"]


LAYERS = [
    ("BinaryLinear", lambda rng: nn.BinaryLinear(6, 4, rng=rng), _binary_linear),
    ("BinaryConnect", lambda rng: nn.BinaryLinear(6, 4, rng=rng, per=None), _binary_connect),
    ("XnorLinear", lambda rng: nn.XnorLinear(6, 4, rng=rng), _xnor_linear),
    ("BitLinear b1", lambda rng: nn.BitLinear(6, 4, rng=rng, weights="b1"), _bit_linear_b1),
    ("BitLinear b1.58, 4 bits",
     lambda rng: nn.BitLinear(6, 4, rng=rng, token_bits=4, bias=True), _bit_linear_b158),
]  # fmt: skip


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer[0])
def test_layer_equals_torch(torch, agree, randomise, twins, layer):
    name, make, reference = layer
    rng = np.random.default_rng(91)
    module = randomise(make(rng), rng).astype(np.float64)
    p = twins(module)
    x = Tensor(rng.standard_normal((2, 5, 6)), requires_grad=True)
    x_torch = torch.tensor(x.data, requires_grad=True)

    y, y_torch = module(x), reference(torch, x_torch, p)
    dy = rng.standard_normal(y.shape)
    y.backward(dy)
    y_torch.backward(torch.tensor(dy))

    agree(f"{name}: y", y.data, y_torch, TOLERANCE)
    agree(f"{name}: dx", x.grad, x_torch.grad, TOLERANCE)
    for key, parameter in module.named_parameters():
        agree(f"{name}: {key}", parameter.grad, p[key].grad, TOLERANCE)


def test_a_network_in_signs_trains_as_in_torch(torch, agree, randomise, twins):
    """Forty steps of gradient descent with clipped latent weights: the same signs flip."""
    rng = np.random.default_rng(92)
    model = nn.Sequential(
        nn.BinaryLinear(6, 9, rng=rng), nn.LayerNorm(9), nn.XnorLinear(9, 4, rng=rng)
    )
    randomise(model, rng).astype(np.float64)
    p = twins(model)
    x, target = rng.standard_normal((8, 6)), rng.standard_normal((8, 4))
    before = model.layers[0].quantized().codes.copy()
    for _ in range(40):
        y = model(x)
        h = _binary_linear(torch, torch.tensor(x), {k[-1]: p[f"layers.0.{k[-1]}"] for k in "wb"})
        h = torch.nn.functional.layer_norm(h, (9,), p["layers.1.gain"], p["layers.1.bias"], 1e-5)
        z = torch.nn.functional.layer_norm(
            h, (9,), p["layers.2.norm.gain"], p["layers.2.norm.bias"], 1e-5
        )
        signs = z.abs().mean(-1, keepdim=True) * _signs(torch, z)
        z = _in_place_of(torch.nn.functional.hardtanh(z), signs)
        y_torch = z @ _binary(torch, p["layers.2.w"]) + p["layers.2.b"]
        y.backward(y.data - target)
        y_torch.backward((y_torch - torch.tensor(target)).detach())
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                parameter.data -= 0.02 * parameter.grad
                parameter.grad = None
                p[name] -= 0.02 * p[name].grad
                p[name].grad = None
                if name in ("layers.0.w", "layers.2.w"):
                    p[name].clamp_(-1, 1)
        nn.clip_latent(model)
    assert (model.layers[0].quantized().codes != before).any()
    for name, parameter in model.named_parameters():
        agree(name, parameter.data, p[name], 1e-9)
