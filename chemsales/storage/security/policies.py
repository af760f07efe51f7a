"""Row security: an account manager writes only own applications, and sees only own records where
the setting "am_sees_own_only" is "on".

A delegate sees and writes what the delegated signature needs, while the delegation stands, and
sees what was signed by the own login from then on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chemsales.storage.security.grants import ADMIN, AM, FINANCE, GM, SALES
from chemsales.storage.security.names import DELEGATE, PERSON
from chemsales.storage.security.rules import owner_of


@dataclass(frozen=True, slots=True)
class Policy:
    """Which rows a group may read or write: `using` of those that stand, `check` of new ones."""

    command: str
    groups: tuple[str, ...]
    using: str = ""
    check: str = ""


CONCERNS = "responsible = session_user::text"
OWN = "manager = session_user::text"
# what made a customer, or is for one, is seen by who has it now
TAKEN_OVER = "customer_id IN (SELECT u.id FROM customer u WHERE u.manager = session_user::text)"
SIGNS = "(SELECT public.chemsales_signs_for_another())"
SEES = "(SELECT public.chemsales_sees_all())"
ACCREDITS = "(SELECT public.chemsales_signs('general_manager'))"
ACCEPTS = "(SELECT public.chemsales_signs('finance'))"
# whose file finance has just accepted a change of
ACCEPTED = (
    "{} IN (SELECT (c.snapshot::jsonb ->> 'customer_id')::bigint FROM approval_case c "
    "JOIN decision d ON d.case_id = c.id AND d.verdict = 'approve' "
    "WHERE c.chain = 'customer_change' AND c.outcome = 'approved' "
    "AND public.chemsales_is_fresh(d.signer, d.signed_at))"
)
ACCEPTED_FILE, ACCEPTED_WORDS = ACCEPTED.format("id"), ACCEPTED.format("customer_id")
# who accredits makes customers, and evaluations are of all of them
KNOWS_ALL = f"{ACCREDITS} OR (SELECT public.chemsales_signs('sales_head'))"
# whose paper or further class finance is to accept, or was signed by the own login
PAPERS = (
    "id IN (SELECT (c.snapshot::jsonb ->> 'customer_id')::bigint FROM approval_case c "
    "WHERE c.chain IN ('licence', 'disqualification', 'customer_change', 'accreditation') "
    f"AND (c.pending IS NOT NULL AND {ACCEPTS} OR EXISTS (SELECT 1 FROM decision d "
    "WHERE d.case_id = c.id AND d.signer = session_user::text)))"
)
REVIEWS = (
    f"{SIGNS} AND state = 'in_review' OR EXISTS (SELECT 1 FROM decision d "
    "WHERE d.case_id = application.case_id AND d.signer = session_user::text)"
)


def _seen(parent: str, table: str) -> str:
    """A part is seen with what it is a part of, which has a policy of its own."""
    return f"EXISTS (SELECT 1 FROM {parent} parent WHERE parent.id = {table}.{parent}_id)"


def _of(parent: str, table: str) -> str:
    return f"{_seen(parent, table)[:-1]} AND parent.{OWN})"


def _application_part(table: str) -> tuple[Policy, ...]:
    own = _of("application", table)
    return (
        Policy("SELECT", (PERSON,), f"{SEES} OR {_seen('application', table)}"),
        Policy("INSERT", (AM,), check=own),
        Policy("UPDATE", (AM,), own, own),
        Policy("DELETE", (AM,), own),
    )


def _customer_part(table: str, *writers: Policy) -> tuple[Policy, ...]:
    return (Policy("SELECT", (PERSON,), f"{SEES} OR {_seen('customer', table)}"), *writers)


def _of_proposal(more: str = "") -> str:
    """SQL: the paper is of a proposal that this person sees, and of which more holds."""
    return (
        "EXISTS (SELECT 1 FROM disqualification parent "
        f"WHERE parent.id = disqualification_paper.disqualification_id{more})"
    )


def _has(row: str) -> str:
    """SQL: the proposal or change is this person's: made, or come with its customer."""
    return f"{owner_of(row)} = session_user::text"


