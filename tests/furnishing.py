"""A department's business for windows: applications with scans, customers, months, a run."""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar

from chemsales.queries.applications import load_application
from chemsales.rules.approval import Verdict
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest, DocumentKind, Draft
from chemsales.rules.licences import LicenceDraft
from chemsales.rules.review import Marks, ReviewItem
from chemsales.rules.roles import Role
from chemsales.services import (
    accreditation,
    delegation,
    evaluation,
    licences,
    review,
    settings,
)
from chemsales.storage import database as storage
from chemsales.storage.database import is_sqlite, rows
from tests import factory, factory_licences, factory_offtake
from tests.conftest_postgres import shared_server
from tests.factory import decide, draft_of, session_of, submit, version_of

T = TypeVar("T")
NAMES = ("恒力石化（大连）有限公司", "青岛海科塑料制品有限公司", "宁波荣盛新材料贸易有限公司")
MONTHS = ("2026-04", "2026-05", "2026-06")
PILOT = "913702005555555555"  # fails too
FAILING = "914403001922038217"  # a real company's early code, whose check digit fails


def scan(title: str) -> bytes:
    """A one-page PDF that looks like a scanned paper."""
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.rect(40, 40, 515, 762)
    canvas.setFont("Helvetica-Bold", 24)
    canvas.drawCentredString(297, 740, title)
    canvas.setFont("Helvetica", 12)
    for line in range(14):
        canvas.line(80, 660 - 36 * line, 515, 660 - 36 * line)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def rich_draft(name: str, number: int) -> Draft:
    """A draft with most of the form filled in."""
    return draft_of(
        name,
        number,
        (
            ClassRequest("PO", CustomerClass.DEALER, "华东", 1_200_000, "注塑、薄膜"),
            ClassRequest("EG", CustomerClass.AGENT, "山东", 300_000, "涤纶"),
        ),
        short_name=name[:4],
        enterprise_type="有限责任公司",
        established_on="2012-03-18",
        registered_capital="5000 万元",
        business_address="山东省青岛市市南区香港中路 8 号",
        business_scope="合成树脂、化工产品（不含危险化学品）的批发与零售；货物进出口。",
        industry="塑料制品",
        taxpayer_kind="一般纳税人",
        invoice_type="增值税专用发票",
    )


def application(
    draft: Draft,
    login: str = "am",
    clock: factory.Clock | None = None,
    valid_to: date | None = date(2026, 9, 30),
    number: str = "913702001",
) -> int:
    """An application with two scans that can be looked at; without a last day (None) the licence
    has no validity."""
    session = session_of(login, clock)
    key = accreditation.save_draft(session, draft).value
    licence, invoice = DocumentKind.BUSINESS_LICENCE, DocumentKind.INVOICE_DATA
    accreditation.attach(
        session, key, licence, "营业执照.pdf", scan("BUSINESS LICENCE"), number, None,
        valid_to,
    )  # fmt: skip
    accreditation.attach(
        session, key, invoice, "开票资料.pdf", scan("INVOICE DATA"), long_term=True,
        holder=draft.facts.name,
    )  # fmt: skip
    return key


def waiting() -> int:
    """Three applications under review; the key of the first."""
    drafts = [rich_draft(name, 11 + at) for at, name in enumerate(NAMES)]
    drafts[1] = replace(drafts[1], facts=replace(drafts[1].facts, uscc=FAILING))
    keys = [application(draft) for draft in drafts]
    for key in keys:
        submit(session_of("am"), key)
    return keys[0]


def at_finance() -> int:
    """An application that sales has approved, one of its lines not ticked, and that its applicant
    urges; its key."""
    key = application(rich_draft(NAMES[0], 11))
    submit(session_of("am"), key)
    marks = Marks(frozenset({ReviewItem.LICENCE_GENUINE}))
    sales = session_of("sales")
    said = "执照已核对原件；经营范围请财务再看。"
    accreditation.decide(sales, key, version_of(key), Verdict.APPROVE, said, marks)
    review.urge(session_of("am"), factory.case_of(key))
    return key


