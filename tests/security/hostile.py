"""Statements that a person with psql and an own password might try, and how each is refused.

Each is run in a transaction with an event of its own, as the program would, so that nothing fails
for want of one. How it is refused is said by login ("*" for the others): an SQLSTATE, "none" where
row security leaves no row to touch, or "skip" where the statement is that person's good right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chemsales.rules.calendar import company_day
from chemsales.services.session import utc_now
from chemsales.storage.security.grants import GRANTS
from tests.security.world import World, open_month, quarter

STAMP = "2026-01-01T00:00:00.000000Z"
ZERO = "0" * 64


@dataclass(frozen=True, slots=True)
class Hostile:
    """A statement and the refusals by login; `alone` where it may not be in a transaction."""

    sql: str
    refusals: str = "* 42501"
    alone: bool = False

    def refusal(self, login: str) -> str:
        """How it is refused to this login."""
        said = dict(part.split() for part in self.refusals.split(";"))
        return said.get(login, said["*"])


def generated() -> Iterator[Hostile]:
    """Against every table: all rows gone, keys changed, emptied, triggers and policies off."""
    keys = {
        "event": "key", "seal": "hash", "chain_stage": "role", "schema_migration": "name",
        "person": "login", "person_role": "role", "setting": "key", "numbering": "series",
        "rule_edition": "parameters", "calendar_year": "year", "calendar_day": "day",
        "product_group": "code", "product": "code", "office": "code", "document_blob": "sha256",
        "application_words": "application_id", "customer_words": "customer_id",
        "tier_start": "level", "tier_result": "level_after",
    }  # fmt: skip
    lines = "am P0001; am2 none; * 42501"
    deletes = {
        "application_class": lines, "application_contact": lines,
        "calendar_day": "sales skip; admin skip; * 42501",
        "person_role": "admin CS018; * 42501",
    }  # fmt: skip
    for table in GRANTS:
        yield Hostile(f"DELETE FROM {table}", deletes.get(table, "* 42501"))
        yield Hostile(f"UPDATE {table} SET {keys.get(table, 'id')} = {keys.get(table, 'id')}")
        yield Hostile(f"TRUNCATE {table} CASCADE")
        yield Hostile(f"ALTER TABLE {table} DISABLE TRIGGER ALL")


def _decision(case: str, stage: str, verdict: str, more: str = "") -> str:
    changed = {"seen_version": "c.version", "snapshot_hash": "c.snapshot_hash", "round": "c.round",
               "signer": "'x'", "comment": "'ok'"}  # fmt: skip
    changed.update(part.split("=", 1) for part in more.split(",") if part)
    return (
        "INSERT INTO decision (case_id, round, stage, verdict, signer, signer_name, signed_at, "
        f"comment, seen_version, snapshot_hash, edition) SELECT c.id, {changed['round']}, "
        f"'{stage}', '{verdict}', {changed['signer']}, 'x', '{STAMP}', {changed['comment']}, "
        f"{changed['seen_version']}, {changed['snapshot_hash']}, 1 "
        f"FROM approval_case c WHERE {case}"
    )


def _case(application: int) -> str:
    return f"c.chain = 'accreditation' AND c.subject_id = {application}"


def _moved(application: int, pending: str, outcome: str = "open") -> str:
    return (
        f"; UPDATE approval_case c SET pending = {pending}, outcome = '{outcome}', "
        f"version = version + 1 WHERE {_case(application)}"
    )


def again(application: int) -> str:
    """A returned application is put up again with what its reviewers were shown before."""
    return (
        _decision(_case(application), "applicant", "submit", "round=c.round + 1")
        + "; UPDATE approval_case c SET pending = 'sales', outcome = 'open', round = round + 1, "
        f"version = version + 1 WHERE {_case(application)}"
        + "; UPDATE application SET state = 'in_review', version = version + 1 "
        f"WHERE id = {application}"
    )


STAGE = "sales {}; am CS002; am2 CS002; finance CS002; gm CS002; * 42501"


def decisions(found: World) -> Iterator[Hostile]:
    """Signing what is not one's own to sign, out of turn, twice, for another, on something else."""
    sales, finance, last = found.waiting
    own = _case(sales)
    others = "am CS002; am2 CS002; * 42501"
    yield Hostile(_decision(own, "sales", "approve"), STAGE.format("CS004"))
    yield Hostile(_decision(own, "sales", "approve", "signer='sales'")
                  + _moved(sales, "'finance'"), STAGE.format("skip"))  # fmt: skip
    yield Hostile(_decision(own, "sales", "approve") + _moved(sales, "NULL", "approved"),
                  STAGE.format("P0001"))  # fmt: skip
    yield Hostile(_decision(own, "sales", "return", "comment=' '"), STAGE.format("P0001"))
    yield Hostile(_decision(own, "sales", "approve", "seen_version=c.version - 1"),
                  STAGE.format("P0001"))  # fmt: skip
    yield Hostile(_decision(own, "sales", "approve", f"snapshot_hash='{ZERO}'"),
                  STAGE.format("P0001"))  # fmt: skip
    yield Hostile(_decision(own, "sales", "approve", "round=c.round + 1"), STAGE.format("P0001"))
    yield Hostile(_decision(own, "finance", "approve"),
                  f"finance P0001; sales CS002; gm CS002; {others}")  # fmt: skip
    yield Hostile(_decision(own, "general_manager", "approve"),
                  f"gm P0001; sales CS002; finance CS002; {others}")  # fmt: skip
    yield Hostile(_decision(_case(finance), "sales", "approve"), STAGE.format("P0001"))
    yield Hostile(_decision(_case(last), "general_manager", "approve")
                  + _moved(last, "NULL", "approved"),
                  f"gm CS004; sales CS002; finance CS002; {others}")  # fmt: skip
    yield Hostile(_decision(own, "boss", "approve"),
                  f"sales CS002; finance CS002; gm CS002; {others}")  # fmt: skip
    yield from undoing(found)
    applicant = "sales CS002; finance CS002; gm CS002; am {}; am2 {}; * 42501"
    yield Hostile(_decision(own, "applicant", "submit"), applicant.format("P0001", "P0001"))
    yield Hostile(_decision(own, "applicant", "withdraw"), applicant.format("CS004", "P0001"))
    yield Hostile(_decision(own, "applicant", "approve"), applicant.format("P0001", "P0001"))
    yield Hostile("INSERT INTO decision (id, case_id) OVERRIDING SYSTEM VALUE VALUES (1, 1)")
    yield Hostile(
        "INSERT INTO decision (case_id, round, stage, verdict, signer, signer_name, signed_at, "
        "comment, seen_version, snapshot_hash, edition) SELECT case_id, round, stage, verdict, "
        "signer, signer_name, signed_at, comment, seen_version, snapshot_hash, edition FROM "
        "decision ON CONFLICT (case_id, seen_version) DO UPDATE SET verdict = 'reject'"
    )
    yield Hostile("MERGE INTO decision d USING approval_case c ON c.id = d.case_id "
                  "WHEN MATCHED THEN UPDATE SET verdict = 'reject'")  # fmt: skip
    yield Hostile("DO $$ BEGIN UPDATE decision SET verdict = 'reject'; END $$")
    yield Hostile("WITH gone AS (DELETE FROM decision RETURNING 1) SELECT count(*) FROM gone")


