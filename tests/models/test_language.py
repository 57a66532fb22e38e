"""The language model: gradients, the stream, saving, and what it says when misused."""

import re

import numpy as np
import pytest

from tinyffn import Tensor, gradcheck, nn, no_grad, ops
from tinyffn.models import LanguageModel, load_model, perception, save_model, transformer
from tinyffn.optim import SGD

SIZES = {
    "vocab_size": 7, "context": 6, "d_model": 8, "n_heads": 2, "d_ff": 10, "n_layers": 2,
}  # fmt: skip


def _model(seed=1, dtype=np.float64, **changed):
    """A model whose parameters are all random, so that none hides an error at zero or one."""
    rng = np.random.default_rng(seed)
    model = transformer(**(SIZES | changed), rng=rng).astype(dtype)
    for p in model.parameters():
        p.data[...] = 0.4 * rng.standard_normal(p.shape) + 0.1
    return model


def _ids(*shape, seed=2):
    return np.random.default_rng(seed).integers(0, SIZES["vocab_size"], shape)


CHECKED = [
    "token.table", "position", "blocks.0.norm_attention.gain", "blocks.0.attention.query.w",
    "blocks.0.attention.key.b", "blocks.1.attention.value.w", "blocks.1.norm_feed_forward.bias",
    "blocks.1.feed_forward.up.w", "blocks.1.feed_forward.down.b", "norm.gain", "head.w",
]  # fmt: skip


@pytest.mark.parametrize(
    "name, tied", [(name, False) for name in CHECKED] + [("token.table", True)]
)
def test_the_gradient_of_the_loss_is_the_derivative(name, tied):
    model = _model(d_model=4, d_ff=6, vocab_size=5, tied=tied)
    ids, targets = _ids(2, 3) % 5, _ids(2, 3, seed=3) % 5
    *path, attribute = name.split(".")
    holder = model
    for part in path:
        holder = holder[int(part)] if part.isdigit() else getattr(holder, part)

    def loss(leaf):
        setattr(holder, attribute, leaf)
        return model.loss(ids, targets)

    x = getattr(holder, attribute).data
    gradcheck.check_pair(gradcheck.as_pair(loss), x, rng=np.random.default_rng(4))


def test_an_untrained_model_is_about_as_surprised_as_by_chance():
    model = transformer(50, 16, 32, 4, 64, 2, rng=np.random.default_rng(5))
    ids = np.random.default_rng(6).integers(0, 50, (8, 17))
    assert abs(model.loss(ids[:, :-1], ids[:, 1:]).item() - np.log(50)) < 1.0


@pytest.mark.parametrize("left_out", [{}, {"feed_forward": False}, {"attention": False}], ids=str)
@pytest.mark.parametrize("norm_first", [True, False])
def test_a_stream_ends_where_the_logits_are_read(left_out, norm_first):
    model, ids = _model(**left_out, norm_first=norm_first), _ids(2, 6)
    stream = model.stream(ids)
    assert np.array_equal(model.read(stream[-1]).data, model(ids).data)
    assert len(stream) == 1 + (2 - len(left_out)) * SIZES["n_layers"]


def test_shared_heads_have_smaller_caches_and_rotary_models_no_learned_positions():
    plain, shared, rotary = (_model(**v) for v in ({}, {"n_kv_heads": 1}, {"rotary": True}))
    caches = [model.new_caches(2).blocks[0].keys.nbytes for model in (plain, shared)]
    assert caches[0] == SIZES["n_heads"] * caches[1]
    assert rotary.position is None and rotary.context == plain.context


def test_all_norms_are_of_the_class_that_is_asked_for():
    model = _model(norm=nn.RMSNorm)
    found = [type(part) for part in model.modules() if isinstance(part, nn.LayerNorm | nn.RMSNorm)]
    assert found == [nn.RMSNorm] * (2 * SIZES["n_layers"] + 1)


def test_a_tied_head_is_the_table_transposed_and_one_parameter():
    tied, untied = (_model(tied=tied) for tied in (True, False))
    names = [name for name, _ in untied.named_parameters()]
    assert [name for name, _ in tied.named_parameters()] == names[:-1] and names[-1] == "head.w"
    assert tied.n_parameters() == untied.n_parameters() - untied.head.w.size
    y, table = np.random.default_rng(3).standard_normal((2, 3, 8)), tied.token.table.data
    np.testing.assert_allclose(tied.head(Tensor(y)).data, y @ table.T, rtol=1e-14)
    assert np.array_equal(tied.head.w.data, table.T)


