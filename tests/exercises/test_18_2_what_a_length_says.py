"""The reference of exercise 18.2 against files that are written, and against real ones."""

import math

import numpy as np
import pytest

from tinyffn.bits.formats import Q1_0, Blocks
from tinyffn.bits.gguf import write_gguf
from tinyffn.bits.packing import pack_signs, pack_trits, pack_two_bits
from tinyffn.studies.published_sizes import FILES, gguf_shapes

PACK = {2: pack_signs, 3: pack_trits, 4: pack_two_bits}


@pytest.fixture
def answer(part):
    return part("18.2", "reference")


def file_of(tensors, head):
    """The file, made byte by byte."""
    found = bytes(head)
    for rows, width, levels, group in tensors:
        found += bytes(-len(found) % 32)
        if levels == 0:
            found += np.ones((rows, width), np.float32).tobytes()
            continue
        for _ in range(rows):
            for _ in range(0, width, group):
                codes = np.full(group, 1, np.int8)
                found += PACK[levels](codes).tobytes() + np.float16(1).tobytes()
    return found + bytes(-len(found) % 32)


def test_lengths_are_those_of_files(answer, seeds):
    for seed in seeds[:30]:
        rng = np.random.default_rng(seed)
        levels = rng.choice([0, 2, 3, 4], size=5)
        columns = (rng.integers(1, 9, 5), rng.integers(1, 400, 5), levels, rng.integers(1, 130, 5))
        tensors, head = np.stack(columns, axis=1), int(rng.integers(0, 200))
        assert answer.file_bytes(tensors, head) == len(file_of(tensors, head))


def test_levels_that_are_no_powers_fill_bytes_as_far_as_they_can(answer):
    for levels in range(2, 17):
        per_byte = math.floor(math.log(256) / math.log(levels) + 1e-9)
        size = answer.file_bytes(np.array([[32, 840, levels, 840]]), 0)
        assert size == 32 * (math.ceil(840 / per_byte) + 2)


def test_a_gguf_file_has_the_length_that_is_predicted(answer, tmp_path):
    w = np.ones((256, 10), np.float32)
    tensors = {"up": Blocks(Q1_0, Q1_0.write(w)), "norm": np.ones(7, np.float32)}
    write_gguf(tmp_path / "model.gguf", tensors)
    head = 24 + (8 + 2 + 4 + 16 + 4 + 8) + (8 + 4 + 4 + 8 + 4 + 8)
    predicted = answer.file_bytes(np.array([[10, 256, 2, 128], [1, 7, 0, 1]]), head)
    assert predicted == (tmp_path / "model.gguf").stat().st_size


def test_words_come_back(answer, seeds):
    for seed in seeds[:40]:
        rng = np.random.default_rng(seed)
        words, head = int(rng.integers(1, 10**6)), int(rng.integers(0, 10**4))
        others = [rng.integers(1, 500, size=(4, 4)) * [1, 1, 0, 1] for _ in range(2)]
        widths, n_tables = (1024 + 128 * int(rng.integers(9)), 256), (1, int(rng.integers(1, 3)))
        lengths = [
            answer.file_bytes([*o.tolist(), *[[words, width, 2, 128]] * n], head)
            for o, width, n in zip(others, widths, n_tables, strict=True)
        ]
        assert answer.how_many_words(lengths, others, widths, n_tables) == words


@pytest.mark.parametrize("widths", [(640, 256), (1152, 512), (1280, 512)])
def test_words_come_back_where_tables_are_rounded_by_more_than_half_a_word(answer, widths):
    """Each number that no other can be taken for; a rounded quotient misses some of them."""

    def lengths(words):
        tables = [[[words, width, 2, 128]] * n for width, n in zip(widths, (1, 2), strict=True)]
        return tuple(answer.file_bytes(t, 77) for t in tables)

    found = {words: lengths(words) for words in range(1600, 1700)}
    differences = [first - second for first, second in found.values()]
    per_word, missed, empty = (widths[0] - 2 * widths[1]) // 128 * 18, 0, np.zeros((0, 4), int)
    for words in range(1610, 1690):
        seen = found[words][0] - found[words][1]
        if differences.count(seen) == 1:
            assert answer.how_many_words(found[words], (empty, empty), widths, (1, 2)) == words
            missed += round(seen / per_word) != words
    assert missed


@pytest.mark.parametrize("small", [1, 2])
def test_the_lengths_of_real_files_tell_the_number_of_their_words(answer, small):
    """Heads differ by a few names of tensors here, so the answer may be one off."""
    found = []
    for files in (FILES[0], FILES[small]):
        shapes = {n: s for n, s in gguf_shapes(files.model).items() if s[1][0] != 151_936}
        rows = [
            [*s, 2, 128] if len(s) == 2 else [1, *s, 0, 1] for _, s in shapes.values()
        ]
        described = sum(8 + len(n) + 4 + 8 * len(s) + 4 + 8 for n, (_, s) in shapes.items())
        tied = files.model.tied
        found.append((files.gguf - described, rows, files.model.sizes.d_model, 1 if tied else 2))
    lengths, tensors, widths, n_tables = zip(*found, strict=True)
    assert abs(answer.how_many_words(lengths, tensors, widths, n_tables) - 151_669) <= 1