def undoing(found: World) -> Iterator[Hostile]:
    """Taking back another's decision, one that the next stage has acted on, a last approval, or
    without what follows."""
    paper = f"c.chain = 'licence' AND c.subject_id = {found.papers[1]}"  # sales has approved
    back = (
        "UPDATE approval_case c SET version = version + 1, outcome = '{}', pending = {} "
        f"WHERE {paper}"
    )
    undo = _decision(paper, "sales", "undo")
    yield Hostile(f"{undo}; " + back.format("open", "'sales'"), STAGE.format("skip"))
    yield Hostile(undo, STAGE.format("CS004"))
    yield Hostile(f"{undo}; " + back.format("open", "'finance'"), STAGE.format("P0001"))
    yield Hostile(f"{undo}; " + back.format("approved", "NULL"), STAGE.format("P0001"))
    others = "am CS002; am2 CS002; sales CS002; gm CS002; * 42501"
    changed = f"c.chain = 'customer_change' AND c.subject_id = {found.change}"
    for waiting in (paper, changed):
        yield Hostile(_decision(waiting, "finance", "undo"), f"finance P0001; {others}")
    for acted in (  # nobody has decided on it, the next stage has
        f"c.chain = 'licence' AND c.subject_id = {found.papers[0]}",
        f"c.chain = 'disqualification' AND c.subject_id = {found.proposals[2]}",
        f"c.chain = 'evaluation' AND c.subject_id = {found.run}",
    ):
        yield Hostile(_decision(acted, "sales", "undo"), STAGE.format("P0001"))
    for last, who in (("licence", "finance"), ("accreditation", "general_manager")):
        ended = f"c.chain = '{last}' AND c.outcome = 'approved'"
        login = "gm" if last == "accreditation" else who
        refused = dict.fromkeys(("am", "am2", "sales", "finance", "gm"), "CS002")
        refused[login] = "P0001"
        said = "; ".join(f"{each} {code}" for each, code in refused.items())
        yield Hostile(_decision(ended, who, "undo"), f"{said}; * 42501")


def urges(found: World) -> Iterator[Hostile]:
    """Urging the case of another, a stage where it does not wait, in another's name."""
    made = "INSERT INTO case_urge (case_id, round, stage, day, urged_by, urged_at) "
    for stage, owner in (("c.pending", "skip"), ("'finance'", "P0001")):
        yield Hostile(
            f"{made}SELECT c.id, c.round, {stage}, '2026-01-01', 'am', '{STAMP}' "
            f"FROM approval_case c WHERE {_case(found.waiting[0])}",
            f"am {owner}; am2 P0001; sales P0001; * 42501",
        )


def cases(found: World) -> Iterator[Hostile]:
    """Cases, applications, customers: moved, edited or made without the decisions for it."""
    signing = "* P0001; admin 42501; auditor 42501"
    sales, draft = found.waiting[0], found.draft
    yield Hostile("UPDATE approval_case SET outcome = 'approved', pending = NULL", signing)
    yield Hostile("UPDATE approval_case SET outcome = 'approved', pending = NULL, "
                  "version = version + 1", signing)  # fmt: skip
    yield Hostile("UPDATE approval_case SET round = round + 1, version = version + 1", signing)
    yield Hostile("UPDATE approval_case SET opened_by = 'x'")
    for owner in ("x", "am2"):  # who hands customers over lets their cases go along, no others
        yield Hostile(
            f"UPDATE approval_case SET owner = '{owner}'", "sales P0001; admin P0001; * 42501"
        )
    yield Hostile("UPDATE approval_case SET snapshot = '{}'",
                  "am CS005; am2 CS005; sales CS005; * 42501")  # fmt: skip
    yield Hostile(
        "INSERT INTO approval_case (chain, subject, subject_id, round, pending, outcome, "
        "opened_by, owner, opened_at, moved_at, snapshot, snapshot_hash, clause, edition, version)"
        f" VALUES ('accreditation', 'accreditation', {draft}, 1, NULL, 'approved', 'am', 'am', "
        f"'{STAMP}', '{STAMP}', '{{}}', encode(sha256('{{}}'), 'hex'), 'C7.2', 1, 1)",
        "am CS005; am2 CS003; sales CS002; * 42501",
    )
    reviewing = "sales {0}; finance {0}; gm {0}; am {1}; am2 none; * 42501"
    yield Hostile("UPDATE application SET state = 'accredited'", reviewing.format("CS004", "CS004"))
    yield Hostile("UPDATE application SET state = 'accredited', version = version + 1",
                  reviewing.format("P0001", "P0001"))  # fmt: skip
    yield Hostile("UPDATE application SET state = 'draft', version = version + 1 "
                  f"WHERE id = {sales}",
                  reviewing.format("P0001", "P0001"))  # fmt: skip
    taken = "UPDATE application SET manager = 'am2'"
    yield Hostile(taken, "sales CS004; admin CS004; * 42501")
    yield Hostile(f"{taken}, version = version + 1", "sales P0001; admin P0001; * 42501")
    yield Hostile("UPDATE application SET created_by = 'am2'")
    yield Hostile("UPDATE application SET number = 'SQ2026-9999'")
    yield Hostile(f"UPDATE application SET bank = 'x', version = version + 1 WHERE id = {sales}",
                  "am P0001; am2 none; * 42501")  # fmt: skip
    yield Hostile(f"UPDATE application SET bank = 'x', version = version + 1 WHERE id = {draft}",
                  "am skip; am2 none; * 42501")  # fmt: skip
    yield Hostile(
        f"UPDATE application SET code_override = 'x', version = version + 1 WHERE id = {sales}",
        "am CS003; am2 none; sales P0001; finance P0001; * 42501",
    )
    yield from acceptances(found)
    edited = f"UPDATE application SET bank = 'x', version = version + 1 WHERE id = {found.returned}"
    yield Hostile(f"{edited}; {again(found.returned)}",
                  "am CS005; am2 P0001; * 42501")  # fmt: skip
    yield Hostile("UPDATE application SET case_id = NULL, version = version + 1",
                  "am P0001; am2 none; * 42501")  # fmt: skip
    yield Hostile("UPDATE application SET customer_id = 1, version = version + 1",
                  "gm P0001; * 42501")  # fmt: skip
    insert = (
        "INSERT INTO application (number, state, name, manager, created_by, created_at) VALUES "
        f"('{{}}', '{{}}', '冒名', 'am2', 'am2', '{STAMP}')"
    )
    am = "am {0}; am2 {0}; * 42501"
    yield Hostile(insert.format("SQ2026-9999", "draft"), am.format("CS006"))
    yield Hostile(insert.format("SQ2026-0001", "accredited"), am.format("CS006"))
    yield Hostile("UPDATE application_class SET region = 'x'")
    yield Hostile("UPDATE application_document SET sha256 = sha256")
    yield Hostile("UPDATE application_document SET void = 1", "am P0001; am2 none; * 42501")
    contact = "INSERT INTO application_contact (application_id, kind, name) VALUES ({}, 'k', 'x')"
    yield Hostile(contact.format(sales), "am P0001; am2 CS003; * 42501")
    yield Hostile(contact.format(draft), "am skip; am2 CS003; * 42501")
    yield Hostile("INSERT INTO document_blob (sha256, size, mime, data) VALUES "
                  f"('{ZERO}', 1, 'x', 'x')",
                  "am CS009; am2 CS009; sales CS009; * 42501")  # fmt: skip
    yield from customers(found)


