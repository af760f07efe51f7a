"""On a server a decision of every kind of case is taken back by its own login alone, and a return
not over a correction, whatever the program of the person says (C7.2)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chemsales.rules.approval import Outcome, Verdict
from chemsales.rules.errors import ChemsalesError
from chemsales.rules.roles import Role
from chemsales.services import audit, customer_change, disqualification, licences, settings
from chemsales.services.session import Session
from tests.conftest import opened
from tests.factory_cases import KINDS, CaseKind
from tests.security import world
from tests.security.conftest import signed_in
from tests.security.test_delegation import DEPUTY, give, take_back
from tests.security.test_matrix import ALLOWED, verdict

APPROVE, RETURN = Verdict.APPROVE, Verdict.RETURN
CORRECTED = {
    "licence": licences, "disqualification": disqualification, "customer_change": customer_change,
}  # fmt: skip


@pytest.fixture(scope="module")
def waiting(server_url: str) -> dict[str, int]:
    """The keys of cases that wait for their first stage, by kind."""
    with opened(server_url):
        found = world.look()
    return {
        "licence": found.papers[0],
        "disqualification": found.proposals[0],
        "customer_change": found.change,
        "evaluation": found.run,
    }


def decide(kind: CaseKind, session: Session, key: int, verdict: Verdict) -> object:
    return kind.decide(session, key, kind.version(key), verdict, "意见").value  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", KINDS)
def test_each_takes_back_the_own_decision(
    server_url: str, waiting: dict[str, int], name: str
) -> None:
    kind, key, verdicts = KINDS[name], waiting[name], (RETURN, APPROVE)
    with signed_in(server_url, kind.signers[0]) as session:
        for verdict in verdicts[: len(kind.signers)]:  # an only stage's approval ends the case
            decide(kind, session, key, verdict)
            assert kind.take_back(key, session) is Outcome.OPEN
    with signed_in(server_url, "auditor") as auditor:
        found = audit.verify(auditor)
    assert found.sound, found.problems


@pytest.fixture
def deputies(server_url: str) -> Iterator[str]:
    """An account manager signs for sales and finance, and sees the own records only."""
    for login, role in (("sales", Role.SALES_HEAD), ("finance", Role.FINANCE)):
        give(server_url, login, role)
    with signed_in(server_url, "admin") as admin:
        settings.set_value(admin, "am_sees_own_only", "on")
    yield server_url
    with signed_in(server_url, "admin") as admin:
        settings.set_value(admin, "am_sees_own_only", "")
    take_back(server_url)


def test_a_delegates_own_login_takes_back_what_it_signed(
    deputies: str, waiting: dict[str, int]
) -> None:
    with signed_in(deputies, DEPUTY) as session:
        for name, key in waiting.items():
            kind = KINDS[name]
            for given in (RETURN, APPROVE)[: len(kind.signers)]:

                def there_and_back(
                    kind: CaseKind = kind, key: int = key, given: Verdict = given
                ) -> None:
                    decide(kind, session, key, given)
                    kind.take_back(key, session)

                assert verdict(there_and_back) == ALLOWED, (name, given)


@pytest.mark.parametrize("name", CORRECTED)
def test_a_return_is_not_undone_over_a_correction(
    server_url: str, waiting: dict[str, int], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, key = KINDS[name], waiting[name]
    with signed_in(server_url, kind.signers[0]) as signer:
        decide(kind, signer, key, RETURN)
    monkeypatch.setattr(CORRECTED[name], "decide_case", lambda *_given: None)
    with signed_in(server_url, "am") as am:
        kind.correct(am, key)  # and not put up again
    monkeypatch.undo()
    with signed_in(server_url, kind.signers[0]) as signer:
        with pytest.raises(ChemsalesError) as refusal:
            kind.take_back(key, signer)
        assert refusal.value.reasons[0].code == "reason.server_not_as_reviewed"
