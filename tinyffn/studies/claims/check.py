"""What must hold of the ledger: every row is complete, and every number in it comes out again."""

import math

from tinyffn.studies.claims.claim import FORMS, GRADES, KINDS, NEEDS, ledger, sections
from tinyffn.studies.claims.evidence import Cited, Derived, Measured
from tinyffn.studies.claims.references import references
from tinyffn.studies.claims.scores import is_valid_arxiv_id

MOST_WORDS = 8  # of a quotation: a few words, never a page
CLOSE = 0.005  # a number is printed with three digits or more
FEWEST_SEEDS = 3
TIMED = ("latency", "packed_speed", "real_ffn")  # seconds: no machine is held to another's
UNTRAINED = ("rounded_layers",)  # studies in which there are no steps to tell
SIZES = ("n_parameters", "n_trained", "n_signs", "d_model", "d_ff")  # any of them will do
OF_KIND = {"measured": Measured, "derived": Derived, "cited": Cited}
LESSONS = tuple(f"{n:02}" for n in range(1, 20))


def faults():
    """Everything that is wrong with the ledger, as sentences: an empty list if nothing is."""
    found = []
    for claim in ledger():
        found += [f"{claim.id}: {fault}" for fault in (*row_faults(claim), *number_faults(claim))]
    return [*found, *place_faults(), *reference_faults()]


def row_faults(claim):
    """What is wrong with a row as it stands: words that are unknown, parts that do not agree."""
    for name, words in (("form", FORMS), ("kind", KINDS), ("grade", GRADES)):
        if getattr(claim, name) not in words:
            yield f"its {name} is {getattr(claim, name)!r}, but must be one of {', '.join(words)}"
    for need in claim.needs:
        if need not in NEEDS:
            yield f"it needs {need!r}, but that is none of {', '.join(NEEDS)}"
    if list(claim.needs) != sorted(set(claim.needs)):
        yield "what it needs must be in alphabetical order, each word once"
    if not claim.needs and claim.grade != "supported":
        yield "only what is supported may leave nothing out"
    if (claim.kind == "unverifiable") != (claim.grade == "unfalsifiable"):
        yield f"what is {claim.kind} cannot be {claim.grade}: the one goes with the other"
    kinds = {type(each) for each in claim.evidence}
    if claim.kind in OF_KIND and OF_KIND[claim.kind] not in kinds:
        yield f"nothing among its evidence is {claim.kind}"
    if not 1 <= len(claim.quote.split()) <= MOST_WORDS:
        yield f"its quotation has {len(claim.quote.split())} words, but may have 1 to {MOST_WORDS}"
    if not claim.right.endswith(".") or claim.right.replace("et al. ", "").count(". ") > 1:
        yield "what is right must be said in a sentence, or two"
    if claim.lesson not in LESSONS:
        yield f"there is no lesson {claim.lesson!r}"
    if (claim.form == "citation") != (claim.citation is not None):
        yield "a citation says what was printed, and nothing else does"
    for each in claim.evidence:
        if not each.says or each.says.endswith("."):
            yield f"what its evidence says must be there, without a full stop: {each.says!r}"


def number_faults(claim):
    """What is wrong with the numbers of a claim's evidence: each is computed again."""
    for each in claim.evidence:
        try:
            if isinstance(each, Measured):
                yield from _measured_faults(each)
            if isinstance(each, Derived) and not _close(each.value(), each.gives):
                yield f"{each.function} gives {each.value():.6g}, and not {each.gives:g}"
        except (ValueError, FileNotFoundError, KeyError, TypeError) as error:
            yield f"its evidence cannot be computed: {error}"


def _measured_faults(each):
    values = each.values()
    mean = sum(values) / len(values)
    if not _close(mean, each.found):
        yield f"{each.results} gives {mean:.6g} on average, and not {each.found:g}"
    if each.results in TIMED:
        if (each.above, each.below) != (None, None):
            yield f"{each.results} took time: no test may say how long it takes elsewhere"
        return
    low, high = (-math.inf if each.above is None else each.above,
                 math.inf if each.below is None else each.below)  # fmt: skip
    if (low, high) == (-math.inf, math.inf):
        yield f"{each.results}: say what its seeds stay above, or below, or between"
    if not all(low < value < high for value in values):
        yield f"{each.results}: not all seeds are between {low:g} and {high:g}: {values}"
    if min(mean - low, high - mean) < 0.1 * abs(mean):
        yield f"{each.results}: {mean:g} is too near to {low:g} or {high:g} to hold elsewhere"
    yield from _how_it_was_made(each)


def _how_it_was_made(each):
    """Whether kept results say with what they were made, on how many seeds, steps and weights."""
    content = each.content()
    if len({run["seed"] for run in content["runs"]}) < FEWEST_SEEDS:
        yield f"{each.results} has fewer than {FEWEST_SEEDS} seeds"
    if not content["versions"].get("numpy"):
        yield f"{each.results} does not say with which versions it was made"
    if each.results in UNTRAINED:
        return
    told = " ".join([*_keys(content["settings"]), *content["runs"][0]])
    if "steps" not in told and "exposures" not in told:
        yield f"{each.results} does not say how many steps were trained"
    if not any(word in told for word in SIZES):
        yield f"{each.results} does not say how many parameters there were, nor the sizes"


def _keys(content):
    for key, value in content.items():
        yield key
        if isinstance(value, dict):
            yield from _keys(value)


def place_faults():
    """Sentences and bullets without a row, rows without a sentence, and rows out of order."""
    for text, ids in _by_text().items():
        expected = [f"{text}{n}" for n in range(1, len(ids) + 1)]
        if ids != expected:
            yield f"text {text}: its rows are {ids}, but must be numbered in their order"
    for section in sections():
        at = [c.at for c in ledger() if (c.text, c.section) == (section.text, section.name)]
        missing = {*range(1, section.count + 1)} - {*at} - {*section.silent}
        beyond = {*at, *section.silent} - {*range(1, section.count + 1)}
        if missing or beyond or {*at} & {*section.silent} or at != sorted(at):
            yield (
                f"text {section.text}, {section.name}: of {section.count} there is no row for "
                f"{sorted(missing)}, and one too many for {sorted(beyond)}"
            )


def _by_text():
    ids = {}
    for claim in ledger():
        ids.setdefault(claim.text, []).append(claim.id)
    return ids


def reference_faults():
    """Works that no claim is held to, and numbers that arXiv never gave."""
    used = set()
    for claim in ledger():
        used |= {e.reference.key for e in claim.evidence if isinstance(e, Cited)}
        if claim.citation is not None:
            of_citation = (claim.citation.opens, claim.citation.titled, *claim.citation.instead)
            used |= {work.key for work in of_citation if work is not None}
    for key, work in references().items():
        if key not in used:
            yield f"references.toml: no claim is held to {key!r}"
        if work.arxiv and not is_valid_arxiv_id(work.arxiv):
            yield f"references.toml: {key!r} has a number that cannot exist: {work.arxiv}"
        if bool(work.arxiv) == bool(work.where):
            yield f"references.toml: {key!r} must have a number on arXiv, or else a place"


def _close(value, printed):
    return math.isclose(value, printed, rel_tol=CLOSE, abs_tol=1e-12)