def acceptances(found: World) -> Iterator[Hostile]:
    """Codes accepted by whom they do not concern, with another hash, or without a trace."""
    accept = (
        "INSERT INTO code_acceptance (case_id, round, reason, accepted_by, accepted_at, "
        f"snapshot_hash, hash) SELECT c.id, c.round, 'x', 'gm', '{STAMP}', c.snapshot_hash, {{}} "
        f"FROM approval_case c WHERE {_case(found.faulty)}"
    )
    own = (
        (
            'encode(sha256(convert_to(\'{{"accepted_by":"\' || session_user || '
            '\'","reason":"x","round":1,"snapshot":"\' || c.snapshot_hash || '
            "'\"}}', 'UTF8')), 'hex')"
        )
        .replace("{{", "{")
        .replace("}}", "}")
    )
    yield Hostile(accept.format(f"'{ZERO}'"), "sales CS005; finance CS005; * 42501")
    yield Hostile(accept.format(own), "sales CS004; finance CS004; * 42501")  # alone
    yield Hostile(
        f"UPDATE application SET code_override = 'x', version = version + 1 "
        f"WHERE id = {found.faulty}",
        "am CS003; am2 none; sales P0001; finance P0001; * 42501",
    )


def customers(found: World) -> Iterator[Hostile]:
    """Customers without their approval, and what hangs on them."""
    number = "UPDATE numbering SET last = last + 1 WHERE series = 'customer'; "
    make = (
        "INSERT INTO customer (name, code, status, manager, case_id, application_id, "
        "accredited_on) SELECT name, 'C0000' || (SELECT last FROM numbering WHERE series = "
        "'customer'), 'accredited', manager, 1, id, '2020-01-01' FROM application WHERE id = "
    )
    yield Hostile(number + make + str(found.draft), "gm P0001; * 42501")
    yield Hostile(number + make + str(found.waiting[2]), "gm P0001; * 42501")
    yield Hostile(make + "1", "gm P0001; * 42501")
    yield Hostile("UPDATE customer SET manager = 'am2'", "sales P0001; admin P0001; * 42501")
    yield Hostile("UPDATE customer SET status = 'accredited'", "gm CS004; * 42501")
    yield Hostile("UPDATE customer SET accredited_on = '2020-01-01'")
    yield Hostile("UPDATE customer SET mnemonic = 'x'", "am skip; am2 none; * 42501")
    yield Hostile("UPDATE customer SET version = version + 5",
                  "auditor 42501; am2 none; * CS004")  # fmt: skip
    given = (
        "INSERT INTO customer_class (customer_id, group_code, customer_class, from_day, edition) "
        "VALUES (1, '{}', 'direct', '{}', 1)"
    )
    yield Hostile(given.format("PO", "2026-01-01"), "sales CS012; gm CS002; * 42501")
    yield Hostile(given.format("BZ", "2020-01-01"), "sales CS012; gm CS002; * 42501")
    yield Hostile("UPDATE customer_class SET to_day = '2020-01-01'",
                  "sales CS012; gm CS012; * 42501")  # fmt: skip
    yield Hostile("UPDATE customer_class SET customer_class = 'direct'")
    yield Hostile("INSERT INTO customer_contact (customer_id, kind, name) VALUES (1, 'k', 'x')",
                  "am skip; am2 CS003; sales skip; gm CS004; * 42501")  # fmt: skip
    for start in ("'three_star', 'plan'", "'auction', 'auction'"):
        yield Hostile("INSERT INTO tier_start (customer_id, level, form, from_day, edition) "
                      f"VALUES (1, {start}, '2020-01-01', 1)",
                      "gm CS008; * 42501")  # fmt: skip


def licences(found: World) -> Iterator[Hostile]:
    """Papers accepted by hand, left without a case, or changed; suspensions that are none."""
    at_sales, at_finance = found.papers
    paper = (
        "INSERT INTO licence (customer_id, kind, number, long_term, sha256, label, recorded_by, "
        f"recorded_at, accepted_on) SELECT {found.customers[0]}, kind, 'X', 1, sha256, 'x', 'am', "
        f"'{STAMP}', {{}} FROM licence WHERE id = {at_sales}"
    )
    yield Hostile(paper.format("'2026-01-01'"), "am CS003; am2 CS003; gm CS002; * 42501")
    yield Hostile(paper.format("NULL"), "am CS009; am2 CS003; gm CS002; * 42501")
    yield Hostile("UPDATE licence SET accepted_on = '2026-01-01'", "finance CS004; * 42501")
    yield Hostile("UPDATE licence SET valid_to = '2099-01-01', long_term = 0",
                  "am P0001; am2 none; * 42501")  # fmt: skip
    yield Hostile("UPDATE licence SET case_id = NULL", "am P0001; am2 none; * 42501")
    yield Hostile("UPDATE licence SET customer_id = 1")
    case = f"c.chain = 'licence' AND c.subject_id = {at_finance}"
    yield Hostile(
        _decision(case, "finance", "approve") + "; UPDATE approval_case c SET pending = NULL, "
        f"outcome = 'approved', version = version + 1 WHERE {case}",
        "finance CS004; am CS002; am2 CS002; sales CS002; gm CS002; * 42501",
    )
    suspended = (
        "INSERT INTO suspension (customer_id, kind, from_day, noted_by, noted_at) VALUES "
        f"({{}}, 'business_licence', '2026-01-01', 'x', '{STAMP}')"
    )
    everybody = "admin 42501; auditor 42501; * P0001"
    for customer in found.customers:
        yield Hostile(suspended.format(customer), everybody)


