"""All papers alike: both languages, embedded fonts, margins, equal bytes, hostile text, footers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from chemsales.reports import (
    agent_licence,
    application_form,
    dispatch_note,
    disqualification,
    duties,
    evaluation_sheet,
    file_card,
    operating_meeting,
    renewal_letter,
)
from chemsales.reports.grid import TITLE
from chemsales.reports.style import MARGIN_LEFT, MARGIN_RIGHT, MM
from chemsales.words import current
from tests.reports import pdf, samples

Render = Callable[..., bytes]
LANGUAGES = ("zh_CN", "en")


def sheets(sheet: evaluation_sheet.Sheet, *rest: object) -> bytes:
    return evaluation_sheet.render((sheet,), *rest)


def letters(letter: renewal_letter.RenewalLetter, *rest: object) -> bytes:
    return renewal_letter.render((letter,), *rest)


def agents(licence: agent_licence.AgentLicence, *rest: object) -> bytes:
    return agent_licence.render((licence,), *rest)


def notes(note: dispatch_note.DispatchNote, *rest: object) -> bytes:
    return dispatch_note.render((note,), *rest)


PAPERS: dict[str, tuple[Render, Callable[[], object]]] = {
    "form": (application_form.render, samples.form),
    "blank": (application_form.render, application_form.ApplicationForm),
    "sheet": (sheets, samples.sheet),
    "meeting": (operating_meeting.render, samples.meeting),
    "disqualification": (disqualification.render, samples.disqualification),
    "duties": (duties.render, samples.duties),
    "letter": (letters, samples.letter),
    "agent": (agents, samples.agent),
    "card": (file_card.render, samples.card),
    "note": (notes, samples.note),
}
TYPED = [name for name in PAPERS if name != "blank"]  # with text of people
HOSTILE = {
    "image": '<img src="/etc/passwd"/>',
    "bold": "<b>有限公司",
    "entity": "&lt; a < b and c > d &",
    "font": '<font size="100000">大</font>',
    "bidi": "gpj\u202eexe\u2066",
    "controls": "a\x00\x08\x1b]b",
    "long": samples.LONG * 3,
    "word": "W" * 3000,
    "lines": "行\n" * 30,
}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_name_of_a_section_of_one_line_is_in_its_whole_size(code: str) -> None:
    one = replace(samples.card(), months=(), grades=(), visits=(), licences=(), files=())
    assert pdf.sizes(file_card.render(one, code), MARGIN_LEFT + 7.5 * MM) == {TITLE.size}


def test_the_numbers_of_the_file_card_stand_under_each_other() -> None:
    months = tuple(
        file_card.MonthLine(month, taken, planned)
        for month, taken, planned in [
            ("2026-01", 7_001, 8_002),
            ("2026-02", 98_765_432, 87_654_321),
        ]
    )
    data = file_card.render(replace(samples.card(), months=months))
    for short, long in (("7.001", "98,765.432"), ("8.002", "87,654.321")):
        assert abs(pdf.right_edge(data, short) - pdf.right_edge(data, long)) < 0.1


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("paper", PAPERS)
def test_printed_twice_it_is_the_same_byte_for_byte(paper: str, code: str) -> None:
    render, make = PAPERS[paper]
    data = render(make(), code)
    assert data.startswith(b"%PDF-")
    assert data == render(make(), code)
    assert current() == "zh_CN"


def test_another_process_prints_the_same_bytes() -> None:
    """Whatever the order of sets and hashes there."""
    code = (
        "import hashlib, sys; from tests.reports import test_reports as t; "
        "made = [r(m(), c) for r, m in t.PAPERS.values() for c in t.LANGUAGES]; "
        "print(hashlib.sha256(b''.join(made)).hexdigest())"
    )
    found = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(done.stdout)
    assert len(found) == 1


@pytest.mark.parametrize("paper", PAPERS)
def test_threads_do_not_disturb_each_other(paper: str) -> None:
    render, make = PAPERS[paper]
    expected = {code: render(make(), code) for code in LANGUAGES}
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda n: render(make(), LANGUAGES[n % 2]), range(8)))
    assert made == [expected[LANGUAGES[n % 2]] for n in range(8)]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("paper", PAPERS)
def test_fonts_are_embedded_and_text_keeps_the_margins(paper: str, code: str) -> None:
    render, make = PAPERS[paper]
    data = render(make(), code)
    assert pdf.unembedded(data) == []
    assert b"Helvetica" not in data
    assert pdf.outside(data, MARGIN_LEFT - 1, MARGIN_RIGHT - 1, 8 * MM, 8 * MM) == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("paper", TYPED)
def test_hostile_text_is_printed_as_text(paper: str, text: str) -> None:
    render, make = PAPERS[paper]
    data = render(samples.filled(make(), text))
    assert b"/Subtype /Image" not in data
    assert pdf.unembedded(data) == []
    assert pdf.outside(data, MARGIN_LEFT - 1, MARGIN_RIGHT - 1, 8 * MM, 8 * MM) == []
    if len(text) < 60:
        shown = re.sub(r"[\x00-\x1f\u202e\u2066\s]", "", text)
        assert shown[:12] in pdf.text(data)


@pytest.mark.parametrize("paper", TYPED)
def test_a_hundred_thousand_characters_are_cut(paper: str) -> None:
    render, make = PAPERS[paper]
    data = render(samples.filled(make(), "长" * 100_000))
    assert "…" in pdf.text(data)
    assert pdf.outside(data, MARGIN_LEFT - 1, MARGIN_RIGHT - 1, 8 * MM, 8 * MM) == []


@pytest.mark.parametrize(
    ("paper", "event", "edition", "zh", "en"),
    [
        ("form", 1234, 1, "依据第七条第一款、第七条第二款", "by Article 7"),
        ("sheet", 4321, 2, "依据第十六条、第九条(二)", "by Article 16, Article 9(2)"),
        ("meeting", 99, 3, "依据第十六条", "by Article 16"),
        ("disqualification", 77, 2, "依据第十七条", "by Article 17"),
        ("duties", 555, 1, "依据第七条第二款", "by Article 7"),
        ("letter", 31, 4, "依据第十五条", "by Article 15"),
        ("card", 42, 3, "依据第八条第一款", "by Article 8"),
        ("agent", 88, 2, "依据第十条(三)1(1)、第十条(三)1(2)", "by Article 10(3)"),
        ("note", 88, 2, "依据第四条(七)、第八条第一款", "by Article 4(7), Article 8"),
    ],
)
def test_the_footer_proves_what_was_printed(
    paper: str, event: int, edition: int, zh: str, en: str
) -> None:
    render, make = PAPERS[paper]
    chinese, english = pdf.texts(render(make())), pdf.texts(render(make(), "en"))
    for number, page in enumerate(chinese, 1):
        shown = "".join(page.split())
        assert samples.HASH in shown
        assert f"第{number}页共{len(chinese)}页" in shown
        assert f"审计序号{event}" in shown
        assert f"{zh}，版本{edition}" in shown
    for number, page in enumerate(english, 1):
        assert f"Page {number} of {len(english)}" in page
        assert en in page
        assert f"edition {edition}" in page
        assert f"event {event}" in page


def test_progress_is_told_and_stops_the_work() -> None:
    told: list[tuple[int, int]] = []
    operating_meeting.render(samples.meeting(100), progress=lambda *now: told.append(now))
    assert told == [(n, len(told)) for n in range(1, len(told) + 1)]

    def stop(done: int, total: int) -> None:
        raise InterruptedError(done, total)

    with pytest.raises(InterruptedError):
        operating_meeting.render(samples.meeting(), progress=stop)


def test_group_names_and_words_follow_the_language_and_data_does_not() -> None:
    english = pdf.text(application_form.render(samples.form(), "en"))
    assert "Polyolefins" in english
    assert "宁波华塑新材料贸易有限公司" in english
    assert "聚烯烃" not in english
    unnamed = replace(samples.PO, name_en="")
    form = replace(samples.form(), classes=(replace(samples.form().classes[0], group=unnamed),))
    assert "聚烯烃" in pdf.text(application_form.render(form, "en"))
