"""Every table and every chain is in the tables that a server is set up from."""

from __future__ import annotations

from chemsales.rules.approval import CHAINS
from chemsales.storage.database import database, rows
from chemsales.storage.security import (
    accreditation,
    agent_licences,
    complaints,
    customer_change,
    dispatch,
    disqualification,
    filing,
    handover,
    licences,
    months,
    policies,
    refusals,
    resale,
    stamps,
    visits,
)
from chemsales.storage.security.grants import GRANTS, HIDDEN, READ_BY_ALL
from tests.storage.test_schema import IMMUTABLE, tables

RULES = (
    *accreditation.RULES,
    *customer_change.RULES,
    *agent_licences.RULES,
    *complaints.RULES,
    *disqualification.RULES,
    *dispatch.RULES,
    *filing.RULES,
    *handover.RULES,
    *licences.RULES,
    *months.RULES,
    *resale.RULES,
    *visits.RULES,
)


def columns(table: str) -> set[str]:
    return {column.name for column in database.get_columns(table)}


def test_every_table_has_a_row_of_grants(sqlite_db):
    assert set(GRANTS) == tables() - {"acting"}
    assert {*HIDDEN, *READ_BY_ALL, *stamps.STAMPS, *policies.POLICIES} <= set(GRANTS)
    assert {rule.table for rule in RULES} <= set(GRANTS)


def test_grants_and_stamps_name_columns_that_there_are(sqlite_db):
    for table, given in GRANTS.items():
        for grant in given.values():
            assert {*grant.insert, *grant.update} <= columns(table), table
            assert not {"id"} & {*grant.insert, *grant.update}, table
    for table, stamp in stamps.STAMPS.items():
        assert {*stamp.insert, *stamp.update} <= columns(table), table


def test_history_is_only_added_to(sqlite_db):
    for table in IMMUTABLE:
        assert not any(grant.update or grant.delete for grant in GRANTS[table].values()), table


def test_what_comes_in_is_stamped_or_judged(sqlite_db):
    """A table that a person may add to has a stamp or a rule, or is plain reference data."""
    plain = {"setting", "calendar_year", "calendar_day", "product_group", "product",
             "office", "office_group", "application_words", "customer_words"}  # fmt: skip
    added = {table for table, given in GRANTS.items() if any(g.insert for g in given.values())}
    judged = {*stamps.STAMPS, *(rule.table for rule in RULES), "person_role"}  # security/people.py
    assert added - plain <= judged


def test_the_chains_in_the_tables_are_those_of_the_rules(db):
    stored = rows("SELECT chain, position, stage, role FROM chain_stage")
    assert set(stored) == {
        (chain.name, place, stage.name, stage.role)
        for chain in CHAINS.values()
        for place, stage in enumerate(chain.stages, start=1)
    }


def test_every_refusal_of_the_rules_has_its_reason():
    used = {
        word.strip("'; ")
        for rule in RULES
        for word in rule.body.split()
        if word.strip("'; ").startswith("CS0")
    }
    assert used
    assert used <= set(refusals.REFUSALS)
