"""C7.2 from the command line: a signature is delegated, listed and revoked."""

from __future__ import annotations

from datetime import timedelta

from chemsales.cli.base import Exit
from tests.cli.conftest import Command
from tests.cli.test_work import done
from tests.factory import session_of


def test_c7_2_a_signature_is_delegated_listed_and_revoked(command: Command) -> None:
    today = session_of("finance").clock().date()
    days = ("--from", today + timedelta(days=3650), "--to", today + timedelta(days=3654))
    asked = ("delegate", "am2", *days, "--reason", "出差")
    assert command("am", *asked).code == Exit.PERMISSION
    assert command("admin", *asked).code == Exit.PERMISSION
    given = done(command("finance", *asked))
    assert (given["delegate"], given["role"]) == ("am2", "finance")
    assert command("finance", *asked).code == Exit.DATA  # these days are delegated
    assert command("finance", "delegate", "admin", *days, "--reason", "x").code == Exit.DATA
    key = given["delegation"]
    for login, seen in (("finance", 1), ("am2", 1), ("gm", 0), ("admin", 1), ("auditor", 1)):
        assert len(done(command(login, "delegations"))["delegations"]) == seen  # type: ignore[arg-type]
    assert command("gm", "revoke-delegation", key).code == Exit.FINDINGS
    done(command("finance", "revoke-delegation", key))
    assert command("finance", "revoke-delegation", key).code != Exit.DONE
    (row,) = done(command("finance", "delegations"))["delegations"]  # type: ignore[misc]
    assert row["revoked_at"] and row["reason"] == "出差"  # type: ignore[index]
    assert row["state"] == "revoked"  # type: ignore[index]
