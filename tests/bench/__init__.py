"""Speed and memory against floors measured in the same run: `python -m tests.bench [NAME ...]`.

Each module here that has a `run() -> list[Figure]` is a bench, and may be run alone. A bench
measures the program and its floor (the least that the same work takes, written by hand) in turns
and takes the median of each, so that the machine's other work meets both alike.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured, in `unit`, and the most that is allowed.

    With a floor `limit` is the greatest ratio to it; without one (memory, a count, a wait) it is
    the greatest value itself.
    """

    name: str
    value: float
    floor: float | None
    limit: float
    unit: str = "s"

    @property
    def ratio(self) -> float | None:
        """The value in units of the floor, None without one."""
        return None if self.floor is None else self.value / self.floor

    @property
    def ok(self) -> bool:
        """Whether the limit is kept."""
        return (self.value if self.ratio is None else self.ratio) <= self.limit


def timed(work: Callable[[], object]) -> float:
    """The seconds that a piece of work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def in_turns(rounds: int, *sides: Callable[[], T], warm: int = 0) -> list[list[T]]:
    """What each side gave in `rounds` rounds, after `warm` rounds that do not count.

    The sides take turns, in every other round the other way round.
    """
    given: list[list[T]] = [[] for _ in sides]
    for turn in range(warm + rounds):
        order = list(zip(sides, given, strict=True))
        for side, into in order if turn % 2 == 0 else reversed(order):
            result = side()
            if turn >= warm:
                into.append(result)
    return given


def in_child(module: str, *arguments: object, home: Path | None = None) -> dict[str, float]:
    """Run a module of this package in a process of its own; the JSON that it printed.

    `home` is the folder of the program's own files there. RuntimeError with what it complained of
    where it failed.
    """
    environment = dict(os.environ)
    if home is not None:
        environment["CHEMSALES_HOME"] = str(home)
    ended = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        env=environment, capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    if ended.returncode:
        raise RuntimeError(ended.stderr)
    figures: dict[str, float] = json.loads(ended.stdout)
    return figures


def child_main(parts: Mapping[str, Callable[[Path], Mapping[str, float] | None]]) -> None:
    """The other end of `in_child`: run the part that the arguments name on their folder."""
    part, folder = sys.argv[1:]
    print(json.dumps(parts[part](Path(folder)) or {}))


def peak_megabytes() -> float:
    """The most memory that this process has had (not its parent's, which getrusage begins with)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the kernel does not tell the peak of memory")