def several() -> list[int]:
    """Two applications of which every check has passed, where they may be approved at once."""
    settings.set_value(session_of("admin"), "bulk_approval", "1")
    drafts = [draft_of(name, 11 + at) for at, name in enumerate(NAMES[:2])]
    keys = [factory.make_application(session_of("am"), draft) for draft in drafts]
    for key in keys:
        submit(session_of("am"), key)
    return keys


def at_the_last() -> int:
    """An application at the general manager, in a department with peers of it; its key."""
    months()
    key = application(rich_draft("青岛新海塑料贸易有限公司", 31))
    submit(session_of("am"), key)
    for login in ("sales", "finance"):
        decide(session_of(login), key, comment="资料齐全，同意准入。")
    return key


def accepted() -> int:
    """An application under review whose failing check digit finance has accepted; its key."""
    draft = rich_draft("青岛早期试点化工有限公司", 31)
    key = application(replace(draft, facts=replace(draft.facts, uscc=PILOT)))
    submit(session_of("am"), key)
    accreditation.override_identifier(
        session_of("finance"), key, "2015 年试点发放，已核对原件", version_of(key)
    )
    return key


def delegated() -> int:
    """Three applications under review while the sales head has delegated to the general manager
    and to others before; the key of the first."""
    sales, gm = session_of("sales"), session_of("gm")
    today = sales.today()
    head = Role.SALES_HEAD
    ended = delegation.delegate(sales, "finance", head, today, today, "上午开会").value
    delegation.revoke(sales, ended)
    delegation.delegate(sales, "gm", head, today, today + timedelta(days=4), "赴大连石化参加调度会")
    begin = today + timedelta(days=9)
    delegation.delegate(sales, "am2", head, begin, begin, "年休假")
    delegation.delegate(gm, "am2", Role.GENERAL_MANAGER, begin, begin, "出差")
    return waiting()


def returned() -> int:
    """An application that came back for correction; its key."""
    key = waiting()
    why = "开户行名称与营业执照不一致，请核对后重新提交。"
    decide(session_of("sales"), key, Verdict.RETURN, why)
    return key


def put_up_again() -> int:
    """An application that sales has again after its return, corrected: another bank, other tonnes,
    the invoice data scanned anew and the permit of the account added; its key."""
    key = returned()
    stored, am = load_application(key), session_of("am")
    draft = stored.draft
    asked = (replace(draft.classes[0], monthly_kg=800_000), *draft.classes[1:])
    corrected = replace(
        draft,
        facts=replace(draft.facts, bank="中国建设银行股份有限公司青岛黄岛支行"),
        classes=asked,
        manager_opinion="开户行已按开户许可证更正，月提货量按上季实际调整。",
    )
    accreditation.save_draft(am, corrected, key, stored.version)
    accreditation.detach(am, stored.documents[1].id)
    for kind, name in (
        (DocumentKind.INVOICE_DATA, "开票资料（更正）.pdf"),
        (DocumentKind.ACCOUNT_PERMIT, "开户许可证.pdf"),
    ):
        facts = {"long_term": True, "holder": draft.facts.name}
        accreditation.attach(am, key, kind, name, scan(str(kind).upper()), **facts)
    submit(am, key)
    return key


def customers() -> list[int]:
    """Three customers of two classes."""
    classes = {
        0: (ClassRequest("PO", CustomerClass.DEALER, "华东", 1_200_000, "注塑"),),
        1: (ClassRequest("PO", CustomerClass.DIRECT, "", 800_000, "自用"),),
        2: (
            ClassRequest("PO", CustomerClass.DEALER, "华东", 600_000, "薄膜"),
            ClassRequest("EG", CustomerClass.AGENT, "浙江", 200_000, "涤纶"),
        ),
    }
    clock = factory.Clock()
    clock.set(2026, 3, 12)
    return [
        _accredited(draft_of(name, 21 + at, classes[at]), clock) for at, name in enumerate(NAMES)
    ]


