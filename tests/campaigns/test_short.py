"""Every campaign in its short form."""

from __future__ import annotations

import pytest

from tests import campaigns
from tests.campaigns.__main__ import main


@pytest.mark.timeout(900)  # many processes on a busy machine
@pytest.mark.parametrize("name", campaigns.names())
def test_nothing_goes_wrong(name: str) -> None:
    scores = list(campaigns.run(name, short=True))
    assert scores and campaigns.goal(name)
    assert [score for score in scores if not score.ok] == []


def test_a_name_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nothing"]) == 2
    assert "restore" in capsys.readouterr().err
