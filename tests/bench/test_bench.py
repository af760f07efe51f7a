"""The bench's own machinery: what counts as kept, whose turn it is, what is printed."""

from __future__ import annotations

import types

import pytest

from tests import bench
from tests.bench import Figure, __main__, in_turns


@pytest.mark.parametrize(
    ("value", "floor", "limit", "ok"),
    [
        (2.0, 1.0, 2.0, True),
        (2.1, 1.0, 2.0, False),
        (300, None, 300, True),
        (300.1, None, 300, False),
        (0, None, 0, True),
        (1, None, 0, False),
    ],
)
def test_a_limit_is_of_the_ratio_or_of_the_value(
    value: float, floor: float | None, limit: float, ok: bool
) -> None:
    figure = Figure("x", value, floor, limit)
    assert figure.ok is ok
    assert __main__.line(figure).split()[-1] == ("ok" if ok else "OVER")


def test_the_sides_take_turns_and_the_first_rounds_do_not_count() -> None:
    order: list[str] = []

    def side(name: str) -> int:
        order.append(name)
        return len(order)

    floor, program = in_turns(2, lambda: side("f"), lambda: side("p"), warm=1)
    assert "".join(order) == "fppffp"
    assert (floor, program) == ([4, 5], [3, 6])


def test_there_is_a_bench_for_each_subject_and_none_that_is_no_bench() -> None:
    assert {"closing", "importing", "report", "start"} <= set(__main__.names())
    assert not {"heartbeat", "test_bench", "__init__", "__main__"} & set(__main__.names())


@pytest.mark.parametrize(("value", "code"), [(1.0, 0), (9.0, 1)])
def test_a_figure_over_its_limit_is_the_exit_code(
    value: float, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = types.SimpleNamespace(run=lambda: [Figure("quick thing", value, 1.0, 2.0)])
    monkeypatch.setattr(__main__.importlib, "import_module", lambda _name: made)
    assert __main__.main(["start"]) == code
    assert "quick thing" in capsys.readouterr().out


def test_a_wrong_name_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(["nonsense"]) == 2
    assert "closing" in capsys.readouterr().err


def test_a_child_that_fails_is_heard() -> None:
    with pytest.raises(RuntimeError, match="nonsense"):
        bench.in_child("tests.bench.closing", "nonsense", "nowhere")
    assert bench.peak_megabytes() > 5
