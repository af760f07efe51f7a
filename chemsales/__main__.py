"""python -m chemsales: the command line."""

import sys

from chemsales.cli import main

if __name__ == "__main__":
    sys.exit(main())
