"""What the server writes itself, whatever a person's statement said: who, and when.

One trigger per table, which fires before every other. An owner's connection (migrations, moves)
is not stamped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

WHO = "session_user::text"
NOW = "public.chemsales_now()"
TODAY = "public.chemsales_today()"
NAME = "(SELECT p.name FROM public.person p WHERE p.login = session_user::text)"

Columns = dict[str, str]


@dataclass(frozen=True, slots=True)
class Stamp:
    """The columns that are written when a row is inserted, and those when `when` holds (SQL over
    NEW and OLD) as it is changed."""

    insert: Columns = field(default_factory=dict)
    when: str = ""
    update: Columns = field(default_factory=dict)


_SENT = "NEW.sent_at IS DISTINCT FROM OLD.sent_at"

STAMPS: dict[str, Stamp] = {
    "event": Stamp({"at": NOW, "who": WHO}),
    "decision": Stamp({"signer": WHO, "signer_name": NAME, "signed_at": NOW}),
    "code_acceptance": Stamp({"accepted_by": WHO, "accepted_at": NOW}),
    "case_urge": Stamp({"day": TODAY, "urged_by": WHO, "urged_at": NOW}),
    "approval_case": Stamp(
        {"opened_by": WHO, "opened_at": NOW, "moved_at": NOW},
        "NEW.version <> OLD.version",
        {"moved_at": NOW},
    ),
    "application": Stamp({"manager": WHO, "created_by": WHO, "created_at": NOW}),
    "customer": Stamp({"accredited_on": TODAY}),
    "tier_start": Stamp({"from_day": TODAY}),
    "licence": Stamp(
        {"recorded_at": NOW},
        "NEW.accepted_on IS DISTINCT FROM OLD.accepted_on",
        {"accepted_on": TODAY},
    ),
    "resale_finding": Stamp(
        {"found_by": WHO, "found_at": NOW, "found_on": TODAY},
        "true",
        {"closed_by": WHO, "closed_at": NOW, "closed_on": TODAY},
    ),
    "visit": Stamp(
        {
            "visited_by": f"CASE WHEN NEW.replaces IS NULL THEN {WHO} ELSE (SELECT v.visited_by "
            "FROM public.visit v WHERE v.id = NEW.replaces) END",
            "noted_by": WHO,
            "noted_at": NOW,
        }
    ),
    "complaint": Stamp(
        {"recorded_by": WHO, "recorded_at": NOW}, "true", {"closed_by": WHO, "closed_at": NOW}
    ),
    "complaint_regrade": Stamp({"regraded_by": WHO, "regraded_at": NOW}),
    "agent_licence": Stamp({"issued_by": WHO, "issued_at": NOW}),
    "disqualification": Stamp(
        {"proposed_at": NOW},
        "NEW.decided_on IS DISTINCT FROM OLD.decided_on",
        {"decided_on": TODAY},
    ),
    "customer_change": Stamp(
        {"proposed_at": NOW},
        "NEW.decided_on IS DISTINCT FROM OLD.decided_on",
        {"decided_on": TODAY},
    ),
    "handover": Stamp({"given_by": WHO, "given_at": NOW}),
    "suspension": Stamp(
        {
            "noted_by": WHO,
            "noted_at": NOW,
            "lifted_by": f"CASE WHEN NEW.to_day IS NULL THEN '' ELSE {WHO} END",
            "lifted_at": f"CASE WHEN NEW.to_day IS NOT NULL THEN {NOW} END",
        },
        "true",
        {"lifted_by": WHO, "lifted_at": NOW},
    ),
    "dispatch": Stamp(
        {"made_by": WHO, "made_at": NOW},
        "true",
        {
            "sent_by": f"CASE WHEN {_SENT} THEN {WHO} ELSE OLD.sent_by END",
            "sent_at": f"CASE WHEN {_SENT} THEN {NOW} ELSE OLD.sent_at END",
            "acknowledged_by": "CASE WHEN NEW.acknowledged_on IS DISTINCT FROM "
            f"OLD.acknowledged_on THEN {WHO} ELSE OLD.acknowledged_by END",
        },
    ),
    "filing": Stamp(
        {"made_by": WHO, "made_name": NAME, "made_at": NOW}, "true", {"received_by": WHO}
    ),
    "inspection": Stamp({"recorded_by": WHO, "recorded_at": NOW}),
    "finding": Stamp({}, "true", {"closed_by": WHO, "closed_on": TODAY}),
    "import_batch": Stamp(
        {"imported_by": WHO, "imported_at": NOW}, "true", {"undone_by": WHO, "undone_at": NOW}
    ),
    "closing": Stamp(
        {"closed_by": WHO, "closed_at": NOW}, "true", {"ended_by": WHO, "ended_at": NOW}
    ),
    "cooperation_rating": Stamp(
        {"rated_by": WHO, "rated_at": NOW},
        "NEW.confirmed_by IS DISTINCT FROM OLD.confirmed_by "
        "OR NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at",
        {"confirmed_by": WHO, "confirmed_at": NOW},
    ),
    "evaluation_run": Stamp({"computed_by": WHO, "computed_at": NOW}),
    "rule_edition": Stamp({"decided_by": WHO, "decided_at": NOW}),
    "delegation": Stamp(
        {"principal": WHO, "made_at": NOW}, "true", {"revoked_by": WHO, "revoked_at": NOW}
    ),
    "person": Stamp({"created_at": NOW}),
    "credential_reset": Stamp(
        {"reset_by": WHO, "reset_at": NOW}, "true", {"confirmed_by": WHO, "confirmed_at": NOW}
    ),
}


def _assign(columns: Columns) -> str:
    return " ".join(f"NEW.{column} := {value};" for column, value in columns.items())


def function(table: str) -> str:
    """CREATE FUNCTION of a table's stamp."""
    stamp = STAMPS[table]
    body = f"IF TG_OP = 'INSERT' THEN {_assign(stamp.insert) or 'NULL;'}"
    if stamp.when:
        body += f" ELSIF {stamp.when} THEN {_assign(stamp.update)}"
    return (
        f"CREATE OR REPLACE FUNCTION chemsales_stamp_{table}() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN PERFORM public.chemsales_check_person(); "
        f"IF NOT public.chemsales_is_owner() THEN {body} END IF; END IF; RETURN NEW; END $$"
    )


def statements() -> Iterator[str]:
    """The functions and triggers of all stamps; they may be run again."""
    for table, stamp in STAMPS.items():
        yield function(table)
        kinds = "INSERT OR UPDATE" if stamp.when else "INSERT"
        yield (
            f'CREATE OR REPLACE TRIGGER "00_stamp" BEFORE {kinds} ON {table} '
            f"FOR EACH ROW EXECUTE FUNCTION chemsales_stamp_{table}()"
        )
