"""What all studies do when they are called by name: `python -m tinyffn.studies.NAME`.

A study takes minutes or hours, and puts what it finds in the place of what was kept. So it says
what it would do where `--help` asks, and does not start with words that it does not know.
"""

import argparse
from textwrap import dedent


def start(name, main, about, arguments=None):
    """Run a study, if nothing else was asked for.

    Arguments  name: of the study and of its results; main: makes the runs and keeps them
               about: the study's docstring; arguments: those of the command line unless given
    Errors     SystemExit after --help (0), and with a message where an argument is not known (2)
    """
    parser = argparse.ArgumentParser(
        prog=f"python -m tinyffn.studies.{name}",
        description=about,
        epilog=dedent(f"""\
            All runs are made anew, and then take the place of what is kept in
            tinyffn/studies/results/{name}.json. Stopped before the end, it changes nothing."""),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.parse_args(arguments)
    main()
