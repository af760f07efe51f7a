"""Every use case leaves one audit event when it is done, and one when it is refused."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from chemsales import services
from chemsales.moving import move
from chemsales.queries.histories import TRACELESS
from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.complaints import Severity
from chemsales.rules.customer import ClassRequest
from chemsales.rules.errors import ChemsalesError
from chemsales.rules.evaluation import Aspect
from chemsales.rules.handover import Handover
from chemsales.rules.roles import PERMISSIONS, Action, Role
from chemsales.services import (
    accreditation,
    agent_licences,
    backup,
    calendar,
    complaints,
    cooperation,
    customer_change,
    customers,
    delegation,
    dispatch,
    disqualification,
    evaluation,
    filing,
    handover,
    licences,
    offtake,
    people,
    policy,
    products,
    resale,
    review,
    server,
    settings,
    setup,
    tiers,
    visits,
)  # fmt: skip
from chemsales.services.changes import Changed
from chemsales.storage.database import connected, database, rows
from chemsales.storage.manifest import Manifest
from tests.conftest import opened
from tests.factory import (
    PASSWORD,
    PDF,
    PEOPLE,
    accredit,
    case_of,
    draft_of,
    make_application,
    session_of,
    submit,
    version_of,
)  # fmt: skip
from tests.factory_agents import agent, class_of
from tests.factory_cases import KINDS
from tests.factory_complaints import accept as complain
from tests.factory_complaints import close as settle
from tests.factory_customer_change import change, change_version, judge, move_account, wanted
from tests.factory_disqualification import FORGED, case_version, give, propose, scans
from tests.factory_filing import inspect
from tests.factory_licences import licence_version, paper, record, verdict
from tests.factory_offtake import pick_up
from tests.factory_visits import visit
from tests.worked import copy_to

ELSEWHERE = {"people._begin_again"}  # after a server's move, see tests/security/test_backup.py
MADE = Manifest("chemsales-1.db", "0" * 64, 1, "2026-07-06T12:00:00+08:00", "1", (), {}, 0, "", 0)
Deed = Callable[[], object]


def use_cases() -> dict[str, Action | None]:
    """Every use case there is, and the action that it needs."""
    found = {}
    for info in pkgutil.iter_modules(services.__path__):
        module = importlib.import_module(f"chemsales.services.{info.name}")
        for name, value in vars(module).items():
            if hasattr(value, "action") and value.__module__ == module.__name__:
                found[f"{info.name}.{name}"] = value.action
    return found


def one(sql: str) -> int:
    return int(rows(sql)[0][0])


def under_review(login: str = "am") -> int:
    key = make_application(session_of(login), draft_of("逐项试验有限公司", 77))
    submit(session_of(login), key)
    return key


def undo() -> object:
    key, sales = under_review(), session_of("sales")
    accreditation.decide(sales, key, version_of(key), Verdict.APPROVE, "")
    return accreditation.undo(sales, key, version_of(key))


def undone(name: str) -> object:
    """A return of a case of this kind, taken back."""
    kind = KINDS[name]
    key = kind.put_up()
    kind.give(key, kind.signers[0], Verdict.RETURN)
    return kind.undo(session_of(kind.signers[0]), key, kind.version(key))


def detach() -> object:
    key = make_application(session_of("am"), draft_of("逐项试验有限公司", 77))
    return accreditation.detach(
        session_of("am"),
        one(f"SELECT max(id) FROM application_document WHERE application_id={key}"),
    )


def describe() -> object:
    key = make_application(session_of("am"), draft_of("逐项试验有限公司", 77))
    paper = one(f"SELECT min(id) FROM application_document WHERE application_id={key}")
    return accreditation.describe(AM, paper, "business_licence", "B-77", long_term=True)


def override() -> object:
    failing = "uscc = '914403001922038217' AND state = 'in_review'"
    key = one(f"SELECT id FROM application WHERE {failing}")
    return accreditation.override_identifier(
        session_of("finance"), key, "原件如此", version_of(key)
    )


def again() -> object:
    key = under_review()
    accreditation.withdraw(AM, key, version_of(key))
    return accreditation.apply_again(AM, key)


def in_bulk() -> object:
    settings.set_value(session_of("admin"), "bulk_approval", "1")
    key = under_review()
    return accreditation.approve_in_bulk(session_of("sales"), key, version_of(key))


def delegated() -> Changed[int]:
    return delegation.delegate(
        session_of("finance"), "am2", Role.FINANCE, date(2026, 7, 6), date(2026, 7, 10), "出差"
    )


def draft() -> int:
    return make_application(session_of("am"), draft_of("逐项试验有限公司", 77))


def customer() -> int:
    return one("SELECT min(id) FROM customer")


def confirmed() -> object:
    lines = [(Aspect.PLAN_ON_TIME, 70, "按时")]
    rating = cooperation.rate(session_of("am"), customer(), "2026-07", lines).value
    return cooperation.confirm(session_of("sales"), rating, 1)


def batch() -> int:
    return pick_up(session_of("am"), [(customer(), "PP-T30S", "2026-07-01", 5_000)])


def closed_again() -> object:
    tiers.reopen_month(session_of("sales"), "2026-06", "试验")
    return tiers.close_month(session_of("sales"), "2026-06")


def signed() -> object:
    run, version = rows("SELECT r.id, c.version FROM evaluation_run r JOIN approval_case c "
                        "ON c.id = r.case_id ORDER BY r.id DESC LIMIT 1")[0]  # fmt: skip
    return evaluation.sign(session_of("sales"), run, version, Verdict.RETURN, "再核对")


def recorded() -> int:
    return record(customer(), paper())


def corrected() -> object:
    key = recorded()
    verdict(key, "sales", Verdict.RETURN)
    return licences.correct(AM, key, licence_version(key), paper("B-3"))


def returned_proposal() -> int:
    key = propose(customer())
    give(key, "sales", Verdict.RETURN, "补充证据")
    return key


def direct() -> int:
    """A direct customer of EG."""
    asked = [ClassRequest("EG", CustomerClass.DIRECT, "", 0, "聚酯")]
    return accredit(draft_of("聚酯切片有限公司", 78, asked))


def dispatched() -> list[int]:
    """The newest item, sent to finance."""
    item = one("SELECT max(id) FROM dispatch WHERE office_code IS NULL AND sent_at IS NULL")
    dispatch.send(SALES, [item])
    return [item]


def office() -> object:
    dispatch.add_office(ADMIN, "NB", "宁波驻厂办", "", ["EG"])
    return dispatch.set_office(ADMIN, "NB", ["PO"], True, 1)


def returned_change() -> int:
    key = move_account(customer())
    judge(key, verdict=Verdict.RETURN, comment="请补开户许可证")
    return key


def person_version(login: str) -> int:
    return one(f"SELECT version FROM person WHERE login = '{login}'")


ADMIN, AM, SALES = (session_of(login) for login in ("admin", "am", "sales"))
DEEDS: dict[str, Deed] = {
    "accreditation.save_draft": lambda: accreditation.save_draft(AM, draft_of("甲有限公司", 70)),
    "accreditation.save_drafts": lambda: accreditation.save_drafts(AM, [draft_of("甲公司", 70)]),
    "accreditation.approve_in_bulk": in_bulk,
    "accreditation.apply_again": again,
    "review.urge": lambda: review.urge(AM, case_of(under_review())),
    "accreditation.attach": lambda: accreditation.attach(
        AM, accreditation.save_draft(AM, draft_of("甲公司", 70)).value,
        "business_licence", "执照.pdf", PDF,
    ),
    "accreditation.detach": detach,
    "accreditation.describe": describe,
    "accreditation.submit": lambda: submit(AM, draft()),
    "accreditation.decide": lambda: (key := under_review()) and accreditation.decide(
        SALES, key, version_of(key), Verdict.APPROVE, ""
    ),
    "accreditation.undo": undo,
    "accreditation.withdraw": lambda: (key := under_review()) and accreditation.withdraw(
        AM, key, version_of(key)
    ),
    "accreditation.override_identifier": override,
    "backup._note": lambda: backup._note(ADMIN, MADE, 1, 1, 0),
    "backup.note_restored": lambda: backup.note_restored(ADMIN, "a.db", "0" * 64, "", "b.db", 0),
    "backup.confirm_restored": lambda: (
        backup.note_restored(ADMIN, "a.db", "0" * 64, "", "b.db", 0)
        and backup.confirm_restored(ADMIN)
    ),
    "backup.note_moved": lambda: backup.note_moved(ADMIN, "a", 1, 1, "0"),
    "calendar.load_year": lambda: calendar.load_year(ADMIN, 2026),
    "calendar.set_day": lambda: calendar.set_day(ADMIN, date(2031, 5, 1), "off", "劳动节"),
    "calendar.confirm_year": lambda: calendar.confirm_year(
        ADMIN, 2026, "国办发明电", one("SELECT version FROM calendar_year WHERE year = 2026")
    ),
    "cooperation.rate": lambda: cooperation.rate(
        AM, customer(), "2026-07", [(Aspect.PLAN_ON_TIME, 70, "按时")]
    ),
    "cooperation.confirm": confirmed,
    "customer_change.change": lambda: change(customer(), account="5329010210310601"),
    "customer_change.correct": lambda: (key := returned_change()) and customer_change.correct(
        AM, key, change_version(key), wanted(customer(), AM.today(), account="5329010210310609")
    ),
    "customer_change.withdraw": lambda: (
        key := move_account(customer())
    ) and customer_change.withdraw(AM, key, change_version(key)),
    "customer_change.decide": lambda: judge(move_account(customer())),
    "customer_change.undo": lambda: undone("customer_change"),
    "agent_licences.issue": lambda: agent_licences.issue(
        SALES, class_of(agent("江阴澄江涤纶有限公司", 77))
    ),
    "resale.note": lambda: resale.note(SALES, class_of(direct()), "转售"),
    "resale.close": lambda: resale.close(
        SALES, resale.note(SALES, class_of(direct()), "转售").value, "已核实"
    ),
    "visits.note": lambda: visits.note(AM, customer(), visit(AM.today())),
    "visits.correct": lambda: visits.correct(
        AM, visits.note(AM, customer(), visit(AM.today())).value, visit(AM.today(), needs="无")
    ),
    "complaints.accept": lambda: complain(customer()),
    "complaints.regrade": lambda: complaints.regrade(
        AM, complain(customer()), Severity.MAJOR, "停车待料"
    ),
    "complaints.close": lambda: settle(complain(customer())),
    "customers.set_mnemonic": lambda: customers.set_mnemonic(
        AM, customer(), "jsl", one("SELECT version FROM customer ORDER BY id LIMIT 1")
    ),
    "customers.change_class": lambda: customers.change_class(
        SALES, customer(), "PO", CustomerClass.DIRECT, date(2026, 7, 6), "合同",
        one("SELECT version FROM customer ORDER BY id LIMIT 1"),
    ),
    "delegation.delegate": delegated,
    "delegation.revoke": lambda: delegation.revoke(session_of("finance"), delegated().value),
    "disqualification.propose": lambda: disqualification.propose(
        AM, customer(), FORGED, scans("回函")
    ),
    "disqualification.correct": lambda: (key := returned_proposal()) and disqualification.correct(
        AM, key, case_version(key), FORGED
    ),
    "disqualification.withdraw": lambda: (key := propose(customer())) and disqualification.withdraw(
        AM, key, case_version(key)
    ),
    "disqualification.decide": lambda: (key := propose(customer())) and disqualification.decide(
        SALES, key, case_version(key), Verdict.APPROVE
    ),
    "disqualification.undo": lambda: undone("disqualification"),
    "dispatch.add_office": lambda: dispatch.add_office(ADMIN, "NB", "宁波驻厂办", "", ["PO"]),
    "dispatch.set_office": office,
    "dispatch.send": dispatched,
    "dispatch.acknowledge": lambda: dispatch.acknowledge(
        session_of("finance"), dispatched(), date(2026, 7, 6), "李强"
    ),
    "evaluation.compute": lambda: evaluation.compute(AM, "2026H1"),
    "evaluation.sign": signed,
    "evaluation.undo": lambda: undone("evaluation"),
    "filing.make": lambda: filing.make(SALES, [customer()]),
    "filing.receive": lambda: filing.receive(
        SALES, filing.make(SALES, [customer()]).value, date(2026, 7, 6), "郑凯"
    ),
    "filing.record_inspection": lambda: inspect(date(2026, 7, 6)),
    "filing.close_finding": lambda: filing.close_finding(
        AM, inspect(date(2026, 7, 6))[0], "已补齐"
    ),
    "handover.hand_over": lambda: handover.hand_over(
        SALES, [customer()], Handover("am2", SALES.today(), "岗位调整")
    ),
    "licences.record": lambda: licences.record(AM, customer(), paper(), "执照.pdf", PDF + b"2"),
    "licences.correct": corrected,
    "licences.withdraw": lambda: (key := recorded()) and licences.withdraw(
        AM, key, licence_version(key)
    ),
    "licences.decide": lambda: verdict(recorded(), "sales"),
    "licences.undo": lambda: undone("licence"),
    "licences.run": lambda: licences.run(SALES),
    "offtake.import_batch": batch,
    "offtake.undo_import": lambda: offtake.undo_import(AM, batch(), "重复"),
    "people._sign_in": lambda: people.authenticate("am", PASSWORD, AM.clock),
    "people._enter": lambda: people._enter(AM),
    "people.create_person": lambda: people.create_person(
        ADMIN, "new", "新人", {Role.FINANCE}, PASSWORD
    ),
    "people.set_roles": lambda: people.set_roles(ADMIN, "am", {Role.FINANCE}, person_version("am")),
    "people.set_active": lambda: people.set_active(ADMIN, "am", False, person_version("am")),
    "people.reset_password": lambda: people.reset_password(ADMIN, "am"),
    "people.confirm_reset": lambda: people.confirm_reset(session_of("auditor"), "am2"),
    "people._change_password": lambda: people.change_password(AM, PASSWORD, PASSWORD + " again"),
    "policy.add_edition": lambda: policy.add_edition(
        SALES, date(2026, 8, 1), {"level_gate_score": 65}, "纪要"
    ),
    "products.add_group": lambda: products.add_group(ADMIN, "G", "组"),
    "products.add_product": lambda: products.add_product(ADMIN, "P", "品", "EG"),
    "products.set_active": lambda: products.set_active(
        ADMIN, "MEG", False, one("SELECT version FROM product WHERE code = 'MEG'")
    ),
    "server._renew": lambda: server._renew(ADMIN),
    "settings.set_value": lambda: settings.set_value(ADMIN, "company", "新公司"),
    "tiers.reopen_month": lambda: tiers.reopen_month(SALES, "2026-06", "试验"),
    "tiers.close_month": closed_again,
}  # fmt: skip
# done once in a database that nobody has worked in
FIRST: dict[str, Deed] = {
    "people._create_first": lambda: people.create_first_administrator(
        "孙丽", "admin", PASSWORD, ADMIN.clock
    ),
    "server._enrol": lambda: server._enrol(ADMIN, "孙丽"),
}
SECOND: dict[str, Deed] = {"setup.set_up": lambda: setup.set_up(ADMIN)}
# what needs no permission, asked for in vain; some is asked for by the program alone
REFUSED: dict[str, Deed] = {
    "backup.note_restored": lambda: backup.note_restored(AM, "a.db", "0" * 64, "", "b.db", 0),
    "backup.note_moved": lambda: backup.note_moved(AM, "a", 1, 1, "0"),
    "people._create_first": FIRST["people._create_first"],
    "people._begin_again": lambda: people.begin_again("admin", PASSWORD, ADMIN.clock),
    "people._sign_in": lambda: people.authenticate("am", "wrong", AM.clock),
    "people._change_password": lambda: people.change_password(AM, "wrong", PASSWORD + " again"),
    "server._enrol": FIRST["server._enrol"],
}
# a wrong password is counted, which is a change of its own
COUNTED = ("people._sign_in", "people._change_password")
NEVER_REFUSED = {
    "backup._note",
    "people._enter",
    "server._renew",
}


@pytest.fixture
def at_work(engine: str, new_database: Callable[[str, str], str], tmp_path: Path) -> Iterator[None]:
    """A department that has worked, on either engine."""
    source = copy_to(tmp_path / "work.db")
    url = source if engine == "sqlite" else new_database(engine, "empty")
    with opened(url):
        if url != source:
            move(source, url, lambda: session_of("admin"))
        with connected():
            yield


def events() -> Counter[tuple[str, str]]:
    """How many events each use case has left, by outcome."""
    return Counter(map(tuple, rows("SELECT use_case, outcome FROM event")))  # type: ignore[arg-type]


def left_by(deed: Deed) -> tuple[Counter[tuple[str, str]], int]:
    """The events that a deed leaves, and how many rows changed by them; nothing of it stays."""
    before, changes = events(), one("SELECT count(*) FROM change")
    with database.atomic() as step:
        with suppress(ChemsalesError):
            deed()
        found = events() - before, one("SELECT count(*) FROM change") - changes
        step.rollback()
    return found


def test_every_use_case_is_here() -> None:
    known = use_cases()
    assert set(DEEDS) | set(FIRST) | set(SECOND) | ELSEWHERE == set(known)
    unchecked = {name for name, action in known.items() if action is None}
    assert set(REFUSED) | NEVER_REFUSED == unchecked
    assert set(TRACELESS) <= set(known)


def test_what_is_done_leaves_one_event(at_work: None) -> None:
    wrong = {}
    for name, deed in DEEDS.items():
        left, changes = left_by(deed)
        refused = [key for key in left if key[1] == "refused"]
        if left[name, "done"] != 1 or refused or not (changes or name in TRACELESS):
            wrong[name] = (dict(left), changes)
    assert wrong == {}


def test_what_is_refused_leaves_one_event_and_nothing_else(at_work: None) -> None:
    wrong = {}
    refusals = {name: deed for name, deed in REFUSED.items() if name not in COUNTED}
    for name, action in use_cases().items():
        if action is not None:
            refusals[name] = lambda name=name, action=action: _asked_in_vain(name, action)
    for name, deed in refusals.items():
        left, changes = left_by(deed)
        if left != Counter({(name, "refused"): 1}) or changes:
            wrong[name] = (dict(left), changes)
    assert wrong == {}
    for name in COUNTED:
        assert left_by(REFUSED[name])[0] == Counter({(name, "refused"): 1})


def test_what_begins_a_database_leaves_one_event(db: str) -> None:
    for name, deed in FIRST.items():
        with connected():
            left, changes = left_by(deed)
        assert (left[name, "done"], changes > 0) == (1, True), name
    FIRST["people._create_first"]()
    with connected():
        assert left_by(SECOND["setup.set_up"])[0] == Counter({("setup.set_up", "done"): 1})


def _asked_in_vain(name: str, action: Action) -> object:
    """By a person without the right, with whatever arguments."""
    login = next(who for who, _name, role in PEOPLE if role not in PERMISSIONS[action])
    module, function = name.split(".")
    ask = getattr(importlib.import_module(f"chemsales.services.{module}"), function)
    code = ask.__wrapped__.__code__
    return ask(session_of(login), *[None] * (code.co_argcount - 1))
