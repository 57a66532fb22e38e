"""Published sizes come out to the byte, and the lengths of three files agree on what is in them."""

import dataclasses

import numpy as np
import pytest

from tinyffn.bits.formats import Q1_0, Blocks
from tinyffn.bits.gguf import gguf_bytes, write_gguf
from tinyffn.studies.flops import Sizes
from tinyffn.studies.ledger import MODELS, Model
from tinyffn.studies.published_sizes import (
    FILES,
    MLX_BITS,
    PRINTED,
    QWEN3_8B,
    counted,
    data_bytes,
    formula_bytes,
    gguf_rest,
    gguf_shapes,
    mlx_rest,
    vocabulary_from_lengths,
)

WORDS = 151_669  # of the tokenizer of Qwen3


def test_the_printed_sizes_are_a_formula():
    n = counted(QWEN3_8B)
    assert n == 8_190_726_144
    attention, ffn = QWEN3_8B.attention_parameters, QWEN3_8B.ffn_parameters
    assert (attention, ffn) == (41_943_040, 150_994_944)
    assert n == 36 * (attention + ffn + 2 * 4096) + 4096 + 2 * 151_936 * 4096
    assert QWEN3_8B.n_parameters - n == 9216
    assert formula_bytes(n, 16) == PRINTED["16 bits"]
    assert formula_bytes(n, Q1_0.bits_per_weight) == PRINTED["GGUF"]


def test_the_size_printed_for_mlx_is_none():
    assert PRINTED["MLX"] - formula_bytes(counted(QWEN3_8B), MLX_BITS) == 330_464
    assert PRINTED["MLX"] == FILES[0].mlx


def test_the_file_has_254_matrices_and_145_norms():
    shapes = gguf_shapes(QWEN3_8B)
    kinds = [kind for kind, _ in shapes.values()]
    assert (kinds.count("Q1_0"), kinds.count("F32")) == (254, 145)
    sizes = {kind: sum(np.prod(s) for k, s in shapes.values() if k == kind) for kind in set(kinds)}
    assert sizes["Q1_0"] + sizes["F32"] == QWEN3_8B.n_parameters
    assert sizes["F32"] == 308_224


def test_a_real_file_with_norms_in_float32():
    shapes = gguf_shapes(QWEN3_8B)
    data = data_bytes(shapes, {"Q1_0": 1.125, "F32": 32})
    assert data == 8_190_427_136 * 1.125 / 8 + 308_224 * 4 == 1_153_011_712
    assert gguf_bytes(shapes) - data == 23_552  # what describes 399 tensors, in whole 32 bytes
    assert data - PRINTED["GGUF"] == 1_190_848


def test_three_files_leave_the_same_rest_with_a_row_for_each_word():
    assert [gguf_rest(files, WORDS) for files in FILES] == [5_926_816] * 3
    assert len({gguf_rest(files) for files in FILES}) == 3  # not so with all rows of Qwen3-8B


def test_lengths_of_files_give_the_number_of_rows_away():
    assert {vocabulary_from_lengths(FILES[0], small) for small in FILES[1:]} == {WORDS}
    with_half = {vocabulary_from_lengths(FILES[0], small, gain="F16") for small in FILES[1:]}
    assert len(with_half) == 2  # no number of rows fits if norms are in 16 bits


def test_mlx_files_leave_about_as_much_for_each_array():
    for files in FILES:
        rest, arrays = mlx_rest(files, WORDS)
        assert 110 < rest / arrays < 114
    rests = [mlx_rest(files, WORDS) for files in FILES]
    assert rests == [(102_496, 907), (100_448, 904), (78_056, 704)]


def test_a_model_of_another_kind_is_refused():
    other = next(model for model in MODELS if model.name == "LLaMA-7B")
    with pytest.raises(ValueError, match="gguf_shapes: LLaMA-7B must be gated, normalise queries"):
        gguf_shapes(other)
    for changed in ({"attention_bias": True}, {"norm": 2}, {"query_key_norm": False}):
        with pytest.raises(ValueError, match="gguf_shapes: Qwen3-8B must be gated"):
            gguf_shapes(dataclasses.replace(QWEN3_8B, **changed))


@pytest.mark.parametrize("tied", [False, True])
def test_shapes_are_those_of_a_file_that_is_written(tmp_path, tied):
    sizes = Sizes(128, 2, 256, n_kv_heads=1, d_head=64, gated=True)
    model = Model("small", sizes, 2, 10, None, "none", tied=tied, query_key_norm=True)
    shapes = gguf_shapes(model)
    assert sum(np.prod(shape) for _, shape in shapes.values()) == model.n_parameters
    tensors = {}
    for name, (kind, shape) in shapes.items():
        w = np.ones(shape, np.float32)
        tensors[name] = Blocks(Q1_0, Q1_0.write(w.T)) if kind == "Q1_0" else w
    write_gguf(tmp_path / "small.gguf", tensors)
    assert (tmp_path / "small.gguf").stat().st_size == gguf_bytes(shapes)
