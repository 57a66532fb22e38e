"""`python -m tinyffn.studies.claims`: prints the ledger, and then how many claims there are.

With an argument it prints one row, or those of a grade: A43, mixed.
"""

import sys

from tinyffn.studies.claims.claim import FORMS, GRADES, TEXTS, chosen, ledger
from tinyffn.studies.claims.table import Table, counts


def main(words):
    """Print what was asked for."""
    wanted = {"grade": tuple(w for w in words if w in GRADES),
              "id": tuple(w for w in words if w not in GRADES)}  # fmt: skip
    print(Table(chosen(**{name: value for name, value in wanted.items() if value}), evidence=True))
    if not words:
        print()
        print(summary())


def summary():
    """How many claims of each form and grade each text makes: a text."""
    lines = [f"{len(ledger())} claims"]
    for text in TEXTS:
        counted = counts(chosen(text=text), rows="form", columns="grade")
        lines += ["", f"text {text}".ljust(14) + "".join(grade.rjust(16) for grade in GRADES)]
        for form in FORMS:
            lines.append(form.ljust(14) + "".join(f"{n:16}" for n in counted[form].values()))
    return "\n".join(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
