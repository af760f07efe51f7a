"""The hash chain and verification: whole after real work, and every tampering is named (G12)."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from chemsales import config
from chemsales.rules.errors import NotAllowed
from chemsales.rules.roles import Role
from chemsales.services import audit, products
from chemsales.services.session import Session
from chemsales.storage import chain, database

AsRole = Callable[..., Session]


def work(as_role: AsRole, times: int = 3) -> None:
    """A few audited changes."""
    for number in range(times):
        products.add_group(
            as_role(Role.SALES_HEAD), f"G{number}", f"第{number}组", "", False, False
        )


def tamper(sql: str, *tables: str) -> None:
    """Edit rows as somebody with a database tool would: the guards dropped first."""
    for table in tables:
        for name, _ in triggers(table):
            if database.is_sqlite():
                database.execute(f'DROP TRIGGER "{name}"')
            else:
                database.execute(f'DROP TRIGGER "{name}" ON "{table}"')
    database.execute(sql)


def triggers(table: str) -> list[tuple[str, ...]]:
    if database.is_sqlite():
        sql = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
    else:
        sql = (
            "SELECT tgname, '' FROM pg_trigger "
            "WHERE NOT tgisinternal AND tgrelid::regclass::text = ?"
        )
    return database.rows(sql, (table,))


def test_sealing_is_complete_repeatable_and_verifies(ready: str, as_role: AsRole) -> None:
    first = audit.seal()
    work(as_role)
    assert audit.seal() == 6  # an event and a change each
    assert audit.seal() == 0
    found = audit.verify(as_role(Role.AUDITOR))
    assert found.sound and not found.problems
    assert found.links == first + 6
    assert dict(found.counts)["event"] >= 3


def test_the_head_moves_and_an_older_head_stays_an_anchor(ready: str, as_role: AsRole) -> None:
    auditor = as_role(Role.AUDITOR)
    before = audit.verify(auditor).head
    work(as_role, 1)
    after = audit.verify(auditor, anchor=before[:16])
    assert after.sound and after.head != before
    missing = audit.verify(auditor, anchor="f" * 16)
    assert [problem.reason.code for problem in missing.problems] == ["reason.seal_anchor_missing"]


@pytest.mark.parametrize(
    ("sql", "table", "place", "code"),
    [
        ("UPDATE event SET who = 'gm' WHERE id = 2", "event", "event 2", "reason.seal_row_altered"),
        ("UPDATE change SET new = '{}' WHERE id = 2", "change", "change 2",
         "reason.seal_row_altered"),
        ("UPDATE rule_edition SET decided_by = 'x' WHERE number = 1", "rule_edition",
         "rule_edition 1", "reason.seal_row_altered"),
        ("DELETE FROM change WHERE id = 2", "change", "change 2", "reason.seal_row_gone"),
        ("UPDATE seal SET hash = 'x' || substr(hash, 2) WHERE id = 4", "seal", None,
         "reason.seal_row_altered"),
        ("DELETE FROM seal WHERE id = 4", "seal", None, "reason.seal_row_altered"),
    ],
)  # fmt: skip
def test_tampering_is_found_and_the_row_named(
    ready: str, as_role: AsRole, sql: str, table: str, place: str | None, code: str
) -> None:
    work(as_role)
    audit.seal()
    tamper(sql.replace("SET new", 'SET "new"'), table)
    found = audit.verify(as_role(Role.AUDITOR))
    assert not found.sound
    assert found.problems[0].reason.code == code
    assert place is None or found.problems[0].place == place


def test_a_thousand_random_edits_are_all_found_at_the_first_bad_row(
    ready: str, as_role: AsRole
) -> None:
    """G12: a character changed, a row or a link removed, two rows exchanged, anywhere."""
    work(as_role, 6)
    audit.seal()
    key, key_id = audit.sealing_key()
    rows = {
        source: database.rows(f'SELECT {_columns(source)} FROM "{source}"')
        for source in chain.SOURCES
    }
    links = database.rows("SELECT id, source, source_id, hash, key_id FROM seal ORDER BY id")
    rng = random.Random(12)
    missed = [
        number
        for number in range(1000)
        if not _report(*_edited(rng, links, rows), key, key_id).broken
    ]
    assert _report(links, rows, key, key_id).broken == ()
    assert missed == []


Rows = dict[str, list[tuple[Any, ...]]]


def _columns(source: str) -> str:
    return ", ".join(f'"{column}"' for column in chain.SOURCES[source])


def _edited(rng: random.Random, links: list[tuple[Any, ...]], rows: Rows) -> tuple[Any, Rows]:
    """One forgery in copies of the links and rows."""
    links, rows = list(links), {source: list(held) for source, held in rows.items()}
    kind = rng.choice(("edit", "remove", "unlink", "exchange"))
    if kind == "unlink":
        del links[rng.randrange(len(links) - 1)]
        return links, rows
    if kind == "exchange":
        first, second = rng.sample(range(len(links)), 2)
        a, b = links[first], links[second]
        links[first], links[second] = (*a[:1], *b[1:]), (*b[:1], *a[1:])
        return links, rows
    source = rng.choice([source for source, held in rows.items() if held])
    place = rng.randrange(len(rows[source]))
    if kind == "remove":
        del rows[source][place]
        return links, rows
    row = list(rows[source][place])
    column = rng.randrange(1, len(row))
    row[column] = f"{row[column]}x"
    rows[source][place] = tuple(row)
    return links, rows


def _report(links: list[tuple[Any, ...]], rows: Rows, key: bytes, key_id: str) -> chain.ChainReport:
    """Check a chain that lies in lists."""

    def read(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        if sql.startswith("SELECT id, source"):
            return [link for link in links if link[0] > values[0]]
        if " JOIN " in sql:
            wanted = {link[2] for link in links if link[1] == values[0]}
            return [row for row in rows[values[0]] if row[0] in wanted]
        return [(0,)] if "max" in sql else []

    return chain.check(read, {key_id: key})


def test_a_row_slipped_in_before_sealed_ones_is_found(sqlite_ready: str, as_role: AsRole) -> None:
    work(as_role)
    audit.seal()
    database.execute(
        "INSERT INTO event (id, key, at, who, use_case, outcome, subject, subject_id, clause, "
        "reasons, detail) VALUES "
        "(0, 'x', '2026-01-01T00:00:00.000000Z', 'gm', 'x', 'refused', '', '', '', '[]', '{}')"
    )
    found = audit.verify(as_role(Role.AUDITOR))
    assert [(p.place, p.reason.code) for p in found.problems] == [
        ("event 0", "reason.seal_row_slipped_in")
    ]


def test_links_sealed_with_another_computers_key_are_a_warning(
    sqlite_ready: str, as_role: AsRole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(as_role)
    audit.seal()
    monkeypatch.setenv("CHEMSALES_HOME", str(tmp_path / "another"))
    work_after = products.add_group(as_role(Role.SALES_HEAD), "X", "另一组", "", False, False)
    assert work_after.event
    found = audit.verify(as_role(Role.AUDITOR))
    assert found.sound
    assert [problem.reason.code for problem in found.problems] == ["reason.seal_key_unknown"]
    path = config.config_dir() / "seal.key"
    assert path.stat().st_mode & 0o077 == 0 and len(path.read_bytes()) == 32


def test_only_administrators_and_auditors_verify(ready: str, as_role: AsRole) -> None:
    for role in (Role.ACCOUNT_MANAGER, Role.SALES_HEAD, Role.FINANCE, Role.GENERAL_MANAGER):
        with pytest.raises(NotAllowed):
            audit.verify(as_role(role))
    assert audit.verify(as_role(Role.ADMINISTRATOR)).sound
