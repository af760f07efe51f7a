"""The reference cases and our own, recomputed the way an auditor does it: through `calculate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chemsales.calc import calculate
from chemsales.rules.errors import Invalid

FOLDER = Path(__file__).parent / "cases"
KINDS = ("tier", "deadline", "evenness", "identifier", "score")
UNREAD = ("expect", "id", "source")


def reference() -> list[Any]:
    found = []
    for kind in KINDS:
        cases = json.loads((FOLDER / f"{kind}.json").read_text(encoding="utf-8"))["cases"]
        found += [
            pytest.param(kind, case, id=f"{kind}-{case.get('id', number)}")
            for number, case in enumerate(cases)
        ]
    return found


def agrees(expected: object, found: object) -> bool:
    """Numbers to 4 decimals, everything else exactly."""
    numbers = (int, float)
    if isinstance(expected, bool) or not isinstance(expected, numbers):
        return expected == found
    return isinstance(found, numbers) and abs(expected - found) < 0.00005


def compute(kind: str, case: dict[str, Any], **document: object) -> dict[str, Any]:
    given = {key: value for key, value in case.items() if key not in UNREAD}
    answer = calculate(kind, {"kind": kind, "cases": [given], **document})
    assert answer["kind"] == kind
    (result,) = answer["results"]
    assert isinstance(result, dict)
    return result


@pytest.mark.parametrize(("kind", "case"), reference())
def test_agrees_with_the_reference(kind: str, case: dict[str, Any]) -> None:
    result = compute(kind, case)
    for key, expected in case["expect"].items():
        assert agrees(expected, result[key]), (key, expected, result)


P, N1, N2, N3, A = "普通客户", "一星客户", "二星客户", "三星客户", "网拍客户"
DEALER, DIRECT = "计划/经销", "直销客户"

# start, kind, tonnes, scores, parameters -> direct mapping, one step
TIERS: list[tuple[str, str, list[Any], Any, dict[str, Any], list[str], list[str]]] = [
    # C9.2: every boundary, from the level just below (A.X 2)
    (P, DEALER, ["1000"], None, {}, [N1], [N1]),
    (P, DEALER, ["1000.000"], None, {}, [N1], [N1]),
    (N1, DEALER, ["1999.999"], None, {}, [N1], [N1]),
    (N2, DEALER, ["2999.999"], None, {}, [N2], [N2]),
    (N2, DEALER, ["3000"], None, {}, [N3], [N3]),
    (N3, DEALER, ["2999.999"], None, {}, [N2], [N2]),
    (N1, DEALER, ["999.999"], None, {}, [P], [P]),
    (P, DEALER, ["0.001"], None, {}, [P], [P]),
    (P, DEALER, [1000], None, {}, [N1], [N1]),
    (P, DEALER, [999.999], None, {}, [P], [P]),
    # A.X 1: one level a month, both ways
    (P, DEALER, ["3000"] * 4, None, {}, [N3] * 4, [N1, N2, N3, N3]),
    (N3, DEALER, ["0"] * 4, None, {}, [P] * 4, [N2, N1, P, P]),
    (N3, DEALER, ["1500", "1500", "1500"], None, {}, [N1] * 3, [N2, N1, N1]),
    # A.X 4: auction customers leave with the first month that has a take, and do not come back
    (A, DEALER, ["0", "0", "0.001"], None, {}, [A, A, P], [A, A, P]),
    (A, DEALER, ["3500", "3500"], None, {}, [N3, N3], [P, N1]),
    (A, DEALER, ["5", "0", "0"], None, {}, [P, P, P], [P, P, P]),
    (A, DEALER, ["-3"], None, {}, [A], [A]),
    (A, DEALER, ["3500", "3500"], None, {"auction_exit": "manual"}, [A, A], [A, A]),
    (
        P, DEALER, ["0", "0", "0", "5"], None, {"auction_return_after_zero_months": 3},
        [P, P, A, P], [P, P, A, P],
    ),
    (
        P, DEALER, ["0", None, "0", "5"], None, {"auction_return_after_zero_months": 2},
        [P, P, A, P], [P, P, A, P],
    ),
    (
        N2, DEALER, ["0", "0", "0"], None, {"auction_return_after_zero_months": 1},
        [A, A, A], [N1, P, A],
    ),
    # A.X 5: direct customers are pinned, whatever happens
    (P, DIRECT, ["3500", None, "0"], [10, 20, 30], {}, [P] * 3, [P] * 3),
    (P, DIRECT, ["3500"], None, {"level_move": "direct"}, [P], [P]),
    (P, "直销客户", [], None, {}, [], []),
    # A.X 6: the gate
    (P, DEALER, ["1000"], ["59.99"], {}, [P], [P]),
    (P, DEALER, ["1000"], ["60"], {}, [N1], [N1]),
    (P, DEALER, ["1000"], [59.999999], {}, [P], [P]),
    (P, DEALER, ["3500", "3500", "3500"], [50, None, 80], {}, [P, N3, N3], [P, N1, N2]),
    (N3, DEALER, ["500", "500"], [10, 10], {}, [P, P], [N2, N1]),
    (N2, DEALER, ["2500"], [10], {}, [N2], [N2]),
    (A, DEALER, ["1500", "1500"], [40, 70], {}, [A, N1], [A, P]),
    (P, DEALER, ["1000"], [65], {"level_gate_score": 70}, [P], [P]),
    (P, DEALER, ["1000"], [0], {"level_gate_score": 0}, [N1], [N1]),
    (N2, DEALER, ["2500", "2500"], [10, 60], {"fall_on_bad_score": True}, [N1, N2], [N1, N2]),
    (N2, DEALER, ["500"], [10], {"fall_on_bad_score": True}, [P], [N1]),
    (P, DEALER, ["5000"], [10], {"fall_on_bad_score": True}, [P], [P]),
    # A.X 7: a missing month is not zero
    (N2, DEALER, [None, "2500"], None, {}, [N2, N2], [N2, N2]),
    (N2, DEALER, [None, None], None, {}, [N2, N2], [N2, N2]),
    (A, DEALER, [None, "10"], None, {}, [A, P], [A, P]),
    (P, DEALER, ["3500", None, "3500"], None, {}, [N3, N3, N3], [N1, N1, N2]),
    # parameters by their own names, and the thresholds in tonnes
    (P, DEALER, ["800"], None, {"thresholds": [800, 1600, 2400]}, [N1], [N1]),
    (P, DEALER, ["799.999"], None, {"thresholds": ["800", "1600", "2400"]}, [P], [P]),
    (
        P, DEALER, ["500"], None, {"level_thresholds_kg": [500_000, 600_000, 700_000]},
        [N1], [N1],
    ),
]  # fmt: skip


@pytest.mark.parametrize("row", TIERS, ids=range(len(TIERS)))
def test_levels(row: tuple[str, str, list[Any], Any, dict[str, Any], list[str], list[str]]) -> None:
    start, kind, tonnes, scores, parameters, direct, one_step = row
    case = {
        "start_level": start,
        "customer_kind": kind,
        "monthly_tonnes": tonnes,
        "evaluation_scores": scores,
        "parameters": parameters,
    }
    result = compute("tier", case)
    assert (result["direct_mapping"], result["one_step"]) == (direct, one_step)
    assert len(result["reasons"]) == len(tonnes)
    assert all(result["reasons"])


def test_levels_explain_themselves() -> None:
    case = {
        "start_level": P,
        "customer_kind": DEALER,
        "monthly_tonnes": ["1000", "5000", "10"],
        "evaluation_scores": [None, "59", None],
    }
    first, second, third = compute("tier", case)["reasons"]
    assert first[0] == "1 提货量 1,000.000 吨，对应一星客户标准。"
    assert first[-1] == "尚无评审结果，待考核。"
    assert "59" in second[1] and "60" in second[1]
    assert third[-1] == "级别由一星客户降为普通客户。"


# received -> due in 1, 3 and 7 working days (C12.3, A.X 10)
DEADLINES: list[tuple[str, dict[str, Any], list[str | None]]] = [
    # a normal week, whatever the hour
    ("2026-06-01T00:00", {}, ["2026-06-02", "2026-06-04", "2026-06-10"]),
    ("2026-06-01T23:59:59", {}, ["2026-06-02", "2026-06-04", "2026-06-10"]),
    ("2026-06-01 08:00", {}, ["2026-06-02", "2026-06-04", "2026-06-10"]),
    # received on a Saturday off, on a make-up Saturday, and inside a break
    ("2026-06-06T10:00", {}, ["2026-06-08", "2026-06-10", "2026-06-16"]),
    ("2026-02-14T10:00", {}, ["2026-02-24", "2026-02-26", "2026-03-03"]),
    ("2026-10-03T12:00", {}, ["2026-10-08", "2026-10-10", "2026-10-15"]),
    # over the turn of a year whose calendar is known
    ("2025-12-31T09:00", {}, ["2026-01-04", "2026-01-06", "2026-01-12"]),
    ("2024-12-31T09:00", {}, ["2025-01-02", "2025-01-06", "2025-01-10"]),
    # years that are not known
    ("2026-12-31T10:00", {}, [None, None, None]),
    ("2026-12-28T10:00", {}, ["2026-12-29", "2026-12-31", None]),
    ("2030-05-05T10:00", {}, [None, None, None]),
    # an instant with its offset is a local day
    ("2026-06-01T17:00:00+00:00", {}, ["2026-06-03", "2026-06-05", "2026-06-11"]),
    # parameters
    ("2026-06-01T10:00", {"complaint_days": [2, 4, 9]}, ["2026-06-03", "2026-06-05", "2026-06-12"]),
    (
        "2026-06-01T09:30", {"deadline_mode": "same_day_8h"},
        ["2026-06-01", "2026-06-03", "2026-06-09"],
    ),
    (
        "2026-06-01T09:31", {"deadline_mode": "same_day_8h"},
        ["2026-06-02", "2026-06-04", "2026-06-10"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("received", "parameters", "due"), DEADLINES)
def test_deadlines(received: str, parameters: dict[str, Any], due: list[str | None]) -> None:
    result = compute("deadline", {"received": received, "parameters": parameters})
    assert [result[f"due_{days}"] for days in (1, 3, 7)] == due


# weeks, working days -> Jain's index, evenness (section C)
EVENNESS: list[tuple[list[Any], list[int], float | None, float | None]] = [
    ([500, 500, 0, 0], [1, 1, 1, 1], 0.5, 0.3333),
    ([1000, 0, 0, 0], [1, 1, 1, 1], 0.25, 0.0),
    ([250, 250, 100, 250], [5, 5, 2, 5], 1.0, 1.0),
    (["333.333", "333.333"], [5, 5], 1.0, 1.0),
    # all in the shortest week, and all in a longer one
    ([0, 0, 7], [5, 5, 2], 0.1667, 0.0),
    ([7, 0, 0], [5, 5, 2], 0.4167, 0.3),
    # nothing at all, one week, one week left after dropping, no week
    ([0, 0, 0], [5, 5, 5], None, None),
    ([300], [5], None, None),
    ([300, 10], [5, 0], None, None),
    ([], [], None, None),
    ([5, 5], [0, 0], None, None),
    # a week without working days hands its take on: to the next with some, at the end to the last
    ([100, 50, 50], [5, 0, 5], 1.0, 1.0),
    ([40, 0, 60, 100], [0, 0, 5, 5], 1.0, 1.0),
    ([100, 60, 40], [5, 5, 0], 1.0, 1.0),
    # five weeks of a month with clipped ends, by hand: J = 1000^2 / (22 * 52000), m = 2/22
    ([100, 250, 200, 350, 100], [2, 5, 5, 5, 5], 0.8741, 0.8615),
]


@pytest.mark.parametrize(("weeks", "days", "jain", "even"), EVENNESS)
def test_evenness(weeks: list[Any], days: list[int], jain: object, even: object) -> None:
    result = compute("evenness", {"weeks": weeks, "working_days": days})
    assert agrees(jain, result["jain"]), result
    assert agrees(even, result["evenness"]), result


IDENTIFIERS: list[tuple[str, str, bool]] = [
    # normalised first: blanks, hyphens, case, full width (section G)
    ("uscc", " 9135 0100-M000100Y43 ", True),
    ("uscc", "91350100m000100y43", True),
    ("uscc", "９１３５０１００Ｍ０００１００Ｙ４３", True),
    ("uscc", "91350100M000100Y44", False),
    ("uscc", "91350100M000100O43", False),  # the letter O is none of its characters
    ("uscc", "", False),
    ("licence15", "310117003171689", False),
    ("licence15", "3101 1700 3171 688", True),
    ("licence15", "３１０１１７００３１７１６８８", True),
    ("licence15", "3101170031716888", False),
    ("org9", "D2143569-X", True),
    ("org9", "d2143569-x", True),
    ("org9", "D2143569", False),
    ("org9", "123456789", False),
    ("org9", "00000000-0", True),
]


@pytest.mark.parametrize(("kind", "code", "valid"), IDENTIFIERS)
def test_identifiers(kind: str, code: str, valid: bool) -> None:
    result = compute("identifier", {"kind": kind, "code": code})
    assert result["valid"] is valid
    assert ("reason" in result) is not valid


def all_of(value: object, *names: str) -> dict[str, object]:
    return dict.fromkeys(names, value)


DEALERS = ("completion", "evenness", "cooperation", "payment", "credit", "market_info")
NOW = ("completion", "evenness", "cooperation")  # what has data in the first version

# class, indicators, parameters -> score, grade, weight with data (section E)
SCORES: list[tuple[str, dict[str, Any], dict[str, Any], float | None, str, int]] = [
    ("dealer", all_of(90, *NOW), {}, 90.0, "优秀", 75),
    ("agent", all_of(80, *NOW), {}, 80.0, "良好", 70),
    ("direct", all_of(60, *NOW), {}, 60.0, "合格", 65),
    ("dealer", all_of("89.999999", *NOW), {}, 89.999999, "良好", 75),
    ("dealer", all_of("79.995", *NOW), {}, 79.995, "合格", 75),
    ("dealer", all_of(0, *DEALERS), {}, 0.0, "不合格", 100),
    # weights: 40*100 + 25*50 + 10*0 over 75
    ("dealer", {"completion": 100, "evenness": 50, "cooperation": 0}, {}, 70.0, "合格", 75),
    # 40*66.6667 + 20*33.3333 over 60, exactly at the least weight
    ("agent", {"completion": 90, "cooperation": 60}, {}, 80.0, "良好", 60),
    # too little: 50, 55 and nothing
    ("agent", {"completion": 100, "evenness": 100}, {}, None, "数据不足", 50),
    ("direct", {"completion": 100, "evenness": 100}, {}, None, "数据不足", 55),
    ("dealer", {}, {}, None, "数据不足", 0),
    ("dealer", all_of(None, *DEALERS), {}, None, "数据不足", 0),
    # complaints weigh nothing for a dealer, 5 for an agent
    ("dealer", {**all_of(90, *NOW), "complaints": 0}, {}, 90.0, "优秀", 75),
    ("agent", {**all_of(90, *NOW), "complaints": 15}, {}, 85.0, "良好", 75),
    # above the plan counts as the plan (A.X 23)
    ("dealer", {"completion": 120, "evenness": 100}, {}, 100.0, "优秀", 65),
    ("独家代理商", all_of(80, *NOW), {}, 80.0, "良好", 70),
    # parameters
    ("dealer", all_of(85, *NOW), {"grade_bounds": [85, 70, 50]}, 85.0, "优秀", 75),
    ("agent", {"completion": 70}, {"min_available_weight": 40}, 70.0, "合格", 40),
    (
        "dealer", {"completion": 100, "evenness": 0},
        {"weights": {"dealer": {"completion": 50, "evenness": 50}}}, 50.0, "不合格", 100,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "parameters", "score", "grade", "weight"), SCORES)
def test_scores(
    kind: str,
    given: dict[str, Any],
    parameters: dict[str, Any],
    score: float | None,
    grade: str,
    weight: int,
) -> None:
    case = {"customer_class": kind, "indicators": given, "parameters": parameters}
    result = compute("score", case)
    assert agrees(score, result["score"]), result
    assert (result["grade"], result["available_weight"]) == (grade, weight)


LEVEL = {"start_level": P, "customer_kind": DEALER, "monthly_tonnes": ["1"]}

BAD: list[tuple[str, Any]] = [
    ("tier", {"start_level": "六星客户", "customer_kind": DEALER, "monthly_tonnes": []}),
    ("tier", {"start_level": P, "customer_kind": "朋友", "monthly_tonnes": []}),
    ("tier", {"start_level": P, "customer_kind": DEALER}),
    ("tier", {"start_level": P, "customer_kind": DEALER, "monthly_tonnes": ["12,34"]}),
    ("tier", {"start_level": P, "customer_kind": DEALER, "monthly_tonnes": ["1.0005"]}),
    ("tier", {"start_level": P, "customer_kind": DEALER, "monthly_tonnes": [True]}),
    (
        "tier",
        {
            "start_level": P,
            "customer_kind": DEALER,
            "monthly_tonnes": ["1"],
            "evaluation_scores": [1, 2],
        },
    ),
    ("tier", {"start_level": P, "customer_kind": DEALER, "monthly_tonnes": ["1e999999"]}),
    ("tier", {**LEVEL, "evaluation_scores": 0}),
    ("tier", {**LEVEL, "suspended": [1]}),
    ("tier", {**LEVEL, "suspended": [False] * 99}),
    ("tier", {**LEVEL, "suspended": True}),
    ("tier", {**LEVEL, "evaluation_scores": ""}),
    ("tier", {**LEVEL, "evaluation_scores": [100.01]}),
    ("tier", {**LEVEL, "evaluation_scores": [-1]}),
    ("tier", {**LEVEL, "evaluation_scores": ["1e-99999999"]}),
    ("tier", {**LEVEL, "parameters": {"thresholds": ["1e999999", 2, 3]}}),
    ("tier", {**LEVEL, "monthly_tonnes": ["999.9999999999999999999999999999999"]}),
    ("deadline", {"received": "9999-12-31T10:00"}),
    ("deadline", {"received": "0001-01-01T00:00+14:00"}),
    ("deadline", {"received": "9999-12-31T23:00", "parameters": {"deadline_mode": "same_day_8h"}}),
    ("evenness", {"weeks": [1, "1e999999999"], "working_days": [5, 5]}),
    ("evenness", {"weeks": [1, "1e-999999999"], "working_days": [5, 5]}),
    ("evenness", {"weeks": [1, "1_0"], "working_days": [5, 5]}),
    ("evenness", {"weeks": [1, 2], "working_days": [5, "1e999999999"]}),
    ("deadline", {}),
    ("deadline", {"received": "gestern"}),
    ("deadline", {"received": "2026-02-30T10:00"}),
    ("deadline", {"received": 20260601}),
    ("evenness", {"weeks": [1, 2], "working_days": [5]}),
    ("evenness", {"weeks": [1, 2], "working_days": [5, -1]}),
    ("evenness", {"weeks": [1, 2], "working_days": [5, 2.5]}),
    ("evenness", {"weeks": [1, "NaN"], "working_days": [5, 5]}),
    ("evenness", {"weeks": "12", "working_days": [5, 5]}),
    ("identifier", {"kind": "passport", "code": "1"}),
    ("identifier", {"kind": "uscc", "code": 914}),
    ("score", {"customer_class": "friend", "indicators": {}}),
    ("score", {"customer_class": "dealer"}),
    ("score", {"customer_class": "dealer", "indicators": {"smile": 5}}),
    ("score", {"customer_class": "dealer", "indicators": {"evenness": 100.01}}),
    ("score", {"customer_class": "dealer", "indicators": {"completion": -1}}),
    ("score", {"customer_class": "dealer", "indicators": {"completion": "many"}}),
    ("score", "case"),
    ("score", {"customer_class": "dealer", "indicators": {}, "parameters": {"unknown": 1}}),
    ("score", {"customer_class": "dealer", "indicators": {}, "parameters": [1]}),
]


@pytest.mark.parametrize(("kind", "case"), BAD)
def test_a_bad_case_gives_an_error_and_the_others_are_computed(kind: str, case: object) -> None:
    good = json.loads((FOLDER / f"{kind}.json").read_text(encoding="utf-8"))["cases"][0]
    results = calculate(kind, {"cases": [good, case, good]})["results"]
    assert set(results[1]) == {"error"}
    assert results[1]["error"].strip() and "reason." not in results[1]["error"]
    assert results[0] == results[2] and "error" not in results[0]


@pytest.mark.parametrize(
    ("kind", "case", "place"),
    [
        ("tier", {**LEVEL, "monthly_tonnes": ["1", "12,34"]}, "monthly_tonnes 2"),
        ("tier", {**LEVEL, "evaluation_scores": ["?"]}, "evaluation_scores 1"),
        ("evenness", {"weeks": [1, 2, "x"], "working_days": [5, 5, 5]}, "weeks 3"),
        ("evenness", {"weeks": [1, 2], "working_days": [5, None]}, "working_days 2"),
        ("score", {"customer_class": "dealer", "indicators": {"payment": 101}}, "payment"),
    ],
)
def test_an_error_names_its_place(kind: str, case: dict[str, Any], place: str) -> None:
    (result,) = calculate(kind, {"cases": [case]})["results"]
    assert result["error"].startswith(f"{place}: ")


def test_parameters_of_a_case_go_over_those_of_the_file() -> None:
    case = {"start_level": P, "customer_kind": DEALER, "monthly_tonnes": ["800"]}
    own = {**case, "parameters": {"thresholds": [900, 1000, 1100]}}
    document = {"kind": "tier", "parameters": {"thresholds": [700, 800, 900]}, "cases": [case, own]}
    first, second = calculate("tier", document)["results"]
    assert first["direct_mapping"] == [N2]
    assert second["direct_mapping"] == [P]


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        ("oracle", {"cases": []}),
        ("tier", []),
        ("tier", {}),
        ("tier", {"cases": {}}),
        ("tier", {"kind": "score", "cases": []}),
    ],
)
def test_a_document_of_another_shape_is_refused(kind: str, document: object) -> None:
    with pytest.raises(Invalid):
        calculate(kind, document)


def test_the_result_is_json() -> None:
    for kind in KINDS:
        document = json.loads((FOLDER / f"{kind}.json").read_text(encoding="utf-8"))
        answer = calculate(kind, document)
        assert json.loads(json.dumps(answer)) == answer