def test_a_tied_table_is_stepped_once_by_the_gradients_of_both_its_places():
    """An untied model with the same numbers has each gradient for itself."""
    tied, untied = (_model(tied=tied) for tied in (True, False))
    ids, targets = _ids(2, 4), _ids(2, 4, seed=3)
    for name, p in tied.named_parameters():
        dict(untied.named_parameters())[name].data[...] = p.data
    untied.head.w.data[...] = tied.token.table.data.T
    untied.token.table.data *= np.sqrt(8)
    for model in (tied, untied):
        model.loss(ids, targets).backward()
    both = np.sqrt(8) * untied.token.table.grad + untied.head.w.grad.T
    np.testing.assert_allclose(tied.token.table.grad, both, rtol=1e-10, atol=1e-14)
    before = tied.token.table.data.copy()
    SGD(tied.parameters(), 0.1).step()
    np.testing.assert_allclose(tied.token.table.data, before - 0.1 * both, rtol=1e-10)


def test_a_tied_model_begins_with_logits_and_ids_of_the_usual_size():
    ids = np.random.default_rng(6).integers(0, 50, (8, 16))
    for tied in (True, False):
        rng = np.random.default_rng(5)
        model = transformer(50, 16, 64, 4, 64, 2, rng=rng, tied=tied)
        assert abs(model.loss(ids, ids[:, ::-1]).item() - np.log(50)) < 1.0
        embedded = model.stream(ids)[0].data - model.position.data
        assert embedded.dtype == np.float32 and 0.8 < embedded.std() < 1.0


def test_attention_alone_knows_no_order_without_positions():
    """Not causal, and without positions, it gives permuted logits for permuted ids."""
    rng = np.random.default_rng(3)
    attention = nn.MultiHeadAttention(8, 2, rng=rng, causal=False)
    block = nn.TransformerBlock(8, attention, None, rng=rng)
    model = LanguageModel(7, 6, 8, [block], rng=rng, positions=False).astype(np.float64)
    ids, order = _ids(2, 6), np.array([3, 0, 5, 1, 4, 2])
    assert model.position is None and model.context == 6
    np.testing.assert_allclose(model(ids[:, order]).data, model(ids).data[:, order], atol=1e-12)


def test_dropout_acts_in_training_only_and_comes_from_the_rng():
    ids = _ids(2, 5)
    a, b = (transformer(**SIZES, rng=np.random.default_rng(8), dropout=0.4) for _ in range(2))
    assert np.array_equal(a(ids).data, b(ids).data)  # the same rng, the same masks
    assert not np.array_equal(a(ids).data, a(ids).data)  # a new mask each time
    assert np.array_equal(a.eval()(ids).data, a(ids).data)
    assert np.array_equal(a(ids).data, b.eval()(ids).data)


@pytest.mark.parametrize("gate_op", [None, ops.swiglu], ids=["plain", "gated"])
def test_the_last_maps_start_smaller_with_depth(gate_op):
    """std = d_model^-1/2 / √(2 n_layers) for what is added to the residual stream."""
    model = transformer(9, 5, 64, 4, 128, 8, rng=np.random.default_rng(9), gate_op=gate_op)
    for block in model.blocks:
        for last in (block.attention.output.w, block.feed_forward.down.w):
            assert last.data.std() == pytest.approx(64**-0.5 / 4.0, rel=0.06)


@pytest.mark.parametrize("tied", [False, True])
def test_save_and_load_give_the_same_model_back(tmp_path, tied):
    model = _model(dtype=np.float32, tied=tied)
    about = {"sizes": SIZES | {"tied": tied}, "characters": "aé\n\0中", "loss_nats": 1.25}
    save_model(tmp_path / "m.npz", model, **about)
    twin, read = load_model(
        tmp_path / "m.npz",
        lambda about: transformer(**about["sizes"], rng=np.random.default_rng(0)),
    )
    assert read == about
    assert np.array_equal(twin(_ids(2, 6)).data, model(_ids(2, 6)).data)


def test_a_parameter_may_be_named_about(tmp_path):
    model = nn.Module()
    model.about = nn.Parameter([1.0, 2.0])
    save_model(tmp_path / "m.npz", model, size=2, path="there", model="this")

    def build(about):
        twin = nn.Module()
        twin.about = nn.Parameter(np.zeros(about["size"]))
        return twin

    twin, about = load_model(tmp_path / "m.npz", build)
    assert about == {"size": 2, "path": "there", "model": "this"}
    assert np.array_equal(twin.about.data, [1.0, 2.0])


def _build(about):
    return transformer(**about["sizes"], rng=np.random.default_rng(0))


