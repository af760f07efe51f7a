"""Ready-made records for tests, made through the real services."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest import mock

from chemsales.queries import application_papers
from chemsales.queries.applications import load_application, unchanged_problems
from chemsales.rules.admission import Condition, conditions_of
from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import (
    ClassRequest,
    Contact,
    ContactKind,
    CustomerFacts,
    DocumentKind,
    Draft,
)
from chemsales.rules.identifiers import organisation_digit
from chemsales.rules.licences import WATCHED
from chemsales.rules.roles import Actor, Role
from chemsales.services import accreditation, operation, people, products, settings
from chemsales.services.changes import Subject
from chemsales.services.operation import Operation, use_case
from chemsales.services.session import Session
from chemsales.services.setup import set_up
from chemsales.storage.database import database, execute, is_sqlite, rows
from chemsales.storage.models.people import Person, PersonRole

NOON = datetime(2026, 7, 6, 4, 0, tzinfo=UTC)  # Monday 2026-07-06 12:00 in Shanghai


class Clock:
    """A clock that tests set; calling it gives the instant in UTC."""

    def __init__(self, instant: datetime = NOON) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        """The instant now."""
        return self.instant

    def set(self, year: int, month: int, day: int, hour: int = 4, minute: int = 0) -> None:
        """Put the clock to an instant in UTC (hour 4 is noon in Shanghai)."""
        self.instant = datetime(year, month, day, hour, minute, tzinfo=UTC)

    def advance(self, **spans: float) -> None:
        """Move on, for example by days=1."""
        self.instant += timedelta(**spans)


PASSWORD = "seven grey barges at dawn"
COMPANY = "江海石化化工品销售有限公司"
PEOPLE = (
    ("am", "张伟", Role.ACCOUNT_MANAGER),
    ("am2", "刘洋", Role.ACCOUNT_MANAGER),
    ("sales", "王芳", Role.SALES_HEAD),
    ("finance", "李强", Role.FINANCE),
    ("gm", "赵敏", Role.GENERAL_MANAGER),
    ("admin", "孙丽", Role.ADMINISTRATOR),
    ("auditor", "周杰", Role.AUDITOR),
)
GROUPS = (
    # code, name, English name, polyolefin, hazardous
    ("PO", "聚烯烃", "Polyolefins", True, False),
    ("BZ", "纯苯", "Benzene", False, True),
    ("EG", "乙二醇", "Ethylene glycol", False, False),
)
PRODUCTS = (
    ("PP-T30S", "聚丙烯 T30S", "Polypropylene T30S", "PO"),
    ("PE-7042", "线型聚乙烯 7042", "LLDPE 7042", "PO"),
    ("PE-5000S", "高密度聚乙烯 5000S", "HDPE 5000S", "PO"),
    ("BZ-545", "石油苯 545", "Benzene 545", "BZ"),
    ("MEG", "乙二醇 优等品", "Ethylene glycol, fibre grade", "EG"),
)


def set_acting(who: str = "", event: str = "") -> None:
    """Tell the database who acts, as `use_case` does, for rows written bare; "": nobody."""
    if not is_sqlite():
        database.execute_sql(operation._ACTING, (who, event))
        return
    execute("DELETE FROM acting")
    if who:
        execute("INSERT INTO acting VALUES (1, ?, ?)", (who, event))


def session_of(login: str, clock: Clock | None = None) -> Session:
    """The session of one of PEOPLE, without signing in."""
    name, role = next((name, role) for who, name, role in PEOPLE if who == login)
    return Session(Actor(login, name, frozenset({role})), clock or Clock())


@use_case(None)
def _employ(op: Operation, login: str, held: frozenset[Role]) -> None:
    if not rows("SELECT 1 FROM person WHERE login = ?", (login,)):
        Person.insert(login=login, name="某人", created_at=op.now).execute()
    PersonRole.delete().where(PersonRole.login == login).execute()
    for role in held:
        PersonRole.insert(login=login, role=role).execute()
    op.record(Subject.PEOPLE, login)


def employ(login: str, *roles: Role, clock: Clock | None = None) -> Session:
    """Somebody beside PEOPLE, with just these roles, whatever was held before."""
    held = frozenset(roles)
    stored = rows("SELECT role FROM person_role WHERE login = ?", (login,))
    if {role for (role,) in stored} != held:
        _employ(session_of("admin"), login, held)
    return Session(Actor(login, "某人", held), clock or Clock())


def seed_department() -> None:
    """Edition 1, the calendars of 2024-2026, three groups with five products, and PEOPLE."""
    clock = Clock(datetime(2024, 1, 2, 1, 0, tzinfo=UTC))
    admin = people.create_first_administrator("孙丽", "admin", PASSWORD, clock)
    set_up(admin)
    for login, name, role in PEOPLE:
        if login != "admin":
            people.create_person(admin, login, name, {role}, PASSWORD, must_change=False)
    for code, name, english, polyolefin, hazardous in GROUPS:
        products.add_group(admin, code, name, english, polyolefin, hazardous)
    for code, name, english, group in PRODUCTS:
        products.add_product(admin, code, name, group, english)
    settings.set_value(admin, "company", COMPANY)


_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PDF = (  # of one small page; more bytes behind it make another scan
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def organisation_code(number: int) -> str:
    """A valid organisation code of nine characters made out of a number."""
    body = f"MA{number:06d}"
    return body + organisation_digit(body)


def uscc_of(number: int) -> str:
    """A valid unified social credit code, another one for each number."""
    body = "91370200" + organisation_code(number)
    total = sum(_LETTERS.index(c) * pow(3, place, 31) for place, c in enumerate(body))
    return body + _LETTERS[-total % 31]


ANSWERS = {
    Condition.PRODUCTION: "聚酯装置两套，安全生产许可证（鲁）WH〔2024〕0117",
    Condition.CAPACITY: 60_000_000,
    Condition.CREDIT: "近三年审计报告，银行资信 AA",
    Condition.NO_RESALE: "自用不再销售承诺书，2026-06-28 盖章",
    Condition.OPERATION: "经营化工品 12 年，无失信记录",
    Condition.FUNDS: "实缴资本 5000 万元，授信 8000 万元",
    Condition.REPUTATION: "省级重合同守信用企业",
    Condition.ABILITY: "自有仓储 2 万吨，2025 年销售 6.4 万吨",
    Condition.ONLY_OURS: "只经营本公司产品承诺书，2026-06-28 盖章",
}


def answered(request: ClassRequest) -> ClassRequest:
    """A class outside the polyolefins with an answer to each of its conditions that has none."""
    wanted = conditions_of(request.customer_class, request.group_code == "PO")
    return replace(
        request,
        **{
            str(each): ANSWERS[each]
            for each in wanted
            if each in ANSWERS and not getattr(request, each)
        },
    )


def draft_of(
    name: str, number: int = 1, classes: Sequence[ClassRequest] = (), **facts: str
) -> Draft:
    """A draft with everything that C7.1 wants on the form; a polyolefin dealer by default."""
    complete = {
        "uscc": uscc_of(number),
        "legal_person": "陈立",
        "registered_address": "山东省青岛市黄岛区长江路 1 号",
        "bank": "中国建设银行青岛分行",
        "account": f"3710198601005150{number:04d}",
        "invoice_address": "山东省青岛市黄岛区长江路 1 号",
        "invoice_phone": f"0532-8689{number:04d}",
    }
    wanted = tuple(map(answered, classes)) or (
        ClassRequest("PO", CustomerClass.DEALER, "山东", 600_000, "注塑"),
    )
    return Draft(
        CustomerFacts(name=name, **{**complete, **facts}),
        wanted,
        (Contact(ContactKind.BUSINESS, "吴敏", "经理", f"1380532{number:04d}", "wu@example.com"),),
        "资料齐全，申请准入。",
    )


def make_application(
    session: Session,
    draft: Draft,
    documents: Sequence[DocumentKind] = (DocumentKind.BUSINESS_LICENCE, DocumentKind.INVOICE_DATA),
) -> int:
    """An application with its papers attached, none of which ends, not yet submitted; its key."""
    key = accreditation.save_draft(session, draft).value
    for kind in documents:
        data = PDF + f"{kind} {draft.facts.name}".encode()
        holder = draft.facts.name if kind is DocumentKind.INVOICE_DATA else ""
        attach(session, key, kind, data, holder)
    return key


def attach(
    session: Session,
    application_id: int,
    kind: DocumentKind,
    data: bytes = PDF,
    holder: str = "",
) -> int:
    """Attach a paper, a watched one without end; its key."""
    given = (session, application_id, kind, f"{kind}.pdf", data)
    return accreditation.attach(*given, long_term=kind in WATCHED, holder=holder).value


@contextmanager
def before_validity() -> Iterator[None]:
    """As it was before a validity was asked for: papers without one come through."""
    with mock.patch.object(application_papers, "undated_papers", return_value=()):
        yield


def version_of(application_id: int) -> int:
    """The version of an application now."""
    return int(rows("SELECT version FROM application WHERE id = ?", (application_id,))[0][0])


def submit(session: Session, application_id: int) -> None:
    """Submit an application as it is now, with a word of the manager where it came back and nobody
    corrected it."""
    stored = load_application(application_id)
    if unchanged_problems(stored):
        said = replace(stored.draft, manager_opinion=f"{stored.draft.manager_opinion}已补正。")
        accreditation.save_draft(session, said, application_id, stored.version)
    accreditation.submit(session, application_id, version_of(application_id))


def decide(
    session: Session, application_id: int, verdict: Verdict = Verdict.APPROVE, comment: str = ""
) -> None:
    """Give a verdict on an application as it is now."""
    accreditation.decide(session, application_id, version_of(application_id), verdict, comment)


def accredit(
    draft: Draft,
    clock: Clock | None = None,
    manager: str = "am",
    documents: Sequence[DocumentKind] = (DocumentKind.BUSINESS_LICENCE, DocumentKind.INVOICE_DATA),
) -> int:
    """Take a draft through all three stages; the key of the customer."""
    key = make_application(session_of(manager, clock), draft, documents)
    return approved_by_all(key, clock, manager)


def approved_by_all(key: int, clock: Clock | None = None, manager: str = "am") -> int:
    """Take an application through all three stages; the key of the customer."""
    submit(session_of(manager, clock), key)
    for login in ("sales", "finance", "gm"):
        decide(session_of(login, clock), key, comment="同意")
    found = rows("SELECT customer_id FROM application WHERE id = ?", (key,))
    return int(found[0][0])


def case_of(application_id: int) -> int:
    """The key of the case of an application."""
    return int(rows("SELECT case_id FROM application WHERE id = ?", (application_id,))[0][0])


def case_version_of(table: str, key: int) -> int:
    """The version now of the case that a row of this table is decided by."""
    found = rows(
        f"SELECT c.version FROM {table} t JOIN approval_case c ON c.id = t.case_id "
        "WHERE t.id = ?", (key,),
    )  # fmt: skip
    return int(found[0][0])
