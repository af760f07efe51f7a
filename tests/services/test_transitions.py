"""Every transition of an application, tried by every role in every relation at every state: what is
not allowed is refused with its reason and leaves an audit entry (C7.2)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from chemsales.queries import accreditation as queries
from chemsales.queries.application_blockers import ACTIONS
from chemsales.queries.applications import load_application
from chemsales.rules.approval import Verdict
from chemsales.rules.errors import Invalid, NotAllowed
from chemsales.rules.roles import PERMISSIONS, Action, Role
from chemsales.services import accreditation as service
from chemsales.services.session import Session
from chemsales.storage.database import connected, database, rows
from tests.factory import decide, draft_of, employ, make_application, version_of
from tests.furnishing import furnish

AM, SALES, FINANCE, GM = (
    Role.ACCOUNT_MANAGER,
    Role.SALES_HEAD,
    Role.FINANCE,
    Role.GENERAL_MANAGER,
)
SUBMIT, APPROVE, RETURN, REJECT, WITHDRAW, UNDO = Verdict
EDIT = "edit"
# who signed the stages of every application before, besides its applicant and somebody else
SIGNED = {"head": SALES, "finance": FINANCE, "manager": GM}
RELATIONS = ("applicant", *SIGNED, "stranger")
# what each application went through, in order: who gave which verdict
STATES: dict[str, tuple[tuple[str, str], ...]] = {
    "draft": (),
    "at_sales": (("applicant", SUBMIT),),
    "at_finance": (("applicant", SUBMIT), ("head", APPROVE)),
    "at_manager": (("applicant", SUBMIT), ("head", APPROVE), ("finance", APPROVE)),
    "returned": (("applicant", SUBMIT), ("head", APPROVE), ("finance", RETURN)),
    "corrected": (
        ("applicant", SUBMIT), ("head", APPROVE), ("finance", RETURN), ("applicant", EDIT),
    ),
    "second_round": (
        ("applicant", SUBMIT), ("head", APPROVE), ("finance", RETURN), ("applicant", EDIT),
        ("applicant", SUBMIT),
    ),
    "undone": (("applicant", SUBMIT), ("head", APPROVE), ("head", UNDO)),
    "accredited": (
        ("applicant", SUBMIT), ("head", APPROVE), ("finance", APPROVE), ("manager", APPROVE),
    ),
    "rejected": (("applicant", SUBMIT), ("head", APPROVE), ("finance", REJECT)),
    "withdrawn": (("applicant", SUBMIT), ("head", APPROVE), ("applicant", WITHDRAW)),
}  # fmt: skip
Deed = Callable[[Session, int], object]
DEEDS: dict[str, tuple[Action, str, Deed]] = {
    EDIT: (
        Action.APPLICATION_EDIT,
        "save_draft",
        lambda who, key: service.save_draft(who, _corrected(key), key, version_of(key)),
    ),
    SUBMIT: (
        ACTIONS[SUBMIT], "submit", lambda who, key: service.submit(who, key, version_of(key)),
    ),
    WITHDRAW: (
        ACTIONS[WITHDRAW], "withdraw", lambda who, key: service.withdraw(who, key, version_of(key)),
    ),
    UNDO: (ACTIONS[UNDO], "undo", lambda who, key: service.undo(who, key, version_of(key))),
    **{
        verdict: (
            ACTIONS[verdict],
            "decide",
            lambda who, key, verdict=verdict: decide(who, key, verdict, "意见"),
        )
        for verdict in (APPROVE, RETURN, REJECT)
    },
}  # fmt: skip


def _corrected(key: int) -> object:
    with connected():
        draft = load_application(key).draft
    return replace(draft, manager_opinion="已更正")


def _every_state() -> dict[str, int]:
    """An application in each state; its key by the state's name."""
    applicant = employ("applicant", AM)
    signers = {login: employ(login, role) for login, role in SIGNED.items()}
    made = {}
    for number, (state, way) in enumerate(STATES.items(), 1):
        made[state] = make_application(applicant, draft_of(f"转移{number}化工有限公司", number))
        for login, verdict in way:
            if verdict in (SUBMIT, WITHDRAW, EDIT):
                DEEDS[verdict][2](applicant, made[state])
            else:
                DEEDS[verdict][2](signers[login], made[state])
    return made