def disqualifications(found: World) -> Iterator[Hostile]:
    """Customers disqualified by hand, proposals for others, decided without a case, or changed."""
    at_gm = found.proposals[2]
    yield Hostile("UPDATE customer SET status = 'disqualified'", "gm P0001; * 42501")
    yield Hostile("UPDATE disqualification SET decided_on = '2026-01-01'", "gm P0001; * 42501")
    changed = "am P0001; am2 none; sales none; * 42501"
    yield Hostile("UPDATE disqualification SET facts = 'x'", changed)
    yield Hostile("UPDATE disqualification SET case_id = NULL", changed)
    yield Hostile("UPDATE disqualification_paper SET void = 1", changed)
    yield Hostile("UPDATE disqualification SET customer_id = 1")
    proposal = (
        "INSERT INTO disqualification (number, customer_id, ground, facts, occurred_on, "
        f"proposed_by, proposed_at) VALUES ('QX2020-0009', {found.customers[0]}, 'dishonesty', "
        f"'x', '2020-01-01', 'am', '{STAMP}')"
    )
    yield Hostile(proposal, "am CS006; am2 CS003; sales CS006; * 42501")
    paper = (
        "INSERT INTO disqualification_paper (disqualification_id, sha256, label) "
        f"SELECT {at_gm}, sha256, 'x' FROM disqualification_paper WHERE disqualification_id = "
    )
    yield Hostile(f"{paper}{at_gm}", "am P0001; am2 CS003; sales CS003; * 42501")
    case = f"c.chain = 'disqualification' AND c.subject_id = {at_gm}"
    yield Hostile(
        _decision(case, "general_manager", "approve") + "; UPDATE approval_case c "
        "SET pending = NULL, outcome = 'approved', version = version + 1 WHERE " + case,
        "gm CS004; am CS002; am2 CS002; sales CS002; finance CS002; * 42501",
    )


def dispatches(found: World) -> Iterator[Hostile]:
    """Items made up, marked by others, early or twice; offices that are not told."""
    marked = "am {0}; am2 none; sales {0}; finance {1}; * 42501"
    yield Hostile(
        "UPDATE dispatch SET sent_by = 'x', sent_at = 'x'", marked.format("P0001", "42501")
    )
    yield Hostile(
        "UPDATE dispatch SET acknowledged_on = '2026-01-01', receipt = 'x', acknowledged_by = 'x' "
        f"WHERE id = {found.unsent['QD']}", marked.format("CS010", "none"),
    )  # fmt: skip
    for office, how in (
        ("QD", marked.format("CS010", "none")),
        ("", marked.format("CS003", "CS010")),
    ):
        yield Hostile("UPDATE dispatch SET acknowledged_on = '2099-01-01', receipt = 'x' "
                      f"WHERE id = {found.sent[office]}", how)  # fmt: skip
    for column in ("customer_id", "office_code", "file", "changes", "made_by", "number"):
        yield Hostile(f"UPDATE dispatch SET {column} = {column}")
    item = (
        "INSERT INTO dispatch (number, customer_id, what, office_code, version, file, changes, "
        "edition, made_by, made_at) SELECT {}, customer_id, what, {}, version, {}, {}, edition, "
        f"'gm', '{STAMP}' FROM dispatch WHERE id = {found.sent['QD']}"
    )
    series = f"series = 'dispatch-{company_day(utc_now()).year}'"
    taken = f"UPDATE numbering SET last = last + 1 WHERE {series}; "
    fresh = (
        "(SELECT 'BS' || right(series, 4) || '-' || lpad(last::text, 4, '0') FROM numbering "
        f"WHERE {series})"
    )
    made = "am {0}; am2 CS003; sales {0}; finance {0}; gm {0}; * 42501"
    yield Hostile(item.format("'BS2020-0001'", "NULL", "file", "changes"), made.format("CS006"))
    yield Hostile(taken + item.format(fresh, "'XX'", "file", "changes"), made.format("P0001"))
    yield Hostile(taken + item.format(fresh, "NULL", "'{}'", "changes"), made.format("CS005"))
    changes = """'[{"field":"bank","before":"x","after":"another","of":""}]'"""
    yield Hostile(taken + item.format(fresh, "NULL", "file", changes), made.format("CS005"))


def filings(found: World) -> Iterator[Hostile]:
    """Filings made up or added to, receipts of days to come, findings that vanish."""
    year = company_day(utc_now()).year
    batch = (
        "INSERT INTO filing (number, made_by, made_name, made_at, made_on, edition, customers, "
        f"sha256) SELECT {{}}, 'gm', 'x', '{STAMP}', {{}}, 1, {{}}, '{ZERO}' FROM filing LIMIT 1"
    )
    begun = f"INSERT INTO numbering (series, last) VALUES ('filing-{year}', 1); "
    fresh, today = f"'BA{year}-0001'", f"'{company_day(utc_now()).isoformat()}'"
    sales = "sales {}; * 42501"
    yield Hostile(batch.format("'BA2020-0001'", today, 1), sales.format("CS006"))
    yield Hostile(batch.format(fresh, "'2020-01-01'", 1), sales.format("CS010"))
    numbered = "sales {}; am 42501; am2 42501; finance 42501; gm 42501; * 42501"
    yield Hostile(begun + batch.format(fresh, today, 1), numbered.format("CS009"))
    filed = (
        "INSERT INTO filing_customer (filing_id, customer_id, version, file) SELECT 1, u.id, "
        f"u.version, {{}} FROM customer u WHERE u.id = {found.customers[1]}"
    )
    yield Hostile(filed.format("'{}'"), sales.format("CS005"))
    told = f"(SELECT d.file FROM dispatch d WHERE d.id = {found.unsent['']})"
    yield Hostile(filed.format(told), sales.format("CS009"))
    yield Hostile("UPDATE filing SET received_on = '2099-01-01', receipt = 'x'",
                  sales.format("CS010"))  # fmt: skip
    for column in ("sha256", "customers", "number", "company"):
        yield Hostile(f"UPDATE filing SET {column} = {column}")
    yield Hostile(
        "INSERT INTO inspection (held_on, inspector, scope, findings, recorded_by, recorded_at) "
        f"VALUES ('2026-01-01', 'x', 'x', 1, 'x', '{STAMP}')", sales.format("CS009"),
    )  # fmt: skip
    finding = "INSERT INTO finding (inspection_id, words, due_on, responsible) VALUES "
    yield Hostile(finding + "(1, 'x', '2099-01-01', 'am')", sales.format("CS009"))
    yield Hostile(finding + "(1, 'x', '2000-01-01', 'am')", sales.format("P0001"))
    yield Hostile("UPDATE finding SET closing = 'x', closed_on = '2020-01-01' WHERE id = 2",
                  "sales skip; am none; am2 none; * 42501")  # fmt: skip
    yield Hostile("UPDATE finding SET due_on = '2099-01-01'")


