"""Every transition of a case of every chain, tried by every role in every relation at every state:
what is not allowed is refused with its reason and leaves an audit entry (C7.2)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from chemsales.queries.delegation import load_acting
from chemsales.rules.approval import CHAINS
from chemsales.rules.errors import Invalid, NotAllowed
from chemsales.rules.roles import BUSINESS, DELEGABLE, PERMISSIONS, Role
from chemsales.services.session import Session
from chemsales.storage.database import connected, database, rows
from tests.factory import employ
from tests.factory_transitions import (
    AM,
    APPROVE,
    EDIT,
    ENDED,
    HANDED,
    KINDS,
    LENT,
    RELATIONS,
    RETURN,
    SALES,
    SIGNERS,
    SUBMIT,
    UNDO,
    URGE,
    WITHDRAW,
    Deed,
    Kind,
    furnished,
)

LACKS = "reason.role_lacks_action"


def _allowed(kind: Kind, state: str, name: str, relation: str, role: Role) -> bool:
    """The table. Whatever is not in it is refused."""
    login, owner = RELATIONS[relation], "owner" if relation in HANDED else "applicant"
    way, pending = kind.ways[state], kind.pending(state)
    if name == URGE:
        return pending is not None and role in (AM, SALES) and login == owner
    if name == SUBMIT and kind.chain == "evaluation":  # what came back is anybody's
        return state in ("returned", "rejected") and role in kind.put_up_by
    if name in (EDIT, SUBMIT, WITHDRAW):
        states = {
            EDIT: ("draft", "returned", "corrected"),
            # an application that came back is not put up again as it was
            SUBMIT: ("draft", "corrected") if EDIT in kind.deeds else ("returned",),
            WITHDRAW: ("draft", "returned", "corrected", *([state] if pending else [])),
        }[name]
        return state in states and login == owner and role in kind.put_up_by
    if name == UNDO:
        standing = state not in ENDED and way[-1:] and way[-1][1] in (APPROVE, RETURN)
        return bool(standing and way[-1][0] == login and (login, role) in SIGNERS.values())
    if pending is None:
        return False

    def free(who: str) -> bool:
        """Who has not put it up, does not own it, and signed no other stage of it in any round."""
        acted = {each for each, _verdict in way}
        signed = {stage for stage, (signer, _role) in SIGNERS.items() if signer == who}
        return who not in ("applicant", owner) and (who not in acted or signed == {pending})

    lent = relation in LENT and role in BUSINESS and free(LENT[relation][pending])
    return free(login) and (role is SIGNERS[pending][1] or lent)


def test_these_are_all_chains() -> None:
    assert set(KINDS) == set(CHAINS)


@pytest.mark.parametrize(
    ("chain", "relation"),
    [
        (chain, relation)
        for chain in CHAINS
        for relation in RELATIONS
        if chain != "evaluation" or relation not in HANDED  # a run goes to nobody else
    ],
)
def test_c7_2_what_is_not_allowed_is_refused_with_its_reason_and_leaves_an_entry(
    ready: str, chain: str, relation: str
) -> None:
    kind, login = KINDS[chain], RELATIONS[relation]
    cases = furnished(kind, relation)
    begun, before = rows("SELECT max(id) FROM event")[0][0], _stand()
    refusals, wrong = [], []
    for role in Role:
        session = employ(login, role)
        with connected():
            session = replace(session, actor=load_acting(session.actor, session.today()))
        for state, key in cases.items():
            for name, (action, use_case, deed) in kind.deeds.items():
                if name == URGE and state == "draft":
                    continue  # there is no case yet
                where = (state, name, str(role))
                if _allowed(kind, state, name, relation, role):
                    wrong += [(*where, code) for code in _tried(session, key, deed)]
                    continue
                codes = _refused(session, key, deed)
                if not codes:
                    wrong.append((*where, "is allowed"))
                    continue
                refusals.append((use_case, codes))
                lent = relation in LENT and action in DELEGABLE
                if role not in PERMISSIONS[action] and not lent and codes != [LACKS]:
                    wrong.append((*where, *codes))
                said = kind.says(session, key, name) if role is not Role.ADMINISTRATOR else None
                if said is not None and codes != [reason.code for reason in said]:
                    wrong.append((*where, *codes, "the button says otherwise", *said))
    assert not wrong
    entries = rows(
        "SELECT use_case, reasons FROM event WHERE id > ? AND who = ? AND outcome = 'refused' "
        "ORDER BY id",
        (begun, login),
    )
    assert [(name, [r["code"] for r in json.loads(said)]) for name, said in entries] == refusals
    assert _stand() == before


def _tried(session: Session, key: int, deed: Deed) -> list[str]:
    """The codes of the refusal of what is allowed; what goes through is taken back."""
    with connected(), database.atomic() as step:
        try:
            return _refused(session, key, deed)
        finally:
            step.rollback()


def _refused(session: Session, key: int, deed: Deed) -> list[str]:
    """The codes of the refusal, none where there is none."""
    try:
        deed(session, key)
    except (NotAllowed, Invalid) as refused:
        assert refused.reasons
        return [reason.code for reason in refused.reasons]
    return []


def _stand() -> list[object]:
    """How every case and application stands."""
    cases = rows("SELECT id, version, round, pending, outcome FROM approval_case ORDER BY id")
    return [*cases, *rows("SELECT id, version, state, manager FROM application ORDER BY id")]
