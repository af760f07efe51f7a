"""Rules on a server for the licences of exclusive agents: who gives one, and what it says (C10.5).

What holds on both engines is in the migration.
"""

from __future__ import annotations

from chemsales.rules.agent_licences import AHEAD, ONE_YEAR
from chemsales.storage.security.licences import deals
from chemsales.storage.security.rules import Rule, unless

# the next one after another of the class, which may be given so many days before that ends
_FOLLOWS = (
    "EXISTS (SELECT 1 FROM agent_licence l WHERE l.class_id = NEW.class_id "
    "AND l.to_day::date + 1 = NEW.from_day::date "
    f"AND l.to_day::date - chemsales_today()::date <= {AHEAD})"
)
_EDITION = (
    "SELECT 1 FROM rule_edition e WHERE e.number = NEW.edition AND e.number = "
    "(SELECT max(n.number) FROM rule_edition n WHERE n.effective_from <= chemsales_today())"
)
# the day before the same day of the next year, which 29 February has on 1 March
YEAR_ON = (
    "to_char(NEW.from_day::date + interval '1 year' - CASE WHEN right(NEW.from_day, 5) = '02-29' "
    "THEN interval '0' ELSE interval '1 day' END, 'YYYY-MM-DD')"
)
_ISSUED = (
    unless("chemsales_has_role('sales_head')", "CS002", "the sales head gives licences")
    + deals("NEW.customer_id")
    + unless("NEW.number = 'DL' || substr(NEW.number, 3, 4) || '-' || (SELECT lpad(n.last::text, "
             "greatest(4, length(n.last::text)), '0') FROM numbering n "
             "WHERE n.series = 'agent_licence-' || substr(NEW.number, 3, 4))",
             "CS006", "a licence takes the next number")
    + unless(f"NEW.from_day = chemsales_today() OR {_FOLLOWS}",
             "CS010", "a licence begins today, or follows one that ends soon")
    + unless(f"EXISTS ({_EDITION} AND NEW.to_day = CASE WHEN e.parameters::jsonb "
             f"->> 'agent_licence_term' = '{ONE_YEAR}' THEN {YEAR_ON} "
             "ELSE left(NEW.from_day, 4) || '-12-31' END)",
             "CS010", "a licence is given for its term")
    + unless("EXISTS (SELECT 1 FROM customer_class k JOIN customer u ON u.id = k.customer_id "
             "JOIN product_group g ON g.code = k.group_code WHERE k.id = NEW.class_id "
             "AND NEW.shown::jsonb @> jsonb_build_object('customer_code', u.code, "
             "'customer_name', u.name, 'uscc', u.uscc, 'region', k.region, "
             "'group_code', g.code, 'group_name', g.name))",
             "CS005", "a licence says whose it is, and for what")
)  # fmt: skip


def _plain(region: str) -> str:
    """SQL: a region without blanks and endings, as far as a server compares two."""
    return f"regexp_replace({region}, '省|市|[[:space:]]', '', 'g')"


_ASKED = "a ->> 'region'"
# a part of the rule of decisions: the general manager says why a region gets a second agent. What
# rules.regions finds beyond the same name is asked by the service
SECOND_AGENT = (
    "IF NEW.stage = 'general_manager' AND NEW.verdict = 'approve' "
    "AND found.chain = 'accreditation' AND btrim(NEW.comment) = '' THEN "
    + unless(
        "NOT EXISTS (SELECT 1 FROM jsonb_array_elements(found.snapshot::jsonb -> 'classes') a "
        "JOIN customer_class k ON k.group_code = a ->> 'group_code' AND k.to_day IS NULL "
        "AND k.customer_class = 'agent' JOIN customer u ON u.id = k.customer_id "
        "WHERE a ->> 'customer_class' = 'agent' AND u.status <> 'disqualified' "
        "AND u.id::text IS DISTINCT FROM found.snapshot::jsonb ->> 'customer_id' "
        f"AND {_plain('k.region')} = {_plain(_ASKED)})",
        "CS022", "a second agent in a region needs a reason",
    )
    + "END IF; "
)  # fmt: skip

# a part of the rule of numbers (security/accreditation.py)
NUMBER_LEFT = unless(
    "EXISTS (SELECT 1 FROM agent_licence l WHERE l.number = 'DL' || substr(NEW.series, 15) "
    "|| '-' || lpad(NEW.last::text, greatest(4, length(NEW.last::text)), '0'))",
    "CS006", "a number is used in the same transaction",
)  # fmt: skip

RULES = (Rule("agent_licence", "issued", "INSERT", _ISSUED),)
