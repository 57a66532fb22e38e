"""Scores and references of an article: how sure a score can be, and which numbers can exist."""

import math
import re

from tinyffn.arguments import must_be_positive, must_be_share

# From 1991 to March 2007 a field and seven digits, YYMMNNN; since then YYMM, a point, and four
# digits; five from 2015 on. Months run from 01 to 12.
OLD = re.compile(r"[a-z-]+(?:\.[A-Z]{2})?/(\d\d)(\d\d)\d{3}")
NEW = re.compile(r"(\d\d)(\d\d)\.(\d{4,5})")


def is_valid_arxiv_id(text):
    """Whether arXiv could ever have given this number: "2012.14913", "arXiv:1706.03762v5".

    It says nothing about a work: "2401.00001" may be any, and the right number of a wrong one.

    Errors     TypeError if text is no str
    Source     the page of arXiv on its identifiers (info.arxiv.org/help/arxiv_identifier.html)
    """
    if not isinstance(text, str):
        raise TypeError(f"is_valid_arxiv_id: text is {text!r}, but must be a str")
    text = re.sub(r"v[1-9]\d*$", "", text.strip().removeprefix("arXiv:"))
    if match := OLD.fullmatch(text):
        year, month = int(match[1]), int(match[2])
        return 1 <= month <= 12 and (year >= 91 or (year, month) <= (7, 3))
    if match := NEW.fullmatch(text):
        year, month = int(match[1]), int(match[2])
        right_length = len(match[3]) == (4 if year < 15 else 5)
        return 1 <= month <= 12 and (year, month) >= (7, 4) and right_length and int(match[3]) > 0
    return False


def half_width(score, n_questions):
    """Half of a 95 % interval around a share of right answers, in percentage points.

        100 · 1.96 √(score (1 - score) / n)

    As far as a score may be off by the luck of the questions, if they were drawn one by one from
    many. Prompts, and answers of the key that are wrong, come on top.

    Arguments  score: a share, such as 0.923
    Errors     ValueError unless score is at least 0 and below 1, and n_questions whole, above 0
    """
    must_be_share("half_width", score=score)
    must_be_positive("half_width", n_questions=n_questions)
    return 196 * math.sqrt(score * (1 - score) / n_questions)