def handovers(found: World) -> Iterator[Hostile]:
    """Customers handed over by half, to who manages none, from another, or in days to come."""
    given = (
        "INSERT INTO handover (customer_id, from_manager, to_manager, from_day, reason, given_by, "
        f"given_at) VALUES ({found.customers[0]}, '{{}}', '{{}}', '{{}}', 'x', 'sales', '{STAMP}')"
    )
    both = "sales {0}; admin {0}; * 42501"
    today = company_day(utc_now()).isoformat()
    yield Hostile(given.format("am", "am2", today), both.format("CS004"))
    yield Hostile(given.format("am", "am2", "2099-01-01"), both.format("CS010"))
    yield Hostile(given.format("am", "am2", "2000-01-01"), both.format("P0001"))
    yield Hostile(given.format("am2", "am", today), both.format("P0001"))
    yield Hostile(given.format("am", "gm", today), both.format("P0001"))
    yield Hostile("UPDATE handover SET from_day = '2026-01-01'")


def files(found: World) -> Iterator[Hostile]:
    """Files changed past finance, by others than their manager, or accepted by hand."""
    name = "UPDATE customer SET account = '1', version = version + 1"
    yield Hostile(name, "finance P0001; * 42501")
    yield Hostile("UPDATE customer SET code_override = 'x'", "finance CS004; * 42501")
    phone = "UPDATE customer SET invoice_phone = '1'"
    yield Hostile(phone, "am skip; am2 none; sales skip; * 42501")
    yield Hostile("UPDATE customer_contact SET name = 'x'")
    yield Hostile("UPDATE customer_contact SET void = 1", "am skip; am2 none; sales skip; * 42501")
    asked = (
        "INSERT INTO customer_change (customer_id, account, reason, changed_on, sha256, label, "
        f"proposed_by, proposed_at) SELECT {found.customers[0]}, '1', 'x', '2026-01-01', sha256, "
        f"'x', 'am', '{STAMP}' FROM customer_change WHERE id = {found.change}"
    )
    yield Hostile(asked, "am CS009; am2 CS003; sales CS009; * 42501")
    decided = "UPDATE customer_change SET decided_on = '2026-01-01'"
    yield Hostile(decided, "finance P0001; * 42501")
    changed = "am P0001; am2 none; sales none; * 42501"
    yield Hostile("UPDATE customer_change SET account = '2'", changed)
    yield Hostile("UPDATE customer_change SET case_id = NULL", changed)
    case = f"c.chain = 'customer_change' AND c.subject_id = {found.change}"
    approve = (
        _decision(case, "finance", "approve") + "; UPDATE approval_case c SET pending = NULL, "
        f"outcome = 'approved', version = version + 1 WHERE {case}"
    )
    yield Hostile(approve, "finance CS004; am CS002; am2 CS002; sales CS002; gm CS002; * 42501")
    # what finance saw is what comes into force
    yield Hostile(
        f"{approve}; {decided} WHERE id = {found.change}; {name} WHERE id = {found.customers[1]}",
        "finance P0001; am CS002; am2 CS002; sales CS002; gm CS002; * 42501",
    )


def agents(found: World) -> Iterator[Hostile]:
    """Licences of agents made up, dated back, given twice or for longer, or changed."""
    licensed, free = found.agents
    for column in ("to_day", "class_id", "shown", "issued_by", "number"):
        yield Hostile(f"UPDATE agent_licence SET {column} = {column}")
    series = f"series = 'agent_licence-{company_day(utc_now()).year}'"
    fresh = (
        "(SELECT 'DL' || right(series, 4) || '-' || lpad(last::text, 4, '0') FROM numbering "
        f"WHERE {series})"
    )
    taken = f"UPDATE numbering SET last = last + 1 WHERE {series}; "
    made = (
        "INSERT INTO agent_licence (number, customer_id, class_id, from_day, to_day, shown, "
        f"edition, issued_by, issued_at) SELECT {{}}, customer_id, {{}}, {{}}, to_day, {{}}, "
        f"edition, 'gm', '{STAMP}' FROM agent_licence"
    )
    given = "sales {0}; * 42501"
    yield Hostile(made.format("'DL2020-0001'", free, "from_day", "shown"), given.format("CS006"))
    yield Hostile(taken + made.format(fresh, licensed, "from_day", "shown"),
                  given.format("P0001"))  # fmt: skip
    yield Hostile(taken + made.format(fresh, licensed, "'2026-01-01'", "shown"),
                  given.format("CS010"))  # fmt: skip
    yield Hostile(taken + made.format(fresh, free, "'2999-01-01'", "shown"),
                  given.format("CS010"))  # fmt: skip
    longer = made.replace("{}, to_day", "{}, '2999-12-31'")
    yield Hostile(taken + longer.format(fresh, free, "from_day", "shown"), given.format("CS010"))
    yield Hostile(taken + made.format(fresh, free, "from_day", "shown"), given.format("CS005"))
    yield Hostile(taken + made.format(fresh, licensed, "from_day", "'{}'"), given.format("CS005"))


def resales(found: World) -> Iterator[Hostile]:
    """Findings of others' customers, dated back, changed, or settled by who may not."""
    free = found.direct[1]
    finding = (
        "INSERT INTO resale_finding (customer_id, class_id, found_on, facts, found_by, found_at) "
        f"SELECT customer_id, id, '2020-01-01', 'x', 'gm', '{STAMP}' FROM customer_class "
        "WHERE id = {}"
    )
    yield Hostile(finding.format(free), "am skip; am2 CS003; sales skip; * 42501")
    yield Hostile(finding.format(found.direct[0]), "am P0001; am2 CS003; sales P0001; * 42501")
    yield Hostile(finding.format(found.agents[0]), "am P0001; am2 CS003; sales P0001; * 42501")
    yield Hostile("UPDATE resale_finding SET facts = 'x'")
    yield Hostile("UPDATE resale_finding SET closing = 'x'", "sales skip; * 42501")


def visits(found: World) -> Iterator[Hostile]:
    """Visits to others' customers, of days to come, in another's name, changed, or corrected by who
    may not, twice, or into a visit to somebody else."""
    visit = (
        "INSERT INTO visit (customer_id, visited_on, way, received_by, products, market, service, "
        "needs, visited_by, noted_by, noted_at, replaces) VALUES "
        f"({{}}, '{{}}', 'phone', 'x', 'x', 'x', 'x', 'x', 'gm', 'gm', '{STAMP}', {{}})"
    )
    (first, second), (one, two) = found.visits, found.customers[:2]
    desks = "am {0}; am2 CS003; sales {0}; * 42501"
    yield Hostile(visit.format(one, "2026-01-01", "NULL"), desks.format("skip"))
    yield Hostile(visit.format(one, "2099-01-01", "NULL"), desks.format("P0001"))
    yield Hostile(visit.format(one, "2026-02-30", "NULL"), desks.format("22008"))  # no day
    yield Hostile(visit.format(one, "01/02/2026", "NULL"), desks.format("CS010"))
    yield Hostile(visit.format(one, "2026-01-01", first), desks.format("skip"))
    yield Hostile(visit.format(one, "2026-01-01", second), desks.format("P0001"))
    yield Hostile(visit.format(two, "2026-01-01", first), desks.format("P0001"))
    twice = visit.format(one, "2026-01-01", first)
    yield Hostile(f"{twice}; {twice}", desks.format("23505"))
    for column in ("visited_on", "products", "visited_by", "replaces"):
        yield Hostile(f"UPDATE visit SET {column} = {column}")