def test_a_model_built_otherwise_is_refused(tmp_path):
    save_model(tmp_path / "m.npz", _model(), sizes=SIZES | {"n_layers": 1})
    with pytest.raises(ValueError, match=r"unknown blocks\.1\.attention\.key\.b"):
        load_model(tmp_path / "m.npz", _build)
    save_model(tmp_path / "m.npz", _model(), sizes=SIZES | {"d_ff": 11})
    with pytest.raises(
        ValueError, match=r"up\.w is float64 \(8, 10\), but must be float32 \(8, 11\)"
    ):
        load_model(tmp_path / "m.npz", _build)


@pytest.mark.parametrize("about", [None, np.array("{half"), np.array("[1]"), np.ones(2)])
def test_arrays_that_are_no_model_are_refused(tmp_path, about):
    arrays = _model().state_dict() | ({} if about is None else {".about": about})
    nn.save_arrays(tmp_path / "m.npz", arrays)
    with pytest.raises(
        ValueError, match=r"m\.npz holds arrays, but no model that save_model wrote"
    ):
        load_model(tmp_path / "m.npz", _build)


def test_what_json_cannot_hold_is_refused_before_writing(tmp_path):
    with pytest.raises(TypeError, match=r"save_model: about must be what JSON can hold: .*ndarray"):
        save_model(tmp_path / "m.npz", _model(), table=np.ones(3))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("value", [0, -1, 2.0, True, None], ids=repr)
@pytest.mark.parametrize("name", SIZES)
def test_sizes_are_whole_numbers_above_zero(name, value):
    message = f"transformer: {name} is {value!r}, but must be a whole number above 0"
    with pytest.raises(ValueError, match=re.escape(message)):
        transformer(**(SIZES | {name: value}), rng=np.random.default_rng(0))


def _language_model(vocab_size=7, context=6, d_model=8, blocks=None):
    rng = np.random.default_rng(0)
    blocks = _model().blocks if blocks is None else blocks
    return LanguageModel(vocab_size, context, d_model, blocks, rng=rng)


def _caches(n):
    model = _model()
    with no_grad():
        caches = model.new_caches(2)
        caches.blocks *= n
        return model(_ids(2, 3), caches)


