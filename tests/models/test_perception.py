"""The perception model: gradients, decoding, and that it learns where to look."""

import numpy as np
import pytest

from tinyffn import Tensor, gradcheck, nn, optim
from tinyffn.data import random_copying
from tinyffn.models import generate, perception
from tinyffn.train import fit

ALL = {
    "n_heads": 2, "d_attention": 3, "n_experts": 3, "top_k": 2, "d_expert": 5,
    "activation": nn.AconC, "d_scale": 2,
}  # fmt: skip


def _model(dtype=np.float64, n_layers=2, **parts):
    rng = np.random.default_rng(1)
    model = perception(7, 6, 4, 8, n_layers, rng=rng, **parts).astype(dtype)
    for p in model.parameters():
        p.data[...] = 0.4 * rng.standard_normal(p.shape) + 0.1
    return model


def _ids(*shape, seed=2):
    return np.random.default_rng(seed).integers(0, 7, shape)


@pytest.mark.parametrize("parts", [{}, ALL], ids=["gMLP", "all"])
def test_the_gradient_of_every_parameter_is_the_derivative(parts):
    model = _model(n_layers=1, **(parts and parts | {"d_attention": 1, "d_expert": 1}))
    ids, targets = _ids(1, 4), _ids(1, 4, seed=3)
    for holder in model.modules():
        for name, parameter in list(vars(holder).items()):
            if isinstance(parameter, nn.Parameter):

                def loss(leaf, holder=holder, name=name):
                    setattr(holder, name, leaf)
                    return model.loss(ids, targets)

                rng = np.random.default_rng(4)
                gradcheck.check_pair(gradcheck.as_pair(loss), parameter.data, rng=rng)
                setattr(holder, name, parameter)


@pytest.mark.parametrize("parts", [{}, ALL], ids=["gMLP", "all"])
def test_generation_with_and_without_cache_is_the_same(parts):
    model, ids = _model(**parts), _ids(2, 3)
    with_cache, without = (
        np.stack(list(generate(model, ids, 9, temperature=0.0, use_cache=use)))
        for use in (True, False)
    )
    np.testing.assert_array_equal(with_cache, without)


def test_there_are_no_vectors_for_positions_and_places_matter_all_the_same():
    model = _model()
    assert model.position is None
    ids = np.array([[3, 3, 3, 3]])
    logits = model(ids).data[0]
    assert np.abs(logits[3] - logits[2]).max() > 1e-3


def test_number_of_parameters():
    v, t, d, f = 11, 5, 8, 12
    model = perception(v, t, d, f, 3, rng=np.random.default_rng(1))
    block = 2 * d + (d * f + f) + 2 * (f // 2) + (t * t + t) + (f // 2 * d + d)
    assert model.n_parameters() == v * d + 3 * block + 2 * d + d * v


def test_an_untrained_model_is_about_as_surprised_as_by_chance():
    model = perception(50, 16, 32, 64, 2, rng=np.random.default_rng(5), **ALL)
    ids = np.random.default_rng(6).integers(0, 50, (8, 17))
    assert abs(model.loss(ids[:, :-1], ids[:, 1:]).item() - np.log(50)) < 1.0


def test_the_last_maps_start_smaller_with_depth():
    """std = d_model^-1/2 / √(2 n_layers) for what is added to the residual stream."""
    rng = np.random.default_rng(9)
    model = perception(9, 5, 64, 128, 8, rng=rng, n_experts=2, d_expert=128)
    for block in model.blocks:
        for last in (block.down, *(expert.down for expert in block.experts.experts)):
            assert last.w.data.std() == pytest.approx(64**-0.5 / 4.0, rel=0.06)


def test_blocks_have_numbers_of_their_own():
    model = perception(7, 6, 8, 12, 2, rng=np.random.default_rng(7), **ALL)
    first, second = (block.activation for block in model.blocks)
    assert first is not second
    assert np.any(model.blocks[0].down.w.data != model.blocks[1].down.w.data)


def test_it_learns_to_copy_from_a_fixed_distance():
    rng = np.random.default_rng(8)
    model = perception(8, 12, 24, 64, 1, rng=rng, n_experts=2, d_expert=24)
    batches = random_copying(length=12, offset=3, vocab_size=8, batch_size=32, rng=rng)

    def loss(ids, targets):
        return model.loss(ids, targets) + 0.01 * nn.balance_loss(model)

    history = fit(
        model, loss, batches, optim.AdamW(model.parameters(), 0.01), steps=100, progress=False
    )
    assert history.loss[0] > 1.5
    assert history.loss[-1] < 0.5


def test_a_layer_is_needed():
    with pytest.raises(ValueError, match="perception: n_layers is 0, but must be a whole number"):
        perception(7, 6, 4, 8, 0, rng=np.random.default_rng(1))


def test_an_unknown_part_is_named():
    with pytest.raises(TypeError, match="n_head'"):
        perception(7, 6, 4, 8, 1, rng=np.random.default_rng(1), n_head=2)


def test_confidence_can_be_read_after_every_block():
    model = _model(n_layers=3)
    logits = [model.read(x) for x in model.stream(_ids(2, 5))]
    assert len(logits) == 4
    np.testing.assert_allclose(logits[-1].data, model(_ids(2, 5)).data, rtol=0, atol=1e-12)
    assert isinstance(logits[0], Tensor)
