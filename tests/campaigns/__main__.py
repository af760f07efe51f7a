"""Runs campaigns and prints their figures; exit code 1 where something went wrong, 2 for a name
that is no campaign."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from tests import campaigns
from tests.conftest import own_home

LINE = "{:<58} {:>7} tried {:>5} wrong {:>7.1f} s  {}"


def main(argv: Sequence[str]) -> int:
    """Run these campaigns, or all."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.campaigns", description=campaigns.__doc__
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args(argv)
    known = campaigns.names()
    unknown = [name for name in options.names if name not in known]
    if unknown:
        print(f"no campaign {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    wrong = 0
    for name in options.names or known:
        print(f"{name}: {campaigns.goal(name)}", flush=True)
        with own_home():
            wrong += _show(name, options.short)
    print(f"{wrong} parts went wrong" if wrong else "nothing went wrong", flush=True)
    return 1 if wrong else 0


def _show(name: str, short: bool) -> int:
    failed, began = 0, time.monotonic()
    for score in campaigns.run(name, short):
        took, began = time.monotonic() - began, time.monotonic()
        verdict = "ok" if score.ok else "WRONG"
        line = LINE.format("  " + score.name, score.tried, len(score.wrong), took, verdict)
        print(line, *score.wrong[:10], sep="\n    ", flush=True)
        failed += not score.ok
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
