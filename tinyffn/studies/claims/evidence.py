"""What a claim is held to: something measured, something derived, or something that is cited.

In the ledger a row of evidence is one of

    { results = "recipe", given = { arm = "cosine", baseline = "constant" }, found = -0.108,
      below = -0.03, unit = "bits per character", says = "..." }
    { function = "tinyffn.studies.claims.rates:tflops", given = { ... }, gives = 81.0, unit = "...",
      says = "..." }
    { reference = "vaswani2017", says = "..." }

Numbers are not believed but computed again: see `Measured.values` and `Derived.value`.
"""

import importlib
from dataclasses import dataclass, field

from tinyffn.studies import results
from tinyffn.studies.claims.references import Reference, references

BY_DEFAULT = "tinyffn.studies.claims.measured:difference"


@dataclass(frozen=True)
class Measured:
    """A number read off from kept results, one for each seed.

    results       the name of a study: studies/results/NAME.json
    function      "module:name" of the function that reads it off: f(results, **given)
    given         what the function is told
    found         the mean over the seeds, as it was when the row was written
    above, below  what each seed must stay above, or below, or between: far from `found`, so that
                  other seeds or another machine would not change the verdict. Between, where the
                  verdict is that not much happens; neither, where time was measured
    unit, says    what the number counts, and what it shows, and does not
    """

    results: str
    found: float
    unit: str
    says: str
    function: str = BY_DEFAULT
    given: dict = field(default_factory=dict, hash=False)
    above: float | None = None
    below: float | None = None

    def content(self):
        """What the study kept: see tinyffn.studies.results."""
        return results.load(self.results)

    def values(self):
        """The number of each seed: a list."""
        return [float(value) for value in resolved(self.function)(self.results, **self.given)]

    def told(self):
        """What was compared, the number, its range over seeds, and where it stands, in words."""
        values = self.values()
        what = _call(self)
        if self.function == BY_DEFAULT:
            what = " less ".join(
                self.given[name] for name in ("arm", "baseline") if name in self.given
            )
        span = f"{min(values):.3g} to {max(values):.3g}, {len(values)} seeds, {self.results}.json"
        return f"{what} = {self.found:g} {self.unit} ({span}): {self.says}"


@dataclass(frozen=True)
class Derived:
    """A number that a function computes: "module:name", what it is given, and what it gives."""

    function: str
    gives: float
    unit: str
    says: str
    given: dict = field(default_factory=dict, hash=False)

    def value(self):
        """What the function gives now."""
        return float(resolved(self.function)(**self.given))

    def told(self):
        """The number and how it was found, in words."""
        return f"{_call(self)} = {_number(self.gives)} {self.unit}: {self.says}"


@dataclass(frozen=True)
class Cited:
    """A work, and in a sentence what it says on the claim, and what it does not."""

    reference: Reference
    says: str

    def told(self):
        """The work, and what it says."""
        return f"{self.reference.short}: {self.says}"


KINDS = {"results": Measured, "function": Derived, "reference": Cited}


def evidence(row, id=""):
    """A row of evidence as one of the three.

    Errors     ValueError if it is none of them, lacks a part or has an unknown one, or names a work
               that references.toml does not have
    """
    kind = next((kind for key, kind in KINDS.items() if key in row), None)
    if kind is None:
        raise ValueError(f"claim {id}: evidence has one of {[*KINDS]}, but this is {row}")
    if kind is Cited:
        if row["reference"] not in references():
            raise ValueError(f"claim {id}: references.toml has no {row['reference']!r}")
        row = {**row, "reference": references()[row["reference"]]}
    try:
        return kind(**row)
    except TypeError as error:
        raise ValueError(f"claim {id}: {error}") from None


def _call(each):
    given = ", ".join(f"{name}={_argument(value)}" for name, value in each.given.items())
    return f"{each.function.rpartition(':')[2]}({given})"


def _argument(value):
    if isinstance(value, float):
        return f"{value:g}"
    return f"{value:_}" if isinstance(value, int) and value >= 10_000 else repr(value)


def _number(number):
    return f"{number:,.0f}" if number >= 10_000 else f"{number:.6g}"


def resolved(path):
    """The function "module:name" of this package.

    Errors     ValueError if there is no such module or function
    """
    module, _, name = path.partition(":")
    if not module.startswith("tinyffn."):
        raise ValueError(f"resolved: {path!r} must be 'tinyffn.module:name'")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise ValueError(f"resolved: there is no {path!r}: {error}") from None