def complaints(found: World) -> Iterator[Hostile]:
    """Complaints of others' customers, beside the numbers, received ahead, due by another edition,
    altered, closed or re-graded by who may not."""
    year = company_day(utc_now()).year
    series = f"series = 'complaint-{year}'"
    fresh = (
        "(SELECT 'T-' || right(series, 4) || '-' || lpad(last::text, 4, '0') FROM numbering "
        f"WHERE {series})"
    )
    taken = f"UPDATE numbering SET last = last + 1 WHERE {series}"
    made = (
        "INSERT INTO complaint (number, customer_id, received_at, channel, content, severity, "
        "edition, recorded_by, recorded_at) SELECT {}, customer_id, {}, channel, content, "
        f"severity, {{}}, 'gm', '{STAMP}' FROM complaint WHERE id = {found.complaint}"
    )
    given = "am {0}; am2 CS003; sales {0}; * 42501"
    yield Hostile(taken, "admin 42501; auditor 42501; * CS006")
    beside = made.format(f"'T-{year}-0009'", "received_at", 1)
    yield Hostile(beside, given.format("P0001"))
    begun = "INSERT INTO numbering (series, last) VALUES ('complaint-2099', 1)"
    later = made.format("'T-2099-0001'", "received_at", 1)
    yield Hostile(f"{begun}; {later}", given.format("CS006"))
    ahead = "'2999-01-01T00:00:00.000000Z'"
    yield Hostile(f"{taken}; {made.format(fresh, ahead, 1)}", given.format("CS010"))
    yield Hostile(f"{taken}; {made.format(fresh, 'received_at', 2)}", given.format("CS011"))
    for column in ("content", "severity", "received_at", "edition", "recorded_by"):
        yield Hostile(f"UPDATE complaint SET {column} = {column}")
    answer = (
        "UPDATE complaint SET opinion = 'x', told_on = '{}', told_way = 'fax', told_by = 'x', "
        f"closed_by = 'gm', closed_at = '{STAMP}' WHERE id = {found.complaint}"
    )
    yield Hostile(answer.format("2999-01-01"), "sales CS010; * 42501")
    yield Hostile(answer.format("2020-01-01"), "sales P0001; * 42501")
    graver = (
        "INSERT INTO complaint_regrade (complaint_id, severity, reason, regraded_by, regraded_at) "
        f"VALUES ({found.complaint}, 'major', 'x', 'gm', '{STAMP}')"
    )
    yield Hostile(graver, "am skip; am2 CS003; sales skip; * 42501")
    today = company_day(utc_now()).isoformat()
    yield Hostile(f"{graver}; {answer.format(today)}", "am 42501; am2 CS003; sales P0001; * 42501")
    yield Hostile("UPDATE complaint_regrade SET reason = 'x'")


def months(found: World) -> Iterator[Hostile]:
    """Take, levels, ratings, evaluations and editions that did not come about as they should."""
    desks = "am {0}; am2 {0}; sales {0}; * 42501"
    closed = quarter()[1][0]
    pickup = (
        "INSERT INTO pickup (batch_id, customer_id, product_code, day, month, kg, kind) VALUES "
        "({}, 1, 'PP-T30S', '{}', '{}', 1000, 'pickup')"
    )
    batch = (
        "INSERT INTO import_batch (kind, file_name, sha256, months, row_count, rejected, total_kg, "
        f"rows_digest, imported_by, imported_at) VALUES ('pickups', 'x', '{ZERO}', '{{}}', {{}}, "
        f"0, {{}}, '{ZERO}', 'sales', '{STAMP}')"
    )
    fresh = "(SELECT max(id) FROM import_batch)"
    month = open_month()
    yield Hostile(pickup.format(found.batch, f"{month}-01", month), desks.format("CS010"))
    yield Hostile(batch.format(month, 5, 5000), desks.format("CS009"))
    yield Hostile(batch.format(month, 1, 9000) + "; "
                  + pickup.format(fresh, f"{month}-01", month), desks.format("CS009"))  # fmt: skip
    yield Hostile(batch.format(closed, 1, 1000) + "; "
                  + pickup.format(fresh, f"{closed}-01", closed),
                  desks.format("P0001"))  # fmt: skip
    yield Hostile(batch.format("2099-01", 1, 1000) + "; "
                  + pickup.format(fresh, "2099-01-01", "2099-01"),
                  desks.format("CS007"))  # fmt: skip
    yield Hostile(batch.format(month, 1, 1000) + "; "
                  + pickup.format(fresh, f"{closed}-01", month),
                  desks.format("CS007"))  # fmt: skip
    yield Hostile("UPDATE import_batch SET undone_by = 'gm', undone_at = 'x'",
                  desks.format("P0001"))  # fmt: skip
    yield Hostile("UPDATE import_batch SET total_kg = 0")
    yield from closings(closed)
    yield from ratings(found)


def closings(closed: str) -> Iterator[Hostile]:
    """Levels by hand, months closed twice, early, or by another edition."""
    inputs = '{{"evaluation_runs": []}}'
    close = (
        "INSERT INTO closing (month, revision, active, edition, closed_by, closed_at, "
        f"results_digest, inputs) VALUES ('{{}}', {{}}, 1, {{}}, 'gm', '{STAMP}', "
        f"encode(sha256(''), 'hex'), '{inputs}')"
    )
    month = open_month()
    yield Hostile(close.format(month, 1, 1), "sales CS008; * 42501")
    yield Hostile(close.format(month, 7, 1), "sales P0001; * 42501")
    yield Hostile(close.format(month, 1, 99), "sales CS011; * 42501")
    yield Hostile(close.format("2099-01", 1, 1), "sales CS007; * 42501")
    yield Hostile(close.format(closed, 2, 1), "sales 23505; * 42501")
    result = (
        "INSERT INTO tier_result (closing_id, customer_id, month, kg, level_before, form_before, "
        "level_after, form_after, outcome, reasons) SELECT {}, id, '{}', 9000000, 'ordinary', "
        "'plan', 'three_star', 'plan', 'raised', '[]' FROM customer"
    )
    yield Hostile(result.format(1, closed), "sales 23505; * 42501")
    yield Hostile(close.format(month, 1, 1) + "; "
                  + result.format("(SELECT max(id) FROM closing)", month),
                  "sales CS009; * 42501")  # fmt: skip
    yield Hostile("UPDATE closing SET active = 0, ended_by = 'gm', ended_at = 'x' "
                  f"WHERE month = '{closed}'", "sales CS008; * 42501")  # fmt: skip
    yield Hostile("UPDATE closing SET end_reason = 'x'", "sales P0001; * 42501")
    yield Hostile("UPDATE closing SET results_digest = 'x'")
    yield Hostile("UPDATE closing SET inputs = '{}'")
    yield Hostile("UPDATE closing SET edition = 1")


