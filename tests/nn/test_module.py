"""Module: parameters are found wherever they hide, each once, in one order; state goes round."""

import copy
import os
import re
import subprocess
import sys

import numpy as np
import pytest

from tinyffn import Tensor, nn, ops, optim
from tinyffn.models import transformer
from tinyffn.nn import Module, Parameter


class Nest(Module):
    """Parameters in an attribute, a list, a tuple, a dict, deeper still, and one twice."""

    def __init__(self):
        rng = np.random.default_rng(1)
        self.zebra = Parameter(rng.standard_normal(2))
        self.list = [nn.Linear(2, 3, rng=rng), 7, None, Parameter(rng.standard_normal(3))]
        self.tuple = (nn.Linear(3, 4, rng=rng, bias=False), ops.relu)
        self.dict = {"b": Parameter(rng.standard_normal(4)), "a": [nn.LayerNorm(5)], 3: "text"}
        self.deep = {"x": ([{"y": Parameter(rng.standard_normal(6))}],)}
        self.again = self.zebra
        self.same = self.list[0]


NEST = [
    "zebra", "list.0.w", "list.0.b", "list.3", "tuple.0.w", "dict.b", "dict.a.0.gain",
    "dict.a.0.bias", "deep.x.0.0.y",
]  # fmt: skip


def _model(**settings):
    sizes = {"vocab_size": 7, "context": 5, "d_model": 6, "n_heads": 2, "d_ff": 9, "n_layers": 2}
    return transformer(**(sizes | settings), rng=np.random.default_rng(2))


def test_parameters_are_found_once_each_in_the_order_of_definition():
    nest = Nest()
    assert [name for name, _ in nest.named_parameters()] == NEST
    assert len({id(p) for p in nest.parameters()}) == len(nest.parameters()) == len(NEST)
    assert nest.n_parameters() == 2 + 2 * 3 + 3 + 3 + 3 * 4 + 4 + 5 + 5 + 6


def test_modules_are_found_once_each():
    nest = Nest()
    assert nest.modules() == [nest, nest.list[0], nest.tuple[0], nest.dict["a"][0]]


