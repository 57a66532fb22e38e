"""Replacing dense layers in place: the chosen ones, in every place, with their weights."""

from functools import partial

import numpy as np
import pytest

from tinyffn import nn, ops
from tinyffn.bits.schemes import binary
from tinyffn.models import MLP, transformer

SIZES = {"vocab_size": 7, "context": 5, "d_model": 6, "n_heads": 2, "d_ff": 10, "n_layers": 2}
FFN = [f"blocks.{i}.feed_forward.{part}" for i in range(2) for part in ("up", "down")]
ATTENTION = [
    f"blocks.{i}.attention.{part}"
    for i in range(2)
    for part in ("query", "key", "value", "output")
]


def _rng(seed=1):
    return np.random.default_rng(seed)


def _model(**settings):
    return transformer(**SIZES, rng=_rng(), **settings)


@pytest.mark.parametrize(
    "which, names",
    [
        ("ffn", FFN),
        ("attention", ATTENTION),
        ("all", FFN + ATTENTION),
        (lambda name: name == "head" or name.endswith("down"), [*FFN[1::2], "head"]),
    ],
    ids=["ffn", "attention", "all", "by name"],
)
def test_the_chosen_ones_are_replaced_and_no_other(which, names):
    model = _model()
    before = model.state_dict()
    replaced = nn.replace_linears(model, nn.BinaryLinear.from_linear, which=which)
    assert sorted(replaced) == sorted(names)
    found = [name for name, part in model.named_modules() if isinstance(part, nn.BinaryLinear)]
    assert sorted(found) == sorted(names)
    after = model.state_dict()
    assert after.keys() == before.keys()
    assert all(np.array_equal(after[name], before[name]) for name in before)


def test_the_model_computes_with_the_signs_of_its_own_weights():
    """As if each chosen weight had been rounded where it stands."""
    model, rounded, ids = _model(), _model(), np.array([[0, 3, 6, 1]])
    nn.replace_linears(model, nn.BinaryLinear.from_linear, which="all")
    for name, part in rounded.named_modules():
        if name in FFN + ATTENTION:
            part.w.data[...] = binary(part.w.data).values()
    assert np.array_equal(model(ids).data, rounded(ids).data)
    assert not np.allclose(model(ids).data, _model()(ids).data, atol=1e-3)


def test_a_norm_changes_what_a_trained_model_computes_and_none_does_not():
    """BitLinear without norm and with 8 bits is near; with it, lengths of tokens are lost."""
    linear = nn.Linear(64, 32, rng=_rng(), bias=False)
    linear.w.data[...] = binary(linear.w.data, per="tensor").values()  # exact in one bit
    x = 3.0 * _rng(2).standard_normal((5, 64)).astype(np.float32)
    make = partial(nn.BitLinear.from_linear, weights="b1.58")
    y = linear(x).data
    near, far = make(linear, norm=None)(x).data, make(linear)(x).data
    assert np.abs(near - y).max() < 0.02 * np.abs(y).max()
    assert np.abs(far - y).max() > 0.5 * np.abs(y).max()
    lengths = np.sqrt((x * x).mean(axis=1, keepdims=True))
    assert np.abs(far * lengths - y).max() < 0.02 * np.abs(y).max()


def test_gated_layers_and_experts_are_found():
    gated = _model(gate_op=ops.swiglu)
    replaced = nn.replace_linears(gated, nn.BinaryLinear.from_linear)
    assert [name.split(".")[-1] for name in replaced] == 2 * ["gate", "up", "down"]
    experts = nn.MixtureOfExperts(6, 5, 3, rng=_rng())
    assert len(nn.replace_linears(experts, nn.BinaryLinear.from_linear)) == 6
    assert type(experts.router) is nn.Linear