def ratings(found: World) -> Iterator[Hostile]:
    """Ratings of others' customers, one's own confirmed; runs and editions by hand."""
    rating = (
        "INSERT INTO cooperation_rating (customer_id, month, score, rated_by, rated_at) "
        f"VALUES (1, '{open_month()}', 100, 'am', '{STAMP}')"
    )
    desks = "am {0}; am2 {0}; sales {0}; * 42501"
    yield Hostile(rating, "am CS009; am2 CS003; * 42501")
    yield Hostile("UPDATE cooperation_rating SET score = 100")
    yield Hostile("UPDATE cooperation_rating SET void = 1, version = version + 1 "
                  f"WHERE id = {found.rating}", "am CS009; am2 CS003; * 42501")  # fmt: skip
    yield Hostile("UPDATE cooperation_rating SET confirmed_by = 'sales', confirmed_at = 'x', "
                  "version = version + 1", "sales P0001; * 42501")  # fmt: skip
    yield Hostile("INSERT INTO cooperation_evidence (rating_id, aspect, points, evidence) "
                  f"VALUES ({found.rating}, 'information', 100, 'x')",
                  "am CS010; am2 CS010; * 42501")  # fmt: skip
    yield Hostile(
        "INSERT INTO evaluation (run_id, customer_id, group_code, customer_class, score, grade, "
        f"available_weight, indicators, inputs, inputs_hash) VALUES ({found.run}, 1, 'BZ', "
        "'dealer', '100', 'excellent', 100, '{}', '{}', 'x')",
        desks.format("CS010"),
    )
    yield from scores(found, desks.format("CS020"))
    yield Hostile(f"UPDATE evaluation_run SET active = 0 WHERE id = {found.run}",
                  desks.format("P0001"))  # fmt: skip
    yield Hostile("UPDATE evaluation_run SET case_id = NULL", "am P0001; * CS003; finance 42501; "
                  "gm 42501; admin 42501; auditor 42501")  # fmt: skip
    yield Hostile("UPDATE evaluation_run SET results_digest = 'x'")
    yield Hostile(
        "INSERT INTO evaluation_run (period, revision, edition, computed_by, computed_at, "
        f"inputs_hash, results_digest, inputs) VALUES ('2020Q1', 1, 1, 'x', '{STAMP}', 'x', 'x', "
        "'{}')",
        desks.format("CS009"),
    )
    edition = (
        "INSERT INTO rule_edition (number, effective_from, basis, parameters, decided_by, "
        f"decided_at) VALUES ({{}}, '{{}}', 'x', '{{{{}}}}', 'gm', '{STAMP}')"
    )
    yield Hostile(edition.format(99, "2099-01-01"), "sales P0001; * 42501")
    yield Hostile(edition.format(2, "2020-02-01"), "sales CS011; * 42501")
    yield Hostile(edition.format(1, "2099-01-01"), "sales P0001; * 42501")
    numbers = "am {0}; am2 {0}; sales {0}; finance {0}; gm {0}; * 42501"
    for sql, how in (
        ("UPDATE numbering SET last = last + 1 WHERE series = 'customer'", "CS006"),
        ("UPDATE numbering SET last = 1", "P0001"),
        ("UPDATE numbering SET last = last + 100", "P0001"),
        ("INSERT INTO numbering (series, last) VALUES ('x', 1)", "CS006"),
        ("INSERT INTO numbering (series, last) VALUES ('x', 7)", "P0001"),
    ):
        yield Hostile(sql, numbers.format(how))
    yield Hostile("INSERT INTO setting (key, value) VALUES ('x', 'x')", "admin skip; * 42501")


def scores(found: World, refused: str) -> Iterator[Hostile]:
    """A new run with the rows of the standing one, in each of which one thing is made up; as they
    are, their months are not those of the period."""
    begin = (
        "INSERT INTO evaluation_run (period, revision, edition, computed_by, computed_at, "
        "inputs_hash, results_digest, inputs) SELECT '2020Q1', 1, edition, 'x', 'x', inputs_hash, "
        f"results_digest, inputs FROM evaluation_run WHERE id = {found.run}; "
    )
    shown = {name: name for name in ("customer_class", "score", "grade", "available_weight",
                                     "indicators", "inputs", "inputs_hash")}  # fmt: skip
    better = '(replace(inputs, \'"cooperation":{\', \'"cooperation":{"2020-01":100,\'))'
    for forged in (
        {}, {"score": "'99.5'"}, {"score": "NULL"}, {"grade": "'pass'"},
        {"available_weight": "available_weight + 5"}, {"customer_class": "'agent'"},
        {"indicators": "jsonb_set(indicators::jsonb, '{values,completion}', '\"99\"')::text"},
        {"indicators": "jsonb_set(indicators::jsonb, '{values,cooperation}', '\"99\"')::text"},
        {"indicators": "jsonb_set(indicators::jsonb, '{values,evenness}', '\"99\"')::text"},
        {"indicators": "jsonb_set(indicators::jsonb, '{values,payment}', '\"100\"')::text"},
        {"inputs_hash": f"'{ZERO}'"}, {"inputs": better},
        {"inputs": better, "inputs_hash": f"encode(sha256(convert_to({better}, 'UTF8')), 'hex')"},
    ):  # fmt: skip
        listed = ", ".join({**shown, **forged}.values())
        yield Hostile(
            f"{begin}INSERT INTO evaluation (run_id, customer_id, group_code, {', '.join(shown)}) "
            f"SELECT (SELECT max(id) FROM evaluation_run), customer_id, group_code, {listed} "
            f"FROM evaluation WHERE run_id = {found.run}",
            refused,
        )


