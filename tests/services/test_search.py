"""What a customer is found by follows what is written of it; the mnemonic and who gives it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from chemsales.queries import customers as queries
from chemsales.queries.search import HitKind, find
from chemsales.rules.errors import Conflict, Invalid, NotAllowed, NotFound
from chemsales.services import accreditation
from chemsales.services.changes import Subject
from chemsales.services.customers import set_mnemonic
from chemsales.storage.database import rows
from tests.factory import (
    accredit,
    decide,
    draft_of,
    make_application,
    session_of,
    submit,
    version_of,
)


def test_the_account_manager_gives_a_mnemonic_by_which_the_customer_is_found(ready):
    key = accredit(draft_of("海洋塑料"))
    manager = session_of("am")
    assert queries.mnemonic_blockers(manager.actor, key) == ()
    changed = set_mnemonic(manager, key, " Blue Sea ", 1)
    assert changed.subjects == {Subject.CUSTOMER}
    detail = queries.customer(manager.actor, key)
    assert (detail.facts.mnemonic, detail.version) == ("Blue Sea", 2)
    for text in ("bluesea", "blue s", "BLUE"):
        assert [hit.key for hit in find(manager.actor, text)] == [key], text
    who, old, new = rows(
        "SELECT who, old, new FROM change WHERE event = ? AND table_name = 'customer' "
        "ORDER BY id DESC LIMIT 1",
        (changed.event,),
    )[0]
    assert (who, json.loads(old)["mnemonic"], json.loads(new)["mnemonic"]) == ("am", "", "Blue Sea")
    set_mnemonic(manager, key, "", 2)
    assert find(manager.actor, "bluesea") == ()


def test_nobody_else_gives_a_mnemonic(ready):
    key = accredit(draft_of("海洋塑料"))
    for login, code in (
        ("am2", "reason.customer_of_another"),
        ("sales", "reason.role_lacks_action"),
    ):
        session = session_of(login)
        reasons = queries.mnemonic_blockers(session.actor, key)
        assert [reason.code for reason in reasons] == [code]
        with pytest.raises(NotAllowed) as refusal:
            set_mnemonic(session, key, "x", 1)
        assert refusal.value.reasons == reasons
    with pytest.raises(Conflict):
        set_mnemonic(session_of("am"), key, "x", 9)
    with pytest.raises(NotFound):
        set_mnemonic(session_of("am"), 99, "x", 1)
    for text in ("x" * 41, "a\u200bb"):
        with pytest.raises(Invalid) as refusal:
            set_mnemonic(session_of("am"), key, text, 1)
        assert [problem.place for problem in refusal.value.problems] == ["mnemonic"]
    assert rows("SELECT mnemonic, version FROM customer") == [("", 1)]


def test_the_mnemonic_of_an_application_goes_with_the_customer(ready):
    session = session_of("am")
    draft = draft_of("海洋塑料", mnemonic="bluesea")
    key = make_application(session, draft)
    (hit,) = find(session.actor, "blues")
    assert (hit.kind, hit.key) == (HitKind.APPLICATION, key)
    renamed = replace(draft, facts=replace(draft.facts, name="重庆长风", mnemonic="cf"))
    accreditation.save_draft(session, renamed, key, version_of(key))
    assert find(session.actor, "bluesea") == find(session.actor, "hysl") == ()
    assert [hit.title for hit in find(session.actor, "cqcf")] == ["重庆长风"]
    submit(session, key)
    for login in ("sales", "finance", "gm"):
        decide(session_of(login), key, comment="同意")
    (hit,) = find(session.actor, "cf")
    assert (hit.kind, hit.title) == (HitKind.CUSTOMER, "重庆长风")
