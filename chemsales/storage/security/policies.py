"""Row security: an account manager writes only own applications, and sees only own records where
the setting "am_sees_own_only" is "on"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chemsales.storage.security.grants import AM, FINANCE, GM, SALES
from chemsales.storage.security.names import DELEGATE, PERSON


@dataclass(frozen=True, slots=True)
class Policy:
    """Which rows a group may read or write: `using` of those that stand, `check` of new ones."""

    command: str
    groups: tuple[str, ...]
    using: str = ""
    check: str = ""


OWN = "manager = session_user::text"
SIGNS = "(SELECT public.chemsales_signs_for_another())"
SEES = "(SELECT public.chemsales_sees_all())"


def _of(parent: str, table: str, what: str = OWN) -> str:
    return (
        f"EXISTS (SELECT 1 FROM {parent} parent WHERE parent.id = {table}.{parent}_id "
        f"AND parent.{what})"
    )


def _application_part(table: str) -> tuple[Policy, ...]:
    own = _of("application", table)
    return (
        Policy("SELECT", (PERSON,), f"{SEES} OR {own}"),
        Policy("INSERT", (AM,), check=own),
        Policy("UPDATE", (AM,), own, own),
        Policy("DELETE", (AM,), own),
    )


def _customer_part(table: str, *writers: Policy) -> tuple[Policy, ...]:
    return (Policy("SELECT", (PERSON,), f"{SEES} OR {_of('customer', table)}"), *writers)


_MADE = Policy("INSERT", (GM, DELEGATE), check="true")
POLICIES: dict[str, tuple[Policy, ...]] = {
    "application": (
        Policy("SELECT", (PERSON,), f"{SEES} OR {OWN}"),
        Policy("INSERT", (AM,), check=OWN),
        Policy("UPDATE", (AM,), OWN, OWN),
        Policy("UPDATE", (SALES, FINANCE, GM), "true", "true"),
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
        Policy("SELECT", (PERSON,), f"{SEES} OR {OWN}"),
        _MADE,
        Policy("UPDATE", (AM,), OWN, OWN),
        Policy("UPDATE", (SALES, GM), "true", "true"),
    ),
    "customer_class": _customer_part(
        "customer_class",
        Policy("INSERT", (GM, SALES, DELEGATE), check="true"),
        Policy("UPDATE", (SALES,), "true", "true"),
    ),
    "customer_contact": _customer_part("customer_contact", _MADE),
    "customer_words": _customer_part(
        "customer_words",
        Policy("INSERT", (AM, GM, DELEGATE), check="true"),
        Policy("UPDATE", (AM,), _of("customer", "customer_words"), "true"),
        Policy("UPDATE", (GM,), "true", "true"),
        Policy("UPDATE", (DELEGATE,), SIGNS, SIGNS),
    ),
    "tier_start": _customer_part("tier_start", _MADE),
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
