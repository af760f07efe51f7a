"""python -m chemsales: the command line."""

import sys

if __name__ == "__main__":
    if getattr(sys, "frozen", False):  # packaged: the reader of workbooks starts here, too
        from multiprocessing import freeze_support

        freeze_support()
    from chemsales.cli import main

    sys.exit(main())
