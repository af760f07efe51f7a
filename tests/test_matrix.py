"""Every action and every role: the table of permissions, the services and the queries agree."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from datetime import date

import pytest

import chemsales.queries
import chemsales.services
from chemsales.labels import LABELS
from chemsales.queries import accreditation as queries
from chemsales.rules.approval import ACCREDITATION, StageName, Verdict
from chemsales.rules.customer import DocumentKind, Draft
from chemsales.rules.errors import NotAllowed
from chemsales.rules.roles import PERMISSIONS, Action, Actor, Role, blockers, check
from chemsales.services import accreditation as service
from chemsales.storage.database import connected, database
from tests.factory import decide, draft_of, employ, make_application, submit, version_of

# use cases without a permission of their own: for people who are not known yet, the own password,
# and an owner who gives an administrator a password where nobody has one (after a move)
OPEN = {
    "_begin_again", "_change_password", "_create_first", "_enrol", "_enter", "_renew", "_sign_in",
    "note_restored", "note_moved", "_note",
}  # fmt: skip
# what a use case gets where nothing better is known; a refusal for another reason does not matter
ARGUMENTS = {
    "application_id": 999, "customer_id": 999, "document_id": 999, "rating_id": 999,
    "batch_id": 999, "run_id": 999, "licence_id": 999, "seen_version": 1,
    "verdict": Verdict.APPROVE, "kind": DocumentKind.OTHER, "draft": Draft(),
    "effective_from": date(2030, 1, 1), "day": date(2030, 1, 1), "year": 2030,
    "month": "2030-01", "period": "2030Q1", "parameters": {}, "roles": set(), "active": True,
    "data": b"", "lines": (), "months": (), "only_good": False,
}  # fmt: skip


def functions(package):
    """Every use case (or query) of a package with the action that it asks for."""
    found = {}
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        for name, member in vars(importlib.import_module(module.name)).items():
            own = inspect.isfunction(member) and member.__module__ == module.name
            if own and hasattr(member, "action"):
                found[f"{module.name.split('.', 1)[1]}.{name}"] = member
    return found


USE_CASES = functions(chemsales.services)
QUERIES = functions(chemsales.queries)


def arguments(function):
    """Something for every parameter after the first."""
    parameters = list(inspect.signature(function.__wrapped__).parameters.values())[1:]
    return [ARGUMENTS.get(p.name, "x") for p in parameters if p.default is inspect.Parameter.empty]


def verdict(call):
    """Whether the call is refused for the role: the codes of that refusal, else an empty tuple."""
    try:
        call()
    except NotAllowed as refusal:
        return tuple(r for r in refusal.reasons if r.code == "reason.role_lacks_action")
    except Exception:
        return ()
    return ()


def test_every_action_has_a_row_and_a_word():
    assert set(PERMISSIONS) == set(Action)
    assert all(PERMISSIONS.values())
    assert not [action for action in Action if f"Action.{action}" not in LABELS]


def test_a_use_case_without_a_permission_is_known():
    assert {name.rsplit(".", 1)[1] for name, f in USE_CASES.items() if f.action is None} == OPEN


def test_what_writes_is_no_reading_permission_and_the_other_way_round():
    reading = {Action.READ, Action.RULES_READ}
    assert not [name for name, f in USE_CASES.items() if f.action in reading]
    assert len(USE_CASES) > 15
    assert len(QUERIES) > 12


@pytest.mark.parametrize("role", Role)
def test_services_and_queries_refuse_as_the_table_says(ready, role):
    session = employ("somebody", role)
    actor = session.actor
    wrong = []
    for name, function in {**USE_CASES, **QUERIES}.items():
        if function.action is None:
            continue
        first = session if name in USE_CASES else actor
        refused = verdict(lambda f=function, who=first: f(who, *arguments(f)))
        if refused != blockers(actor, function.action):
            wrong.append((name, refused))
    assert not wrong


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_blockers_and_check_agree(action, role):
    actor = Actor("somebody", "某人", frozenset({role}))
    reasons = blockers(actor, action)
    assert bool(reasons) is (role not in PERMISSIONS[action])
    if not reasons:
        check(actor, action)
        return
    with pytest.raises(NotAllowed) as refusal:
        check(actor, action)
    assert refusal.value.reasons == reasons


@pytest.mark.parametrize("action", Action)
def test_nobody_without_a_role_may_do_anything(action):
    assert blockers(Actor("somebody", "某人", frozenset()), action)


STAGES = (StageName.SALES, StageName.FINANCE, StageName.GENERAL_MANAGER)
SIGNERS = ("first", "second")


@pytest.fixture
def at_stages(ready):
    """An application in review at each stage, those before it signed by SIGNERS."""
    found = {}
    for number, stage in enumerate(STAGES, 1):
        applicant = employ("applicant", Role.ACCOUNT_MANAGER)
        key = make_application(applicant, draft_of(f"客户{number}", number))
        submit(applicant, key)
        for login, own in zip(SIGNERS[: number - 1], STAGES, strict=False):
            decide(employ(login, ACCREDITATION.stage(own).role), key)
        found[stage] = key
    return found


def test_every_role_stage_and_relation_is_judged_alike_by_query_and_service(at_stages):
    """The button and the refusal are one: what `blockers` says, `decide` does (C7.2)."""
    allowed, wrong = [], []
    for number, (stage, key) in enumerate(at_stages.items()):
        own = ACCREDITATION.stage(stage).role
        for role in Role:
            for login in ("stranger", "applicant", *SIGNERS[:number]):
                # beside the own role the stage's: then the relation alone decides
                for held in ((role,), (role, own)):
                    for given in (Verdict.APPROVE, Verdict.RETURN, Verdict.REJECT):
                        session = employ(login, *held)
                        said, done = judged(session, key, given)
                        if said != done:
                            wrong.append((stage, held, login, given, said, done))
                        if not said:
                            allowed.append((stage, login, own in held))
    assert not wrong
    # nobody but a stranger who holds the stage's role ever signs
    assert set(allowed) == {(stage, "stranger", True) for stage in STAGES}


def judged(session, key, given):
    """The codes by the query, and those with which the service refuses; nothing stays of it."""
    try:
        said = tuple(r.code for r in queries.blockers(session.actor, key, given, session.today()))
    except NotAllowed as refusal:
        said = tuple(r.code for r in refusal.reasons)
    done = ()
    with connected(), database.atomic() as step:
        try:
            service.decide(session, key, version_of(key), given, "意见")
        except NotAllowed as refusal:
            done = tuple(r.code for r in refusal.reasons)
        step.rollback()
    return said, done