def test_order_does_not_depend_on_the_hash_seed():
    code = (
        "import sys; sys.path[:] = eval(sys.argv[1]); import numpy as np\n"
        "from tinyffn.models import transformer\n"
        "model = transformer(7, 5, 6, 2, 9, 2, rng=np.random.default_rng(0))\n"
        "print([n for n, _ in model.named_parameters()], model.head.w.data.sum())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, repr(sys.path)], env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True, encoding="utf-8", check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(outputs) == 1 and "blocks.1.feed_forward.down.b" in outputs.pop()


def test_a_module_that_knows_its_parent_is_walked_once():
    parent, child = Module(), nn.Linear(2, 3, rng=np.random.default_rng(3))
    parent.child, child.parent = child, parent
    parent.w = Parameter([1.0])
    assert [name for name, _ in parent.named_parameters()] == ["child.w", "child.b", "w"]
    assert parent.modules() == [parent, child]
    assert repr(parent).count("Linear") == 1


@pytest.mark.parametrize(
    "parts", [{1: Parameter([1.0]), "1": Parameter([2.0])},
              {"a.0": Parameter([1.0]), "a": [Parameter([2.0])]}],
)  # fmt: skip
def test_two_parameters_of_one_name_raise(parts):
    """A state_dict would silently lose one of them."""
    module = Module()
    module.parts = parts
    with pytest.raises(ValueError, match="two parameters are named parts"):
        module.named_parameters()


@pytest.mark.parametrize(
    "part, message",
    [
        (Tensor([1.0], requires_grad=True), "part is a Tensor that takes a gradient, but would"),
        ([Tensor([1.0], requires_grad=True)], "part.0 is a Tensor that takes a gradient, but"),
        ({Parameter([1.0])}, "part is a set, which has no order: make it a list"),
        (frozenset([nn.LayerNorm(2)]), "part is a set, which has no order: make it a list"),
    ],
)
def test_what_would_silently_not_be_trained_raises(part, message):
    module = Module()
    module.part = part
    with pytest.raises(TypeError, match=re.escape(message)):
        module.parameters()


def test_other_attributes_are_no_parameters():
    module = Module()
    module.w = Parameter([1.0])
    module.constant, module.names, module.kept = Tensor([2.0]), {"a", "b"}, module.w * 3.0
    assert module.parameters() == [module.w]


def test_tied_weights_are_listed_counted_saved_and_stepped_once():
    rng = np.random.default_rng(4)
    module = Module()
    module.first, module.second = nn.Linear(3, 3, rng=rng), nn.Linear(3, 3, rng=rng)
    module.second.w = module.first.w
    assert [n for n, _ in module.named_parameters()] == ["first.w", "first.b", "second.b"]
    assert module.n_parameters() == 9 + 3 + 3
    assert module.state_dict().keys() == {"first.w", "first.b", "second.b"}

    x, dy = Tensor(rng.standard_normal((2, 3)).astype(np.float32)), np.ones((2, 3), np.float32)
    module.second(module.first(x)).backward(dy)
    before, gradient = module.first.w.data.copy(), module.first.w.grad.copy()
    optimizer = optim.SGD([*module.parameters(), module.second.w], 0.5)
    optimizer.step()
    assert np.array_equal(module.first.w.data, before - np.float32(0.5) * gradient)


def test_the_gradient_of_a_tied_weight_is_the_sum_over_its_uses():
    """One table reads the ids and, turned on its side, predicts the next."""
    rng = np.random.default_rng(5)
    table = rng.standard_normal((5, 3))
    ids, targets = np.array([4, 0, 4]), np.array([1, 4, 2])

    def loss(as_table, as_head):
        x = ops.embedding(as_table, ids=ids)
        return ops.cross_entropy(x @ ops.transpose(as_head), targets=targets)

    tied = Tensor(table, requires_grad=True)
    loss(tied, tied).backward()
    a, b = Tensor(table, requires_grad=True), Tensor(table, requires_grad=True)
    loss(a, b).backward()
    np.testing.assert_allclose(tied.grad, a.grad + b.grad, rtol=0, atol=1e-14)


def test_misspelt_attribute_raises():
    model = _model()
    with pytest.raises(AttributeError, match="blokcs"):
        _ = model.blokcs
    with pytest.raises(AttributeError, match="gradd"):
        _ = model.head.w.gradd


def test_train_and_eval_reach_all():
    model = _model()
    assert model.eval() is model and not any(m.training for m in model.modules())
    assert model.train() is model and all(m.training for m in model.modules())
    model.blocks[1].eval()
    assert model.training and not model.blocks[1].dropout.training


def test_repr_shows_the_tree():
    lines = repr(_model(n_layers=1)).splitlines()
    assert lines[0] == "LanguageModel  position (5, 6)  [441]"
    assert "  token: Embedding  table (7, 6)  [42]" in lines
    assert "    attention: MultiHeadAttention  [168]" in lines
    assert "      up: Linear  w (6, 9), b (9,)  [63]" in lines
    assert "  head: Linear  w (6, 7)  [42]" in lines


def test_parameter_owns_its_data():
    array = np.asfortranarray(np.ones((3, 4), np.float32))
    parameter = Parameter(array)
    parameter.data += 1.0
    assert array.max() == 1.0 and parameter.data.flags.c_contiguous


def test_initial_weights_may_come_in_float64():
    layer = nn.Linear(3, 4, rng=np.random.default_rng(0), init=lambda rng, s: rng.normal(size=s))
    assert layer.w.dtype == np.float32


@pytest.mark.parametrize("norm", [nn.LayerNorm, nn.RMSNorm])
def test_a_numpy_eps_does_not_promote(norm):
    x = Tensor(np.ones((2, 3), np.float32))
    assert norm(3, eps=np.float64(1e-5))(x).dtype == np.float32


def test_astype_converts_everything_in_place_and_back():
    model = _model()
    parameters, before = model.parameters(), model.state_dict()
    model.loss([[1, 2]], [[2, 3]]).backward()
    assert model.astype(np.float64) is model
    assert all(p.dtype == np.float64 and p.grad is None for p in parameters)
    loss = model.loss([[1, 2]], [[2, 3]])
    loss.backward()
    assert loss.dtype == parameters[0].grad.dtype == np.float64
    model.astype(np.float32)
    assert all(np.array_equal(before[name], p.data) for name, p in model.named_parameters())


def test_deep_copy_is_independent_and_stays_tied():
    module = Module()
    module.a = nn.Linear(2, 3, rng=np.random.default_rng(6))
    module.b = module.a.w
    twin = copy.deepcopy(module)
    assert twin.b is twin.a.w and twin.b is not module.b
    twin.b.data += 1.0
    assert np.array_equal(module.b.data + 1.0, twin.a.w.data)


def test_state_goes_from_one_model_to_another():
    source, target = _model(), _model()
    for p in source.parameters():
        p.data += 1.0
    state = source.state_dict()
    target.load_state_dict(state)
    for (name, a), b in zip(source.named_parameters(), target.parameters(), strict=True):
        assert np.array_equal(a.data, b.data), name
    target.head.w.data += 1.0
    state["token.table"] += 1.0
    assert np.array_equal(source.head.w.data + 1.0, target.head.w.data)  # copies, not the same


def test_frozen_parameters_take_no_gradient_and_are_then_as_they_were():
    model = _model()
    ids = np.array([[1, 2]])
    model.loss(ids, ids).backward()
    grads = [p.grad.copy() for p in model.parameters()]
    with pytest.raises(ZeroDivisionError), nn.frozen(model):
        assert not model.loss(ids, ids).requires_grad
        x = Tensor(np.ones((1, 2, 6), np.float32), requires_grad=True)
        ops.sum(model.read(x)).backward()
        assert np.abs(x.grad).max() > 0
        raise ZeroDivisionError
    for p, grad in zip(model.parameters(), grads, strict=True):
        assert np.array_equal(p.grad, grad)
    assert model.loss(ids, ids).requires_grad


def _without(state, name):
    return {k: v for k, v in state.items() if k != name}


BAD_STATES = {
    "missing head.w, unknown nothing": lambda s: _without(s, "head.w"),
    "missing nothing, unknown extra": lambda s: s | {"extra": np.ones(2, np.float32)},
    "missing head.w, unknown hat.w": lambda s: _without(s, "head.w") | {"hat.w": s["head.w"]},
    "LanguageModel was built otherwise": lambda s: {},
    "attention.output.w and 33 more": lambda s: {},
    "head.w is float32 (7, 6), but must be float32 (6, 7)":
        lambda s: s | {"head.w": s["head.w"].T},
    "head.w is int64 (6, 7)": lambda s: s | {"head.w": np.ones((6, 7), int)},
    "head.w is a list, but must be an array": lambda s: s | {"head.w": [1.0]},
    "state is a list, but must be a dict": lambda s: list(s.items()),
}  # fmt: skip


@pytest.mark.parametrize("message", BAD_STATES)
def test_loading_is_all_or_nothing(message):
    model = _model()
    before = model.state_dict()
    changed = {name: array + 1.0 for name, array in before.items()}
    with pytest.raises((ValueError, TypeError), match=re.escape(message)):
        model.load_state_dict(BAD_STATES[message](changed))
    for name, array in model.state_dict().items():
        assert np.array_equal(array, before[name]), name
