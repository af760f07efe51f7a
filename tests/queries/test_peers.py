"""What an application asks for beside customers of the same class (C7.2)."""

from __future__ import annotations

from chemsales.queries.peers import peers
from chemsales.rules.classification import CustomerClass
from chemsales.rules.customer import ClassRequest
from chemsales.rules.tiers import Level
from chemsales.storage.database import rows
from tests.factory import draft_of, make_application, session_of
from tests.furnishing import NAMES, furnish, months

ASKED = (
    ClassRequest("PO", CustomerClass.DEALER, "华东", 50_000_000, "注塑"),
    ClassRequest("PO", CustomerClass.DIRECT, "", 900_000, "自用"),
    ClassRequest("BZ", CustomerClass.DEALER, "山东", 1_000, ""),
    ClassRequest("EG", CustomerClass.AGENT, "江苏", 200_000, "涤纶"),
)


def test_c7_2_the_general_manager_sees_peers_of_the_same_class_and_region(ready: str) -> None:
    furnish(months)
    gm = session_of("gm")
    found = []
    for number, asked in enumerate(ASKED):
        key = make_application(session_of("am"), draft_of(f"新{number}化工", 50 + number, (asked,)))
        found += peers(gm.actor, key, gm.today())
    dealers, direct, benzene, agents = found
    assert (dealers.count, dealers.region) == (2, "华东")
    assert [peer.name for peer in dealers.nearest] == [NAMES[0], NAMES[2]]
    for peer in dealers.nearest:
        taken = rows("SELECT sum(kg) FROM pickup WHERE customer_id = ? AND month BETWEEN "
                     "'2026-04' AND '2026-06'", (peer.customer_id,))[0][0]  # fmt: skip
        assert peer.monthly_kg == int(taken) // 3
        level = rows("SELECT level_after FROM tier_result WHERE customer_id = ? AND month = "
                     "'2026-06'", (peer.customer_id,))[0][0]  # fmt: skip
        assert (peer.level, peer.grade) == (Level(level), None)
    first, second = (peer.monthly_kg for peer in dealers.nearest)
    assert dealers.median_kg == (first + second + 1) // 2 and first != second
    assert not dealers.unusual  # of two nobody can say
    assert [peer.name for peer in direct.nearest] == [NAMES[1]]
    assert (benzene.count, benzene.median_kg, benzene.nearest) == (0, 0, ())
    assert (agents.region, [peer.name for peer in agents.nearest]) == ("", [NAMES[2]])
    assert agents.nearest[0].level is None  # a level counts polyolefins alone