IDS = "LanguageModel: ids (3,) must be (B, T) with T >= 1"
MISTAKES = [
    (lambda: _language_model(vocab_size=0), ValueError, "LanguageModel: vocab_size is 0, but"),
    (lambda: _language_model(context=2.5), ValueError, "LanguageModel: context is 2.5, but"),
    (lambda: _language_model(d_model=None), ValueError, "LanguageModel: d_model is None, but"),
    (lambda: _language_model(blocks=[]), ValueError, "LanguageModel: blocks is empty"),
    (lambda: _model(n_heads=3), ValueError, "d_model = 8 does not split into 3 heads"),
    (lambda: _model(rotary=True, attention=False), ValueError,
     "transformer: rotary is set, but its sublayers are left out"),
    (lambda: _model(n_kv_heads=1, attention=False), ValueError,
     "transformer: n_kv_heads is set, but its sublayers are left out"),
    (lambda: _model(gate_op=ops.swiglu, feed_forward=False), ValueError,
     "transformer: gate_op is set, but its sublayers are left out"),
    (lambda: _model(attention=False, feed_forward=False), ValueError,
     "attention and feed_forward are None: pass one"),
    (lambda: transformer(**SIZES, rng=3), TypeError, "rng is 3, but must be a generator"),
    (lambda: transformer(**SIZES, rng=np.random.default_rng(0), dropout=1.0), ValueError,
     "Dropout: rate is 1.0, but must be a number, at least 0 and below 1"),
    (lambda: transformer(**SIZES, rng=np.random.default_rng(0), activation="gelu"), TypeError,
     "FeedForward: activation is 'gelu', but must be a function"),
    (lambda: _model()([1, 2, 3]), ValueError, IDS),
    (lambda: _model()(np.zeros((2, 0), int)), ValueError, "ids (2, 0) must be (B, T) with T >= 1"),
    (lambda: _model()(_ids(2, 7)), ValueError,
     "7 positions are more than the context of 6: shorten the ids"),
    (lambda: _model()([[1.0, 2.0]]), TypeError, "ids are float64, but must be integers"),
    (lambda: _model()([[True, False]]), TypeError, "ids are bool, but must be integers"),
    (lambda: _model()([[0, 7]]), ValueError, "ids run from 0 to 7, but the table has rows 0 to 6"),
    (lambda: _model()([[-1, 2]]), ValueError, "ids run from -1 to 2"),
    (lambda: _model().loss(_ids(2, 3), _ids(3, 2)), ValueError,
     "targets (3, 2) do not fit logits (2, 3, 7): targets must be (2, 3), one id for each row"),
    (lambda: _model().loss(_ids(2, 3), [[0.0, 1, 2]] * 2), TypeError, "targets are float64"),
    (lambda: _model().loss([[1, 2]], [[2, 7]]), ValueError, "targets run from 2 to 7"),
    (lambda: _model().loss(_ids(2, 3)[:0], _ids(2, 3)[:0]), ValueError, "no target counts"),
    (lambda: _caches(2), ValueError, "LanguageModel: 4 caches do not fit 2 blocks"),
    (lambda: _caches(0), ValueError, "LanguageModel: 0 caches do not fit 2 blocks"),
    (lambda: _model().new_caches(0), ValueError, "new_cache: batch_size is 0, but"),
    (lambda: _model()(_ids(2, 3), _model().new_caches(2)), RuntimeError, "inside no_grad()"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()


def test_a_cache_of_another_batch_or_past_the_context_is_refused():
    model = _model()
    with no_grad():
        caches = model.new_caches(2)
        with pytest.raises(ValueError, match=re.escape("k (3, 2, 4, 4) does not fit")):
            model(_ids(3, 4), caches)
        model(_ids(2, 4), caches)
        with pytest.raises(ValueError, match="7 positions are more than the context of 6"):
            model(_ids(2, 3), caches)
        assert [cache.n_positions for cache in caches.blocks] == [4, 4]
        assert caches.n_positions == 4


def test_a_cache_of_another_type_is_refused():
    caches = _model(dtype=np.float32).new_caches(2)
    with no_grad(), pytest.raises(TypeError, match="q is float64, but k is float32"):
        _model()(_ids(2, 3), caches)


def test_loss_takes_ignored_targets():
    model, ids, targets = _model(), _ids(2, 4), _ids(2, 4, seed=3)
    targets[:, :2] = ops.loss.IGNORED
    logits = Tensor(model(ids).data[:, 2:])
    expected = ops.cross_entropy(logits, targets=targets[:, 2:])
    assert model.loss(ids, targets).item() == pytest.approx(expected.item(), rel=1e-14)


def _packed(lengths):
    """Who may see whom where texts of these lengths stand in one row."""
    text = np.repeat(np.arange(len(lengths)), lengths)
    return (text[:, None] == text) & np.tri(len(text), dtype=bool)


def test_texts_that_share_a_row_are_read_as_if_alone():
    """By rotary positions, which know distances alone; and the gradients are those of two texts."""
    model = transformer(9, 7, 8, 2, 12, 2, rng=np.random.default_rng(1), rotary=True, n_kv_heads=1)
    model.astype(np.float64)
    ids, targets = np.array([[3, 1, 4, 1, 5, 8, 2]]), np.array([[1, 4, 1, 5, 8, 2, 6]])
    row = model(ids, mask=_packed([4, 3])).data
    np.testing.assert_allclose(row[:, :4], model(ids[:, :4]).data, rtol=0, atol=1e-12)
    np.testing.assert_allclose(row[:, 4:], model(ids[:, 4:]).data, rtol=0, atol=1e-12)
    assert abs(row - model(ids).data)[:, 4:].max() > 1e-3
    assert np.array_equal(model.read(model.stream(ids, _packed([4, 3]))[-1]).data, row)

    model.loss(ids, targets, mask=_packed([4, 3])).backward()
    packed = [p.grad.copy() for p in model.parameters()]
    for p in model.parameters():
        p.grad = None
    both = model.loss(ids[:, :4], targets[:, :4]) * (4 / 7)
    (both + model.loss(ids[:, 4:], targets[:, 4:]) * (3 / 7)).backward()
    for grad, p in zip(packed, model.parameters(), strict=True):
        np.testing.assert_allclose(grad, p.grad, rtol=0, atol=1e-12)


def test_a_prefix_is_read_in_both_directions_and_the_rest_is_not():
    model = transformer(9, 6, 8, 2, 12, 2, rng=np.random.default_rng(1))
    ids = np.array([[3, 1, 4, 1, 5, 8]])
    mask = np.tri(6, dtype=bool) | (np.arange(6) < 3)
    before = model(ids, mask=mask).data
    for place in range(6):
        other = ids.copy()
        other[0, place] = 7
        changed = (model(other, mask=mask).data != before).any(axis=(0, 2))
        assert np.array_equal(changed, np.arange(6) >= (0 if place < 3 else place))


def test_a_block_that_has_no_attention_takes_no_mask():
    model = perception(9, 6, 4, 8, 2, rng=np.random.default_rng(1))
    with pytest.raises(ValueError, match="mask was given, but block 0, a PerceptionBlock, has no"):
        model(np.array([[1, 2]]), mask=np.tri(2, dtype=bool))
