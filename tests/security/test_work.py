"""The department's whole work, each person with an own login of the server."""

from __future__ import annotations

from chemsales.storage.database import rows
from tests.factory import decide, draft_of, make_application, submit
from tests.security.conftest import signed_in


def test_first(server_url):
    with signed_in(server_url, "am") as am:
        key = make_application(am, draft_of("甲化工"))
        submit(am, key)
    for login in ("sales", "finance", "gm"):
        with signed_in(server_url, login) as session:
            decide(session, key, comment="同意")
    with signed_in(server_url, "auditor"):
        print(rows("SELECT code, accredited_on FROM customer"))
        print(rows("SELECT signer, signer_name FROM decision"))
