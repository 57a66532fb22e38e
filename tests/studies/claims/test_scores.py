"""Numbers that arXiv can have given, and how far a score may be off."""

import numpy as np
import pytest

from tinyffn.studies.claims.scores import half_width, is_valid_arxiv_id

POSSIBLE = (
    "1706.03762", "arXiv:1706.03762v5", " 2012.14913 ", "0704.0001", "1412.6980", "1501.00001",
    "2401.99999v12", "hep-th/9901001", "math.GT/0309136", "cs/0703999v2",
)  # fmt: skip
IMPOSSIBLE = {
    "2024.02345": "month 24",
    "2000.12345": "month 0",
    "0703.0001": "before the numbers with a point",
    "1412.69801": "five digits in 2014",
    "1501.0001": "four digits in 2015",
    "1706.00000": "the first is number 1",
    "1706.03762v0": "the first version is 1",
    "1706.3762x": "a letter",
    "170603762": "no point",
    "hep-th/9913001": "month 13",
    "hep-th/0704001": "in April 2007 it was over",
    "hep-th/991001": "six digits",
    "https://arxiv.org/abs/1706.03762": "an address is no identifier",
    "": "nothing",
}


@pytest.mark.parametrize("text", POSSIBLE)
def test_numbers_that_can_exist(text):
    assert is_valid_arxiv_id(text) is True


@pytest.mark.parametrize("text", IMPOSSIBLE, ids=IMPOSSIBLE.values())
def test_numbers_that_cannot(text):
    assert is_valid_arxiv_id(text) is False


def test_a_number_is_no_identifier():
    with pytest.raises(TypeError, match=r"text is 1706.03762, but must be a str"):
        is_valid_arxiv_id(1706.03762)


def test_the_interval_holds_the_true_share_about_95_times_in_100():
    rng = np.random.default_rng(0)
    scores = rng.binomial(1319, 0.9, size=4000) / 1319
    inside = [abs(100 * (score - 0.9)) <= half_width(score, 1319) for score in scores]
    assert 0.93 < np.mean(inside) < 0.965


def test_four_times_the_questions_halve_it():
    assert half_width(0.92, 1000) == pytest.approx(2 * half_width(0.92, 4000))
    assert half_width(0.0, 50) == 0


@pytest.mark.parametrize(
    ("score", "n", "says"),
    [(1.0, 10, "score is 1.0"), (92.3, 10, "below 1"), (0.9, 0, "n_questions is 0")],
)
def test_what_is_no_score_is_refused(score, n, says):
    with pytest.raises(ValueError, match=f"^half_width: .*{says}"):
        half_width(score, n)