def _allowed() -> Iterator[tuple[str, str, str, Role]]:
    """The table: state, deed, relation, role. Whatever is not in it is refused."""
    for state in ("draft", "returned", "corrected"):
        yield state, EDIT, "applicant", AM
    for state in ("draft", "corrected"):  # what came back is not put up again as it was
        yield state, SUBMIT, "applicant", AM
    for state in ("draft", "at_sales", "at_finance", "at_manager", "returned", "corrected",
                  "second_round", "undone"):  # fmt: skip
        yield state, WITHDRAW, "applicant", AM
    stages = {
        "at_sales": (SALES, "head", "finance", "manager"),
        "at_finance": (FINANCE, "finance", "manager"),
        "at_manager": (GM, "manager"),
        "second_round": (SALES, "head", "manager"),  # finance signed another stage of it
        "undone": (SALES, "head", "finance", "manager"),
    }
    for state, (role, *untouched) in stages.items():
        for relation in (*untouched, "stranger"):
            for verdict in (APPROVE, RETURN, REJECT):
                yield state, verdict, relation, role
    yield "at_finance", UNDO, "head", SALES
    yield "at_manager", UNDO, "finance", FINANCE
    yield "returned", UNDO, "finance", FINANCE


ALLOWED = set(_allowed())


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("role", Role)
def test_c7_2_what_is_not_allowed_is_refused_with_its_reason_and_leaves_an_entry(
    ready: str, role: Role, relation: str
) -> None:
    applications = furnish(_every_state)
    session = employ(relation, role)
    begun = rows("SELECT max(id) FROM event")[0][0]
    refusals, wrong = [], []
    for state, key in applications.items():
        for name, (action, use_case, deed) in DEEDS.items():
            codes = _refused(session, key, deed)
            if bool(codes) is ((state, name, relation, role) in ALLOWED):
                wrong.append((state, name, codes))
            if role not in PERMISSIONS[action] and codes != ["reason.role_lacks_action"]:
                wrong.append((state, name, codes))
            if (
                name != EDIT
                and role is not Role.ADMINISTRATOR
                and codes != _said(session, key, name)
            ):
                wrong.append((state, name, codes, "the button says otherwise"))
            if codes:
                refusals.append((f"accreditation.{use_case}", codes))
    assert not wrong
    entries = rows(
        "SELECT use_case, reasons FROM event WHERE id > ? AND who = ? AND outcome = 'refused' "
        "ORDER BY id",
        (begun, relation),
    )
    assert [(name, [r["code"] for r in json.loads(said)]) for name, said in entries] == refusals
    assert _states(applications) == {state: _ENDS[state] for state in STATES}


_ENDS = {
    "draft": "draft",
    **dict.fromkeys(
        ("at_sales", "at_finance", "at_manager", "second_round", "undone"), "in_review"
    ),
    **{state: state for state in ("returned", "accredited", "rejected", "withdrawn")},
    "corrected": "returned",
}


def _refused(session: Session, key: int, deed: Deed) -> list[str]:
    """The codes of the refusal, none where it is allowed; what is allowed is taken back."""
    try:
        with connected(), database.atomic() as step:
            try:
                deed(session, key)
            finally:
                step.rollback()
    except (NotAllowed, Invalid) as refused:
        assert refused.reasons
    else:
        return []
    with pytest.raises((NotAllowed, Invalid)) as refusal:  # once more, for good
        deed(session, key)
    return [reason.code for reason in refusal.value.reasons]


def _said(session: Session, key: int, name: str) -> list[str]:
    """The codes of what greys the button."""
    return [
        reason.code
        for reason in queries.blockers(session.actor, key, Verdict(name), session.today())
    ]


def _states(applications: dict[str, int]) -> dict[str, str]:
    found = dict(rows("SELECT id, state FROM application"))
    return {state: found[key] for state, key in applications.items()}