def _accredited(draft: Draft, clock: factory.Clock) -> int:
    """A draft with real scans through all three stages; the key of the customer."""
    return accredit(application(draft, clock=clock), clock)


def accredit(key: int, clock: factory.Clock) -> int:
    """An application through all three stages; the key of the customer."""
    submit(session_of("am", clock), key)
    for login in ("sales", "finance", "gm"):
        decide(session_of(login, clock), key, comment="同意")
    found = rows("SELECT customer_id FROM application WHERE id = ?", (key,))
    return int(found[0][0])


EXPIRING = {  # the last days of the customers' business licences, seen on 2026-07-06
    "青岛海晏化工贸易有限公司": date(2026, 7, 11),
    "淄博齐润新材料有限公司": date(2026, 7, 31),
    "上海沪杨塑料制品有限公司": date(2026, 9, 24),
    "滨州津滨石化产品销售有限公司": date(2026, 6, 20),
    "江阴澄江涤纶有限公司": date(2026, 6, 10),
    "厦门鹭岛国际贸易有限公司": date(2026, 6, 28),
    "烟台蓬莱包装材料有限公司": date(2026, 7, 1),
}


def paper(number: str, valid_to: date | None, proof: bool = False) -> LicenceDraft:
    """A business licence, or a proof for it, as it is recorded."""
    return LicenceDraft(
        DocumentKind.BUSINESS_LICENCE, number, "市场监督管理局", date(2026, 6, 15), valid_to,
        valid_to is None, proof,
    )  # fmt: skip


def record_paper(
    customer: int, draft: LicenceDraft, clock: factory.Clock | None = None, comment: str = ""
) -> int:
    """A paper with a scan that can be looked at, put up for acceptance; its key."""
    data = scan(f"RENEWED LICENCE {draft.number}")
    session = session_of("am", clock)
    return licences.record(session, customer, draft, "换发执照.pdf", data, comment).value


def expiring() -> list[int]:
    """Customers whose licences end in 5, 25 and 80 days; one suspended since 2026-06-21, one lifted
    by a renewal, one that goes on by a proof, one suspended whose renewal waits for the sales head,
    one without a validity on record; their keys in this order."""
    clock = factory.Clock()
    clock.set(2026, 5, 11)
    keys = [
        accredit(
            application(draft_of(name, 61 + at), "am", clock, valid_to, f"91370100{at}"), clock
        )
        for at, (name, valid_to) in enumerate(EXPIRING.items())
    ]
    undated = application(draft_of("扬州邗江化工原料有限公司", 69), "am", clock, None, "")
    with factory.before_validity():
        keys.append(accredit(undated, clock))
    proof = paper("受理 2026-0618", date(2026, 7, 20), proof=True)
    for day, customer, draft in ((25, keys[4], paper("913202811", None)), (26, keys[5], proof)):
        clock.set(2026, 6, day)
        licences.run(session_of("am", clock))
        made = record_paper(customer, draft, clock)
        for login in ("sales", "finance"):
            factory_licences.verdict(made, login, clock=clock)
    clock.set(2026, 7, 3)
    licences.run(session_of("am", clock))
    record_paper(keys[6], paper("913706841", date(2036, 6, 14)), clock, "已换发，请核对原件。")
    return keys


def violated() -> list[int]:
    """As `expiring`, and the suspended customer took goods twice; the keys."""
    keys = expiring()
    lines = [(keys[3], "PP-T30S", f"2026-07-{day}", 31_500) for day in ("02", "06")]
    factory_offtake.pick_up(session_of("am"), lines)
    return keys


def open_months() -> list[int]:
    """A quarter of pick-ups, plans and ratings, no month closed."""
    return _months(False)


def months() -> list[int]:
    """A quarter of pick-ups, plans and ratings, every month closed."""
    return _months(True)


