"""What the notes that go with items of dispatch are printed from (C4.7, C8.2)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from chemsales.queries.reading import query
from chemsales.queries.settings import value
from chemsales.rules.calendar import company_day
from chemsales.rules.check_codes import PaperKind, check_code
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import Contact, ContactKind, CustomerFacts
from chemsales.rules.dispatch import What
from chemsales.rules.errors import NotFound, Reason
from chemsales.rules.history import FieldChange
from chemsales.rules.roles import Action, Actor
from chemsales.storage.database import rows
from chemsales.storage.fields import instant_of

if TYPE_CHECKING:
    from chemsales.reports.content import Footer
    from chemsales.reports.dispatch_note import DispatchNote


class Proof(NamedTuple):
    """What the check code of a note is made of: its number, the hash of what it says, the edition
    and the event that made it; `name` is the customer's."""

    id: int
    number: str
    name: str
    hashed: str
    edition: int
    event: int


_PROOFS = """
SELECT d.id, d.number, u.name, d.file, d.changes, d.edition, e.id FROM dispatch d
JOIN customer u ON u.id = d.customer_id
JOIN change c ON c.table_name = 'dispatch' AND c.row_key = CAST(d.id AS TEXT)
AND c.action = 'INSERT' JOIN event e ON e.key = c.event
"""


def load_proofs(keys: Collection[int] | None = None) -> Iterator[Proof]:
    """The proofs of these items, or of all of them, the newest first (inside queries)."""
    some = "" if keys is None else f"WHERE d.id IN ({', '.join('?' * len(keys)) or 'NULL'})"
    for item, number, name, file, changes, edition, event in rows(
        f"{_PROOFS} {some} ORDER BY d.id DESC", tuple(keys or ())
    ):
        hashed = hashlib.sha256(f"{file}\n{changes}".encode()).hexdigest()
        yield Proof(item, number, name, hashed, edition, event)


@query(Action.REPORT_PRINT)
def dispatch_notes(actor: Actor, keys: Collection[int]) -> tuple[DispatchNote, ...]:
    """The notes of these items, those of one recipient together, finance first; NotFound where one
    is not there."""
    wanted = sorted(set(keys))
    marks = ", ".join("?" * len(wanted)) or "NULL"
    found = rows(
        "SELECT d.id, d.number, d.what, d.office_code, coalesce(o.name, ''), "
        "coalesce(o.name_en, ''), d.file, d.changes, d.made_at, coalesce(p.name, d.made_by), "
        "d.sent_at, coalesce(s.name, d.sent_by), d.acknowledged_on, d.receipt FROM dispatch d "
        "LEFT JOIN office o ON o.code = d.office_code "
        "LEFT JOIN person p ON p.login = d.made_by LEFT JOIN person s ON s.login = d.sent_by "
        f"WHERE d.id IN ({marks})",
        tuple(wanted),
    )
    for key in sorted(set(wanted) - {row[0] for row in found}):
        raise NotFound(Reason("reason.dispatch_unknown", {"id": key}, "C4.7"))
    company, names = value("company"), dict(rows("SELECT code, name_en FROM product_group"))
    footers = {proof.id: _footer(proof) for proof in load_proofs(wanted)}
    made = [_note(company, names, footers[row[0]], row[1:]) for row in found]
    return tuple(sorted(made, key=lambda note: (note.office_code, note.number)))


def _note(
    company: str, names: Mapping[str, str], footer: Footer, row: Sequence[Any]
) -> DispatchNote:
    from chemsales.reports.content import Group
    from chemsales.reports.dispatch_note import ClassLine, DispatchNote

    (number, what, code, office, english, file, changes, made, maker, sent, sender, taken,
     words) = row  # fmt: skip
    told = json.loads(file)
    return DispatchNote(
        company=company,
        number=number,
        what=What(what),
        office_code=code or "",
        office=office,
        office_en=english,
        made_on=_day(made),
        # who looks after the customer reports it, whoever gave the last approval
        made_by=told["manager_name"] if What(what) is What.ACCREDITATION else maker,
        sent_on=_day(sent),
        sent_by=sender,
        acknowledged_on=taken or "",
        receipt=words,
        customer_code=told["code"],
        accredited_on=told["accredited_on"],
        manager=told["manager_name"],
        facts=CustomerFacts(**told["facts"]),
        classes=tuple(
            ClassLine(
                Group(each["group_code"], each["group_name"], names.get(each["group_code"], "")),
                CustomerClass(each["customer_class"]), each["region"], each["from_day"],
            )
            for each in told["classes"]
        ),
        contacts=tuple(_contact(each) for each in told["contacts"]),
        changes=tuple(FieldChange(**each) for each in json.loads(changes)),
        footer=footer,
    )  # fmt: skip


def _day(instant: str | None) -> str:
    return company_day(instant_of(instant)).isoformat() if instant else ""


def _contact(line: dict[str, Any]) -> Contact:
    return Contact(**{**line, "kind": ContactKind(line["kind"])})


def _footer(proof: Proof) -> Footer:
    """The proof of what the item says, which stands still."""
    from chemsales.reports.content import Footer

    code = check_code(PaperKind.DISPATCH, proof.number, proof.hashed, proof.edition, proof.event)
    return Footer(proof.hashed, proof.event, proof.edition, "C4.7 C8.2", code)
