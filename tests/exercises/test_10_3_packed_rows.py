"""The reference of exercise 10.3 against its definition, token by token, and against leaks."""

import numpy as np
import pytest


@pytest.fixture
def packed(part):
    return part("10.3", "reference").packed


def draw(rng):
    """A row with padding in two places, and prefixes of any length."""
    lengths = rng.integers(1, 6, size=4)
    documents = np.repeat([0, -1, 1, 2, -1, 3], np.insert(lengths, [1, 3], rng.integers(0, 3, 2)))
    return documents, rng.integers(0, 7, size=4)


def test_it_is_what_the_definition_says(packed, seeds):
    for seed in seeds:
        documents, prefixes = draw(np.random.default_rng(seed))
        sees, counts = packed(documents, prefixes)
        assert sees.dtype == counts.dtype == bool
        places = {d: [i for i, e in enumerate(documents) if e == d] for d in set(documents)}

        def in_prefix(i, documents=documents, prefixes=prefixes, places=places):
            d = documents[i]
            return d >= 0 and places[d].index(i) < prefixes[d]

        for i, j in np.ndindex(sees.shape):
            one = documents[i] == documents[j] >= 0
            assert sees[i, j] == (i == j or bool(one and (j <= i or in_prefix(j))))
        for i in range(len(documents) - 1):
            one = documents[i] == documents[i + 1] >= 0
            assert counts[i] == bool(one and not in_prefix(i + 1))
        assert not counts[-1]


def test_no_place_that_counts_can_know_its_answer_through_any_number_of_layers(packed, seeds):
    for seed in seeds:
        documents, prefixes = draw(np.random.default_rng(seed))
        sees, counts = packed(documents, prefixes)
        reaches = np.linalg.matrix_power(sees.astype(float), len(documents)) > 0
        assert not any(reaches[i, i + 1] for i in np.flatnonzero(counts))
        assert (reaches <= (documents[:, None] == documents)).all()


def test_a_prefix_that_counted_would_leak(packed):
    sees, counts = packed(np.zeros(6, int), np.array([4]))
    assert sees[0, 3] and sees[2, 3]
    assert counts.tolist() == [False, False, False, True, True, False]


def test_nothing_is_written_to(packed):
    documents, prefixes = draw(np.random.default_rng(0))
    before = documents.copy(), prefixes.copy()
    packed(documents, prefixes)
    assert np.array_equal(documents, before[0]) and np.array_equal(prefixes, before[1])