def history() -> Iterator[Hostile]:
    """Events, changes and links: forged, hung onto another's, or read where nobody should."""
    yield Hostile("INSERT INTO change (event, at, who, table_name, row_key, action) "
                  f"VALUES ('x', '{STAMP}', 'gm', 'customer', '1', 'UPDATE')")  # fmt: skip
    yield Hostile("INSERT INTO seal (source, source_id, hash, at) "
                  f"VALUES ('event', 999999, '{ZERO}', '{STAMP}')")  # fmt: skip
    yield Hostile("INSERT INTO event (id) VALUES (1)")
    yield Hostile("INSERT INTO person_role (login, role) VALUES (session_user, 'general_manager')",
                  "admin CS018; * 42501")  # fmt: skip
    yield Hostile("INSERT INTO person (login, name, created_at) VALUES ('x', 'x', 'x')",
                  "admin CS017; * 42501")  # fmt: skip
    yield Hostile("UPDATE person SET active = 0", "admin CS018; * 42501")
    yield Hostile("SELECT password_hash FROM person")
    yield Hostile("SELECT * FROM person")
    yield Hostile("SELECT setval('event_id_seq', 1)")
    yield Hostile("SELECT nextval('decision_id_seq')")
    yield Hostile("SELECT currval('decision_id_seq')")
    other = "SELECT set_config('chemsales.event', (SELECT min(key) FROM event), true); "
    yield Hostile(
        other + "UPDATE product SET version = version", "sales CS014; admin CS014; * 42501"
    )
    yield Hostile(other + "UPDATE customer SET mnemonic = 'x'", "am CS014; am2 none; * 42501")
    yield Hostile("SELECT set_config('chemsales.event', '', true); UPDATE product SET "
                  "version = version", "sales 23502; admin 23502; * 42501")  # fmt: skip
    yield Hostile("SELECT set_config('chemsales.event', 'nothing', true); UPDATE product SET "
                  "version = version", "sales 23503; admin 23503; * 42501")  # fmt: skip


def server() -> Iterator[Hostile]:
    """Roles, rights, objects, files and settings of the server."""
    for sql in (
        "SET ROLE chemsales_owner", "SET ROLE chemsales_rolemgr", "SET ROLE chemsales_backup",
        "SET ROLE postgres", "SET SESSION AUTHORIZATION gm2",
        "SELECT set_config('role', 'chemsales_owner', true)",
        "GRANT chemsales_owner TO CURRENT_USER", "GRANT chemsales_rolemgr TO CURRENT_USER",
        "GRANT chemsales_administrator TO am2", "REVOKE chemsales_person FROM gm",
                "ALTER ROLE CURRENT_USER SUPERUSER", "ALTER ROLE CURRENT_USER BYPASSRLS",
        "ALTER ROLE CURRENT_USER CREATEROLE", "ALTER ROLE admin2 PASSWORD 'x'",
        "ALTER ROLE chemsales_owner LOGIN", "ALTER ROLE chemsales_owner PASSWORD 'x'",
        "CREATE ROLE own SUPERUSER", "CREATE ROLE own LOGIN", "DROP ROLE auditor2",
        "ALTER ROLE ALL SET session_replication_role = replica",
        "CREATE TABLE own (id int)", "CREATE TEMP TABLE customer (id int)", "CREATE SCHEMA own",
        "CREATE FUNCTION public.lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
        "CREATE VIEW own AS SELECT * FROM customer", "CREATE TYPE own AS (a int)",
        "CREATE OR REPLACE FUNCTION public.chemsales_is_owner() RETURNS boolean LANGUAGE sql AS "
        "'SELECT true'",
        "CREATE TRIGGER own BEFORE INSERT ON decision FOR EACH ROW "
        "EXECUTE FUNCTION chemsales_refuse()",
        "CREATE RULE own AS ON INSERT TO decision DO INSTEAD NOTHING",
        "CREATE POLICY own ON customer FOR ALL USING (true)", "CREATE INDEX ON customer (name)",
        "ALTER TABLE event NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE customer DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE customer OWNER TO CURRENT_USER", "ALTER TABLE decision DROP COLUMN signer",
        "ALTER TABLE decision ALTER COLUMN signer SET DEFAULT 'gm'",
        'DROP TRIGGER "00_stamp" ON decision', "DROP POLICY chemsales_1_select ON customer",
        "DROP TABLE seal", "DROP FUNCTION chemsales_seal()", "DROP SCHEMA public CASCADE",
        "ALTER FUNCTION chemsales_is_owner() OWNER TO CURRENT_USER",
        "ALTER FUNCTION chemsales_seal() RESET search_path",
        "COMMENT ON FUNCTION chemsales_is_owner() IS '{}'", "COMMENT ON TABLE decision IS 'x'",
        "SET session_replication_role = replica", "SET LOCAL log_statement = 'none'",
        "SET LOCAL row_security = off; SELECT count(*) FROM customer",
        "LOCK TABLE event IN ACCESS EXCLUSIVE MODE", "LOCK TABLE decision IN EXCLUSIVE MODE",
        "LOCK TABLE seal IN SHARE ROW EXCLUSIVE MODE", "REINDEX TABLE decision",
        "COPY decision TO PROGRAM 'true'", "COPY decision FROM PROGRAM 'true'",
        "COPY customer TO '/tmp/chemsales-own'", "COPY event FROM '/etc/hostname'",
        "SELECT pg_read_file('/etc/hostname')", "SELECT pg_ls_dir('.')",
        "SELECT lo_import('/etc/hostname')", "SELECT rolpassword FROM pg_authid",
        "SELECT * FROM pg_hba_file_rules", "SELECT pg_reload_conf()", "SELECT pg_switch_wal()",
        "SELECT pg_create_restore_point('x')",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres' "
        "AND pid <> pg_backend_pid()",
        "SELECT chemsales_lock_months()", "SELECT chemsales_is_owner()",
        "SELECT chemsales_gate_runs('2026-01')", "SELECT chemsales_months_stand(1, 'PO', '{}')",
        "SELECT * FROM chemsales_levels('2026-01', '{}', '{}', true)",
        "SELECT * FROM chemsales_suspended('2026-01')",
        "CREATE PUBLICATION own FOR TABLE customer",
    ):  # fmt: skip
        yield Hostile(sql)
    for sql in ("GRANT UPDATE ON decision TO chemsales_person",
                "GRANT ALL ON SCHEMA public TO PUBLIC"):  # fmt: skip
        yield Hostile(sql, "* none")  # the server only warns, and grants nothing
    for sql in ("ALTER SYSTEM SET fsync = off", "CREATE DATABASE own", "DROP DATABASE postgres",
                "CREATE TABLESPACE own LOCATION '/tmp'"):  # fmt: skip
        yield Hostile(sql, alone=True)


def statements(found: World) -> list[Hostile]:
    """All of them."""
    return [
        *generated(), *decisions(found), *urges(found), *cases(found), *licences(found),
        *disqualifications(found), *dispatches(found), *filings(found), *files(found),
        *agents(found), *resales(found), *visits(found), *complaints(found), *handovers(found),
        *months(found), *history(), *server(),
    ]  # fmt: skip
