"""Every exercise answered wrong in every way we know, and then right, as a student would read it.

pytest tests/exercises -k transcript -s   shows it
"""

from tinyffn.lab.report import Report


def test_transcript(exercise, outcomes, id):
    ex = exercise(id)
    named = 0
    print()
    for path in [*ex.wrong, ex.reference]:
        report = Report(ex.id, ex.title, tuple(outcomes(id, path, 0)))
        print(f"--- {path.relative_to(ex.folder)}\n{report.text()}\n")
        if path == ex.reference:
            assert report.passed
        else:
            named += ex.wrong[path] in report.text()
    print(f"exercise {id}: {named} of {len(ex.wrong)} known mistakes are named, the answer passes")
    assert named == len(ex.wrong)
