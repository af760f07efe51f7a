"""`python -m tests.bench [names]`: run benches, print figures; 1 if a limit is not kept."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Sequence

from tests import bench
from tests.bench import Figure

LINE = "{:<46} {:>10} {:>10} {:>4} {:>8} {:>8}  {}"


def names() -> list[str]:
    """The benches there are: the modules beside this one that have a run()."""
    return [m.name for m in pkgutil.iter_modules(bench.__path__) if not m.name.startswith("_")]


def line(figure: Figure) -> str:
    """One figure as a row of the table."""
    return LINE.format(
        figure.name, f"{figure.value:.3f}", f"{figure.floor:.3f}", figure.unit,
        f"{figure.ratio:.2f} x", f"{figure.limit:g} x", "kept" if figure.kept else "NOT KEPT",
    )  # fmt: skip


def main(chosen: Sequence[str]) -> int:
    """Run these benches, or all; 2 for a name that is none."""
    known = names()
    unknown = [name for name in chosen if name not in known]
    if unknown:
        print(f"no bench {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    print(LINE.format("figure", "value", "floor", "", "ratio", "limit", ""), flush=True)
    kept = True
    for name in chosen or known:
        for figure in importlib.import_module(f"tests.bench.{name}").run():
            print(line(figure), flush=True)
            kept = kept and figure.kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
