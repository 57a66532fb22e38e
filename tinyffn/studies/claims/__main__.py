"""`python -m tinyffn.studies.claims`: prints the ledger, and then how many claims there are.

With an argument it prints one row, or those of a grade: A43, mixed.
"""

import argparse

from tinyffn.studies.claims.claim import FORMS, GRADES, TEXTS, chosen, ledger
from tinyffn.studies.claims.table import Table, counts


def main(arguments=None):
    """Print what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tinyffn.studies.claims", description=__doc__)
    parser.add_argument("words", nargs="*", metavar="ID or GRADE", help="such as A43, or mixed")
    words = parser.parse_args(arguments).words
    grades = tuple(word for word in words if word in GRADES)
    ids = tuple(word for word in words if word not in GRADES)
    unknown = set(ids) - {claim.id for claim in ledger()}
    if unknown:
        parser.error(
            f"neither a claim nor a grade: {', '.join(sorted(unknown))}. "
            f"Ids are such as {ledger()[0].id}, grades are {', '.join(GRADES)}"
        )
    wanted = {name: given for name, given in (("grade", grades), ("id", ids)) if given}
    print(Table(chosen(**wanted), evidence=True))
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
    main()
