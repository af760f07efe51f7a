"""`python -m tests.bench [NAME ...]`, or `make bench ARGS="NAME ..."`: run benches, print figures.

Without names all benches run. Exit code 0 where every limit is kept, 1 where a figure is over its
limit, 2 for a name that is no bench.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench import Figure

LINE = "{:<48} {:>14} {:>14} {:>9} {:>10}  {}"


def names() -> list[str]:
    """The benches there are: the modules beside this one that have a run()."""
    return sorted(
        path.stem
        for path in Path(__file__).parent.glob("*.py")
        if "\ndef run()" in path.read_text(encoding="utf-8")
    )


def line(figure: Figure) -> str:
    """One figure as a row of the table."""
    floor = ratio = "-"
    limit = f"{figure.limit:g} {figure.unit}"
    if figure.floor is not None and figure.ratio is not None:
        floor, ratio = f"{figure.floor:.3f} {figure.unit}", f"{figure.ratio:.2f} x"
        limit = f"{figure.limit:g} x"
    measured = f"{figure.value:.3f} {figure.unit}"
    return LINE.format(figure.name, measured, floor, ratio, limit, "ok" if figure.ok else "OVER")


def main(chosen: Sequence[str]) -> int:
    """Run these benches, or all; 2 for a name that is none."""
    known = names()
    unknown = [name for name in chosen if name not in known]
    if unknown:
        print(f"no bench {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    print(LINE.format("figure", "measured", "floor", "ratio", "limit", ""), flush=True)
    over: list[Figure] = []
    for name in chosen or known:
        for figure in importlib.import_module(f"tests.bench.{name}").run():
            print(line(figure), flush=True)
            over += [] if figure.ok else [figure]
    print(f"{len(over)} over the limit" if over else "every limit is kept", flush=True)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
