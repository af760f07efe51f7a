"""Several threads that start at the same moment, and how each ended."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from chemsales.storage import database


def race(works: Sequence[Callable[[], object]]) -> list[object]:
    """The value or the exception of each work, all begun at once, each on an own connection."""
    barrier = threading.Barrier(len(works))
    outcomes: list[object] = [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        barrier.wait()
        try:
            outcomes[place] = work()
        except Exception as error:
            outcomes[place] = error
        finally:
            database.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    return outcomes
