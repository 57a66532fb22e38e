"""The reference of exercise 19.1 against the course's own arithmetic, and against made-up pages."""

import numpy as np
import pytest

from tinyffn.studies.claims.rates import millijoules_per_token, serial_share, tflops
from tinyffn.studies.claims.scores import is_valid_arxiv_id
from tinyffn.studies.flops import Sizes


@pytest.fixture
def reference(part):
    return part("19.1", "reference")


def test_numbers_that_can_exist_are_those_of_the_course(reference, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        ids = [f"{rng.integers(100):02}{rng.integers(20):02}.{rng.integers(10**n):0{n}}"
               for n in rng.integers(3, 7, size=200)]  # fmt: skip
        ids += ["", ".", "v2", "1706", "1706.", "1706.0376a", "17o6.03762", "1706.03762v"]
        ids += ["1706.03762v0", "1706.03762v12", "0704.0001", "0703.0001", "1706.00000"]
        found = reference.is_valid_arxiv_id(ids, np.full(len(ids), 9912))
        assert found.tolist() == [is_valid_arxiv_id(text) for text in ids]


def test_a_text_prints_numbers_up_to_its_own_month(reference):
    months = np.array([1705, 1706, 1707, 812])
    assert reference.is_valid_arxiv_id(["1706.03762"] * 4, months).tolist() == [
        False,
        True,
        True,
        False,
    ]


def test_parameters_are_those_of_which_the_flops_were_counted(reference, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        n_layers, d_model, context = (
            rng.integers(2, 9),
            8 * int(rng.integers(2, 9)),
            int(rng.integers(5, 99)),
        )
        block = Sizes(d_model, 1, 4 * d_model)
        n = n_layers * (block.attention_weights + block.feed_forward_weights)
        forward = n_layers * sum(block.flops(context).values()) / context
        tokens = 1e6
        found = reference.parameters(3 * forward * tokens, tokens, n_layers, d_model, context)
        assert found == pytest.approx(n)


def test_share_and_energy_by_another_way(reference, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        flops, tokens, hours, watts, peak = rng.uniform(1, 9, size=5) * (1e21, 1e9, 10, 100, 100)
        n = int(rng.integers(2, 99))
        per_second = tokens / (3600 * hours)
        share, joules = reference.share_and_energy(flops, tokens, hours, n, watts, peak)
        assert share == pytest.approx(tflops(per_second, flops / tokens) / (n * peak))
        assert joules == pytest.approx(millijoules_per_token(n * watts, per_second) / 1000)


def test_the_serial_share_comes_back(reference, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        s, few = rng.uniform(size=50) ** 4, rng.integers(1, 64, size=50)
        many = few + rng.integers(1, 999, size=50)
        ratio = (s + (1 - s) / few) / (s + (1 - s) / many)
        np.testing.assert_allclose(reference.serial_share(ratio, few, many), s, atol=1e-9)


def test_against_one_machine_it_is_amdahl(reference):
    found = reference.serial_share(np.array([0.94 * 1024]), np.array([1]), np.array([1024]))
    assert found[0] == pytest.approx(serial_share(0.94, 1024))


def test_the_second_prediction(reference):
    found = reference.serial_share(np.array([10.0]), np.array([64]), np.array([1024]))
    assert 1 - found[0] == pytest.approx(0.999, abs=5e-4)
