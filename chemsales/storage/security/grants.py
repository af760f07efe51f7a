"""Who may write which columns of which table on a server: the one table that is granted from.

Every table has a row; a test compares them with the migrated schema. Nobody may ever change or
delete history. Columns that a person does not choose (who, when) are written over by `stamps`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from chemsales.rules import admission
from chemsales.rules.customer import CustomerFacts
from chemsales.rules.customer_change import GUARDED, OPEN
from chemsales.rules.roles import Role
from chemsales.storage.security.names import DELEGATE, GROUPS, PERSON, group

FACTS = tuple(fact.name for fact in fields(CustomerFacts))
ANSWERS = tuple(map(str, admission.ANSWERS))
AM, SALES, FINANCE, GM, ADMIN, AUDITOR = (
    group(role)
    for role in (
        Role.ACCOUNT_MANAGER,
        Role.SALES_HEAD,
        Role.FINANCE,
        Role.GENERAL_MANAGER,
        Role.ADMINISTRATOR,
        Role.AUDITOR,
    )
)


@dataclass(frozen=True, slots=True)
class Grant:
    """What one group may do to a table: the columns it may give when inserting, those it may
    change, and whether it may delete rows."""

    insert: tuple[str, ...] = ()
    update: tuple[str, ...] = ()
    delete: bool = False


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _each(groups: tuple[str, ...], given: Grant) -> dict[str, Grant]:
    return dict.fromkeys(groups, given)


_SIGNING = _words("round pending outcome moved_at version")
_CASE = _words(
    "chain subject subject_id round pending outcome opened_by owner opened_at moved_at snapshot "
    "snapshot_hash clause edition version"
)
_DECISION = _words(
    "case_id round stage verdict signer signer_name signed_at comment seen_version snapshot_hash "
    "edition attempt on_behalf_of marks"
)
_URGE = _words("case_id round stage day urged_by urged_at")
_ACCEPTANCE = _words("case_id round reason accepted_by accepted_at snapshot_hash hash")
_APPLICATION = (*FACTS, *_words("number state customer_id further manager manager_opinion "
                                "created_by created_at sort_key version"))  # fmt: skip
_CUSTOMER = (*FACTS, *_words("code sort_key status manager case_id application_id accredited_on "
                             "version"))  # fmt: skip
_CLASS = (*_words("customer_id group_code customer_class region purpose from_day to_day clause "
                  "edition"), *ANSWERS)  # fmt: skip
_ACCEPTED = (*GUARDED, "code_override", "sort_key", "version")
_HANDED = _words("customer_id from_manager to_manager from_day reason given_by given_at")
_FILE_ASKED = (*GUARDED, *_words("reason changed_on holder sha256 label"))
_FILE_CHANGE = (*_FILE_ASKED, *_words("customer_id proposed_by proposed_at"))
_CONTACT = _words("kind name title phone email")
_IMPORT = _words(
    "kind file_name sha256 months row_count rejected total_kg rows_digest imported_by imported_at "
    "undo_reason"
)
_UNDO = _words("undone_by undone_at undo_reason")
_PICKUP = _words("batch_id customer_id product_code day month kg kind note_no warehouse")
_PLAN = _words("batch_id customer_id product_code month kg short_kg")
_CLOSING = _words(
    "month revision active edition closed_by closed_at end_reason results_digest inputs"
)
_ENDING = _words("active ended_by ended_at end_reason")
_RESULT = _words(
    "closing_id customer_id month kg level_before form_before level_after form_after outcome "
    "reasons"
)
_RATING = _words("customer_id month score rated_by rated_at void version")
_RUN = _words(
    "period revision active edition computed_by computed_at inputs_hash results_digest inputs"
)
_EVALUATION = _words(
    "run_id customer_id group_code customer_class score grade available_weight indicators inputs "
    "inputs_hash"
)
_EVENT = _words("key at who use_case outcome subject subject_id clause edition reasons detail")
_DOCUMENT = _words(
    "application_id kind sha256 label number issuer holder valid_from valid_to long_term void"
)
_PERSON = _words("login name sort_key password_hash must_change active failures created_at version")
_DELEGATION = _words("principal delegate role first_day last_day reason made_at")
_REVOKING = _words("revoked_by revoked_at")
_CONFIRMING = _words("confirmed_by confirmed_at")
_PAPER = _words("kind number issuer valid_from valid_to long_term proof sha256 label")
_LICENCE = ("customer_id", *_PAPER, *_words("recorded_by recorded_at case_id accepted_on"))
_RESALE = _words("customer_id class_id found_on facts found_by found_at closing closed_by")
_VISIT = _words(
    "customer_id visited_on way received_by products market service needs next_on visited_by "
    "noted_by noted_at replaces"
)
_SETTLED = _words("closed_on closing closed_by closed_at")
_COMPLAINT = _words(
    "number customer_id received_at channel product_code lot content severity edition recorded_by "
    "recorded_at opinion told_way told_by meeting_attendees meeting_decision closed_by"
)
_ANSWERED = _words(
    "opinion told_on told_way told_by meeting_on meeting_chair meeting_attendees meeting_decision "
    "closed_by closed_at"
)
_REGRADE = _words("complaint_id severity reason regraded_by regraded_at")
_AGENT_LICENCE = _words(
    "number customer_id class_id from_day to_day shown edition issued_by issued_at"
)
_PROPOSED = _words("ground facts occurred_on loss_fen effects")
_PROPOSAL = (*_PROPOSED, *_words("number customer_id proposed_by proposed_at"))
_EVIDENCE = _words("disqualification_id sha256 label void")
_REPORTED = _words(
    "number customer_id what office_code version file changes edition made_by made_at sent_by "
    "acknowledged_by receipt"
)
_ACKNOWLEDGED = _words("acknowledged_by acknowledged_on receipt")
_CLOSED = _words("closed_on closed_by closing")
_NOTING = _words("customer_id kind from_day to_day noted_by noted_at lifted_by lifted_at")
_LIFTING = _words("to_day lifted_by lifted_at")
_FOUND_BY = _words("words people pinyin name_key")

GRANTS: dict[str, Mapping[str, Grant]] = {
    "event": {PERSON: Grant(_EVENT)},
    "change": {},  # by triggers alone
    "seal": {},  # by chemsales_seal() alone
    "chain_stage": {},
    "schema_migration": {},
    "person": {
        PERSON: Grant((), _words("password_hash must_change version")),  # the own row alone
        ADMIN: Grant(_PERSON, _words("active failures locked_until")),
    },
    "person_role": {ADMIN: Grant(_words("login role"), delete=True)},
    "credential_reset": {
        ADMIN: Grant(_words("login reset_by reset_at"), _CONFIRMING),
        AUDITOR: Grant((), _CONFIRMING),
    },
    "delegation": _each((SALES, FINANCE, GM), Grant(_DELEGATION, _REVOKING)),
    "setting": {ADMIN: Grant(_words("key value version"), _words("value version"))},
    "numbering": _each((AM, SALES, FINANCE, GM, DELEGATE), Grant(_words("series last"), ("last",))),
    "rule_edition": {
        SALES: Grant(_words("number effective_from basis parameters decided_by decided_at"))
    },
    "calendar_year": _each(
        (SALES, ADMIN),
        Grant(_words("year notice official version"), _words("notice official version")),
    ),
    "calendar_day": _each((SALES, ADMIN), Grant(_words("day year kind name"), delete=True)),
    "product_group": _each(
        (SALES, ADMIN),
        Grant(
            _words("code name name_en polyolefin hazardous active version"),
            _words("active version"),
        ),
    ),
    "product": _each(
        (SALES, ADMIN),
        Grant(_words("code name name_en group_code active version"), _words("active version")),
    ),
    "office": _each(
        (SALES, ADMIN),
        Grant(_words("code name name_en active version"), _words("name name_en active version")),
    ),
    "office_group": _each(
        (SALES, ADMIN), Grant(_words("office_code group_code active"), ("active",))
    ),
    "dispatch": {
        **_each((AM, SALES), Grant(_REPORTED, (*_words("sent_by sent_at"), *_ACKNOWLEDGED))),
        FINANCE: Grant(_REPORTED, _ACKNOWLEDGED),
        **_each((GM, DELEGATE), Grant(_REPORTED)),
    },
    "filing": {
        SALES: Grant(
            _words("number company made_by made_name made_at made_on edition customers sha256 "
                   "receipt received_by"),
            _words("received_on receipt received_by"),
        )
    },
    "filing_customer": {SALES: Grant(_words("filing_id customer_id version file"))},
    "inspection": {
        SALES: Grant(
            _words("held_on inspector scope filing_id findings recorded_by recorded_at")
        )
    },
    "finding": {
        SALES: Grant(
            _words("inspection_id customer_id words due_on responsible closed_by closing"), _CLOSED
        ),
        AM: Grant((), _CLOSED),
    },
    "approval_case": {
        AM: Grant(_CASE, (*_SIGNING, "snapshot", "snapshot_hash")),
        SALES: Grant(_CASE, (*_SIGNING, "snapshot", "snapshot_hash", "owner")),
        ADMIN: Grant((), ("owner",)),
        **_each((FINANCE, GM, DELEGATE), Grant((), _SIGNING)),
    },
    "decision": _each((AM, SALES, FINANCE, GM, DELEGATE), Grant(_DECISION)),
    "code_acceptance": _each((SALES, FINANCE), Grant(_ACCEPTANCE)),
    "case_urge": _each((AM, SALES), Grant(_URGE)),
    "document_blob": _each((AM, SALES), Grant(_words("sha256 size mime data"))),
    "application": {
        AM: Grant(
            _APPLICATION, (*FACTS, *_words("manager_opinion sort_key state case_id version"))
        ),
        SALES: Grant((), _words("state code_override manager version")),
        FINANCE: Grant((), _words("state code_override version")),
        **_each((GM, DELEGATE), Grant((), _words("state customer_id version"))),
        ADMIN: Grant((), _words("manager version")),
    },
    "application_class": {
        AM: Grant(
            (*_words("application_id group_code customer_class form region monthly_kg purpose"),
             *ANSWERS),
            delete=True,
        )
    },
    "application_contact": {AM: Grant(("application_id", *_CONTACT), delete=True)},
    "application_document": {AM: Grant(_DOCUMENT, ("void",))},
    "application_words": {AM: Grant(("application_id", *_FOUND_BY), _FOUND_BY)},
    "customer": {
        GM: Grant(_CUSTOMER, ("status", "version")),
        DELEGATE: Grant(_CUSTOMER, ("status", *_ACCEPTED)),
        FINANCE: Grant((), _ACCEPTED),
        SALES: Grant((), (*OPEN, "manager", "version")),
        ADMIN: Grant((), ("manager", "version")),
        AM: Grant((), (*OPEN, "mnemonic", "version")),
    },
    "customer_class": _each((GM, DELEGATE, SALES), Grant(_CLASS, ("to_day",))),
    "customer_contact": {
        **_each((GM, DELEGATE), Grant(("customer_id", *_CONTACT, "void"))),
        **_each((AM, SALES), Grant(("customer_id", *_CONTACT, "void"), ("void",))),
    },
    "customer_change": {
        **_each((AM, SALES), Grant(_FILE_CHANGE, (*_FILE_ASKED, "case_id"))),
        **_each((FINANCE, DELEGATE), Grant((), ("decided_on",))),
    },
    "handover": _each((SALES, ADMIN), Grant(_HANDED)),
    "customer_words": _each(
        (AM, SALES, FINANCE, GM, DELEGATE), Grant(("customer_id", *_FOUND_BY), _FOUND_BY)
    ),
    "tier_start": _each(
        (GM, DELEGATE), Grant(_words("customer_id level form from_day clause edition"))
    ),
    "licence": {
        AM: Grant(_LICENCE, (*_PAPER, "case_id")),
        FINANCE: Grant((), ("accepted_on",)),
        GM: Grant(_LICENCE),
        DELEGATE: Grant(_LICENCE, ("accepted_on",)),
    },
    "resale_finding": {AM: Grant(_RESALE), SALES: Grant(_RESALE, _SETTLED)},
    "visit": _each((AM, SALES), Grant(_VISIT)),
    "complaint": {AM: Grant(_COMPLAINT), SALES: Grant(_COMPLAINT, _ANSWERED)},
    "complaint_regrade": _each((AM, SALES), Grant(_REGRADE)),
    "agent_licence": {SALES: Grant(_AGENT_LICENCE)},
    "disqualification": {
        **_each((AM, SALES), Grant(_PROPOSAL, (*_PROPOSED, "case_id"))),
        **_each((GM, DELEGATE), Grant((), ("decided_on",))),
    },
    "disqualification_paper": _each((AM, SALES), Grant(_EVIDENCE, ("void",))),
    "suspension": _each((AM, SALES, FINANCE, GM), Grant(_NOTING, _LIFTING)),
    "import_batch": _each((AM, SALES), Grant(_IMPORT, _UNDO)),
    "pickup": _each((AM, SALES), Grant(_PICKUP)),
    "plan_line": _each((AM, SALES), Grant(_PLAN)),
    "closing": {SALES: Grant(_CLOSING, _ENDING)},
    "tier_result": {SALES: Grant(_RESULT)},
    "cooperation_rating": {
        AM: Grant(_RATING, ("void", "version")),
        SALES: Grant((), _words("confirmed_by confirmed_at version")),
    },
    "cooperation_evidence": {AM: Grant(_words("rating_id aspect points evidence"))},
    "evaluation_run": _each((AM, SALES), Grant(_RUN, ("active", "case_id"))),
    "evaluation": _each((AM, SALES), Grant(_EVALUATION)),
}  # fmt: skip

# what is read beyond the tables: nobody reads the hash of a password
HIDDEN = {"person": ("password_hash",)}
# what a login reads before its roles are known
READ_BY_ALL = ("person", "person_role", "setting", "schema_migration")
READERS = GROUPS  # the program's own rules say who of them is shown what