def test_lists_tuples_and_dicts_are_searched_and_a_shared_layer_stays_shared():
    class Holder(nn.Module):
        def __init__(self):
            self.one = nn.Linear(3, 2, rng=_rng())
            self.many = ([self.one, nn.Linear(2, 2, rng=_rng())], {"a": self.one})
            self.sizes = (3, 2)

    model = Holder()
    sizes = model.sizes
    names = nn.replace_linears(model, nn.BinaryLinear.from_linear, which=lambda name: True)
    assert names == ["one", "many.0.1"]
    assert model.one is model.many[0][0] is model.many[1]["a"]
    assert all(isinstance(part, nn.BinaryLinear) for part in model.many[0])
    assert model.sizes is sizes


def test_what_was_replaced_can_be_replaced_again():
    model = MLP([6, 5, 4], rng=_rng())
    w = model.layers[0].w.data.copy()
    for make in (nn.BinaryLinear.from_linear, nn.BitLinear.from_linear):
        nn.replace_linears(model, make, which=lambda name: name == "layers.0")
    assert type(model.layers[0]) is nn.BitLinear
    assert np.array_equal(model.layers[0].w.data, w)
    assert type(model.layers[1]) is nn.Linear


def test_every_kind_of_feed_forward_and_attention_is_known_and_what_is_made_of_it():
    class Own(nn.FeedForward):
        pass

    model = nn.Sequential(
        nn.MaxoutFeedForward(6, 8, rng=_rng()),
        Own(6, 5, rng=_rng()),
        nn.TinyAttention(6, 4, 3, rng=_rng()),
    )
    ffn = nn.replace_linears(model, nn.BinaryLinear.from_linear)
    assert [name[:8] for name in ffn] == 2 * ["layers.0"] + 2 * ["layers.1"]
    attention = nn.replace_linears(model, nn.BinaryLinear.from_linear, which="attention")
    assert attention and all(name.startswith("layers.2.") for name in attention)
    both = nn.replace_linears(model, nn.BitLinear.from_linear, which="all")
    assert both == ffn + attention


def test_layers_are_made_one_after_the_other_and_lists_stay_the_same_lists():
    model, seen = MLP([6, 5, 4, 3], rng=_rng()), []
    layers = model.layers

    def make(linear):
        seen.append(linear.w.shape)
        return nn.BinaryLinear.from_linear(linear)

    names = nn.replace_linears(model, make, which=lambda name: True)
    assert names == ["layers.0", "layers.1", "layers.2"]
    assert seen == [(6, 5), (5, 4), (4, 3)]
    assert model.layers is layers


MISTAKES = [
    (lambda: nn.replace_linears(nn.Linear(3, 2, rng=_rng()), nn.BinaryLinear.from_linear,
                                which=lambda name: True), ValueError,
     "chooses no Linear of the Linear; there are none"),
    (lambda: nn.replace_linears(nn.LayerNorm(3), nn.BinaryLinear.from_linear, which="all"),
     ValueError, "which = 'all' chooses no Linear of the LayerNorm; there are none"),
    (lambda: nn.replace_linears(_model(), "binary"), TypeError,
     "replace_linears: make is 'binary', but must be a function"),
    (lambda: nn.replace_linears(_model(), nn.BinaryLinear.from_linear, which=["ffn"]), ValueError,
     "replace_linears: which is ['ffn'], but must be"),
    (lambda: nn.replace_linears(_model(), nn.BinaryLinear.from_linear, which="mlp"), ValueError,
     'replace_linears: which is \'mlp\', but must be "ffn", "attention", "all", or a function'),
    (lambda: nn.replace_linears(_model(), nn.BinaryLinear.from_linear, which=lambda name: False),
     ValueError, "chooses no Linear of the LanguageModel; there are blocks.0.attention.query, "),
    (lambda: nn.replace_linears(MLP([6, 5, 4], rng=_rng()), nn.BinaryLinear.from_linear),
     ValueError, "which = 'ffn' chooses no Linear of the MLP; there are layers.0, layers.1"),
    (lambda: nn.replace_linears(_model(), lambda linear: linear.w.data), TypeError,
     "replace_linears: make gave a ndarray, but must give a Module"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error) as caught:
        mistake()
    assert message in str(caught.value)
