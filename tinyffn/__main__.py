"""`python -m tinyffn` is the command `tinyffn`."""

import sys

from tinyffn.cli import main

sys.exit(main())