_OF_OWN_PROPOSAL = _of_proposal(f" AND {_has('parent')}")
_MADE = Policy("INSERT", (GM, DELEGATE), check=ACCREDITS)
POLICIES: dict[str, tuple[Policy, ...]] = {
    "application": (
        Policy("SELECT", (PERSON,), f"{SEES} OR {OWN} OR {TAKEN_OVER} OR {REVIEWS}"),
        Policy("INSERT", (AM,), check=OWN),
        Policy("UPDATE", (AM,), OWN, OWN),
        Policy("UPDATE", (SALES, FINANCE, GM, ADMIN), "true", "true"),
        Policy("UPDATE", (DELEGATE,), SIGNS, SIGNS),
    ),
    **{
        table: _application_part(table)
        for table in (
            "application_class", "application_contact", "application_document",
            "application_words",
        )
    },
    "customer": (
        Policy("SELECT", (PERSON,), f"{SEES} OR {OWN} OR {KNOWS_ALL} OR {PAPERS}"),
        _MADE,
        Policy("UPDATE", (AM,), OWN, OWN),
        Policy("UPDATE", (SALES, FINANCE, GM, ADMIN), "true", "true"),
        Policy("UPDATE", (DELEGATE,), ACCREDITS, ACCREDITS),
        Policy("UPDATE", (DELEGATE,), ACCEPTED_FILE, ACCEPTED_FILE),
    ),
    "customer_class": _customer_part(
        "customer_class",
        Policy("INSERT", (SALES,), check="true"),
        _MADE,
        Policy("UPDATE", (SALES, GM), "true", "true"),
        Policy("UPDATE", (DELEGATE,), ACCREDITS, ACCREDITS),
    ),
    "customer_contact": _customer_part(
        "customer_contact",
        _MADE,
        Policy("INSERT", (AM,), check=_of("customer", "customer_contact")),
        Policy("UPDATE", (AM,), _of("customer", "customer_contact"), "true"),
        Policy("INSERT", (SALES,), check="true"),
        Policy("UPDATE", (SALES,), "true", "true"),
    ),
    "customer_words": _customer_part(
        "customer_words",
        Policy("INSERT", (AM,), check=_of("customer", "customer_words")),
        _MADE,
        Policy("INSERT", (SALES,), check="true"),
        Policy("INSERT", (FINANCE, DELEGATE), check=ACCEPTED_WORDS),
        Policy("UPDATE", (AM,), _of("customer", "customer_words"), "true"),
        Policy("UPDATE", (SALES,), "true", "true"),
        Policy("UPDATE", (GM, DELEGATE), ACCREDITS, ACCREDITS),
        Policy("UPDATE", (FINANCE, DELEGATE), ACCEPTED_WORDS, ACCEPTED_WORDS),
    ),
    "handover": _customer_part("handover", Policy("INSERT", (SALES, ADMIN), check="true")),
    "customer_change": _customer_part(
        "customer_change",
        Policy("INSERT", (AM,), check=_of("customer", "customer_change")),
        Policy("INSERT", (SALES,), check="true"),
        Policy("UPDATE", (AM, SALES), _has("customer_change"), _has("customer_change")),
        Policy("UPDATE", (FINANCE, DELEGATE), ACCEPTS, ACCEPTS),
    ),
    "tier_start": _customer_part("tier_start", _MADE),
    "licence": _customer_part(
        "licence",
        Policy("INSERT", (AM,), check=_of("customer", "licence")),
        _MADE,
        Policy("UPDATE", (AM,), _of("customer", "licence"), _of("customer", "licence")),
        Policy("UPDATE", (FINANCE, DELEGATE), ACCEPTS, ACCEPTS),
    ),
    "resale_finding": _customer_part(
        "resale_finding",
        Policy("INSERT", (AM,), check=_of("customer", "resale_finding")),
        Policy("INSERT", (SALES,), check="true"),
        Policy("UPDATE", (SALES,), "true", "true"),
    ),
    "visit": _customer_part(
        "visit",
        Policy("INSERT", (AM,), check=_of("customer", "visit")),
        Policy("INSERT", (SALES,), check="true"),
    ),
    "complaint": _customer_part(
        "complaint",
        Policy("INSERT", (AM,), check=_of("customer", "complaint")),
        Policy("INSERT", (SALES,), check="true"),
        Policy("UPDATE", (SALES,), "true", "true"),
    ),
    "complaint_regrade": (
        Policy("SELECT", (PERSON,), f"{SEES} OR {_seen('complaint', 'complaint_regrade')}"),
        Policy("INSERT", (AM, SALES), check=_seen("complaint", "complaint_regrade")),
    ),
    "agent_licence": _customer_part("agent_licence", Policy("INSERT", (SALES,), check="true")),
    "disqualification": _customer_part(
        "disqualification",
        Policy("INSERT", (AM,), check=_of("customer", "disqualification")),
        Policy("INSERT", (SALES,), check="true"),
        Policy("UPDATE", (AM, SALES), _has("disqualification"), _has("disqualification")),
        Policy("UPDATE", (GM, DELEGATE), ACCREDITS, ACCREDITS),
    ),
    "disqualification_paper": (
        Policy("SELECT", (PERSON,), f"{SEES} OR {_of_proposal()}"),
        Policy("INSERT", (AM, SALES), check=_OF_OWN_PROPOSAL),
        Policy("UPDATE", (AM, SALES), _OF_OWN_PROPOSAL, _OF_OWN_PROPOSAL),
    ),
    "dispatch": _customer_part(
        "dispatch",
        Policy("INSERT", (AM,), check=_of("customer", "dispatch")),
        Policy("INSERT", (SALES,), check="true"),
        Policy("INSERT", (FINANCE, GM, DELEGATE), check=f"{ACCREDITS} OR {ACCEPTS}"),
        Policy("UPDATE", (AM,), _of("customer", "dispatch"), _of("customer", "dispatch")),
        Policy("UPDATE", (SALES,), "true", "true"),
        Policy("UPDATE", (FINANCE,), "office_code IS NULL", "office_code IS NULL"),
    ),
    "filing_customer": _customer_part(
        "filing_customer", Policy("INSERT", (SALES,), check="true")
    ),
    "finding": (
        Policy("SELECT", (PERSON,), f"{SEES} OR customer_id IS NULL OR {CONCERNS} "
               f"OR {_seen('customer', 'finding')}"),
        Policy("INSERT", (SALES,), check="true"),
        Policy("UPDATE", (SALES,), "true", "true"),
        Policy("UPDATE", (AM,), CONCERNS, CONCERNS),
    ),
    "suspension": _customer_part(
        "suspension",
        Policy("INSERT", (AM, SALES, FINANCE, GM), check="true"),
        Policy("UPDATE", (AM, SALES, FINANCE, GM), "true", "true"),
    ),
}  # fmt: skip


def statements() -> Iterator[str]:
    """The policies; they may be run again."""
    for table, policies in POLICIES.items():
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        for number, policy in enumerate(policies, start=1):
            name = f"chemsales_{number}_{policy.command.lower()}"
            yield f"DROP POLICY IF EXISTS {name} ON {table}"
            using = f" USING ({policy.using})" if policy.using else ""
            check = f" WITH CHECK ({policy.check})" if policy.check else ""
            yield (
                f"CREATE POLICY {name} ON {table} FOR {policy.command} "
                f"TO {', '.join(policy.groups)}{using}{check}"
            )