def _months(closed: bool) -> list[int]:
    keys = customers()
    clock = factory.Clock()
    for at, month in enumerate(MONTHS):
        clock.set(2026, 5 + at, 2)
        lines = [
            line
            for place, key in enumerate(keys)
            for line in factory_offtake.weekdays(month, 60_000 - 18_000 * place + 9_000 * at, key)
        ]
        factory_offtake.pick_up(session_of("am", clock), lines)
        plans = [(key, "PP-T30S", month, 1_200_000 - 300_000 * p, 0) for p, key in enumerate(keys)]
        factory_offtake.plan(session_of("am", clock), plans)
        for key in keys[:2]:
            factory_offtake.rate(clock, key, month, 85 + at)
        if closed:
            factory_offtake.close(session_of("sales", clock), month)
    return keys


def run() -> int:
    """A computed quarter that waits for the sales head."""
    months()
    return int(evaluation.compute(session_of("am"), "2026Q2").value)


def unfinished() -> int:
    """A quarter computed when one of its months was closed."""
    open_months()
    factory_offtake.close(session_of("sales"), MONTHS[0])
    return int(evaluation.compute(session_of("am"), "2026Q2").value)


_PUT: dict[str, tuple[str, tuple[int, ...]]] = {}  # by file: what was put there, how it was then
_FURNISHED: dict[str, tuple[str, object]] = {}  # what is kept, and what `prepare` returned


def furnish(prepare: Callable[[], T]) -> T:
    """Call `prepare` on the open database of a department; from the second time on put a copy of
    what it made into its place. `prepare` depends on nothing else and returns keys alone."""
    name = f"{prepare.__module__}.{prepare.__qualname__} {type(storage.database.obj).__name__}"
    keep, take = (_keep_file, _take_file) if is_sqlite() else (_keep_database, _take_database)
    if name not in _FURNISHED:
        made = prepare()
        _FURNISHED[name] = (keep(), made)
    else:
        take(_FURNISHED[name][0])
    return _FURNISHED[name][1]  # type: ignore[return-value]


def _open_now() -> str:
    """The file, or the name on the server, of the open database."""
    return str(storage.database.obj.database)


def _keep_file() -> str:
    file = Path(mkdtemp()) / "kept.db"
    copy_database(_open_now(), str(file))
    return str(file)


def _take_file(kept: str) -> None:
    put_file(kept, _open_now())


def put_file(kept: str, target: str) -> None:
    """Put a copy of a database file that nobody has open into the place of another, unless it lies
    there as it was put: then who has it open, and has read its schema, goes on.

    SQLite would copy into an open file too, for thirty times the processor's work: it reads the
    schema first.
    """
    if untouched(target) and _PUT[target][0] == kept:
        return
    storage.close()
    fresh = f"{target}.fresh"
    shutil.copyfile(kept, fresh)
    for beside in ("-wal", "-shm"):
        Path(target + beside).unlink(missing_ok=True)
    os.replace(fresh, target)
    _PUT[target] = (kept, _state(target))


def untouched(target: str) -> bool:
    """Whether a database file is what `put_file` put there: nothing has been written since, neither
    into it nor into its log."""
    return target in _PUT and _PUT[target][1] == _state(target)


def _state(file: str) -> tuple[int, ...]:
    there, log = os.stat(file), Path(f"{file}-wal")
    return there.st_ino, there.st_mtime_ns, there.st_size, log.stat().st_size if log.exists() else 0


def copy_database(source: str, target: str) -> None:
    """Put the content of one database file, which may be open, into a new one."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def _keep_database() -> str:
    kept = f"{_open_now()}_kept"
    storage.close()
    shared_server().create_database(kept, _open_now())
    atexit.register(shared_server().drop_database, kept)
    return kept


def _take_database(kept: str) -> None:
    storage.close()
    shared_server().drop_database(_open_now())
    shared_server().create_database(_open_now(), kept)
