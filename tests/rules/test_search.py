"""What a search means, and by what a record is said to be found."""

from __future__ import annotations

import pytest

from chemsales.rules.search import LONGEST, Rank, Word, fold, lines, match, wanted

OIL = lines(
    [
        (Word.CODE, "C00012"),
        (Word.USCC, "91370200MA000001XK"),
        (Word.NAME, "中国石化（青岛）有限公司"),
        (Word.NAME, "青岛石化"),
        (Word.MNEMONIC, "sinopec-qd"),
        (Word.INITIALS, "zgshqdyxgs"),
        (Word.INITIALS, "qdsh"),
        (Word.PINYIN, "zhong guo shi hua qing dao you xian gong si"),
        (Word.NUMBER, "SQ2026-0007"),
        (Word.PERSON, "吴敏"),
        (Word.PERSON_INITIALS, "wm"),
        (Word.PERSON_PINYIN, "wu min"),
        (Word.PHONE, "0532-8689 8812"),
        (Word.PERSON, "Li Lei"),
    ]
)


@pytest.mark.parametrize(
    ("text", "rank", "code", "params"),
    [
        ("c00012", Rank.EXACT, "found_code", {"text": "C00012"}),
        ("Ｃ０００１２", Rank.EXACT, "found_code", {"text": "C00012"}),
        ("91370200ma000001xk", Rank.EXACT, "found_uscc", {"text": "91370200MA000001XK"}),
        ("sq2026-0007", Rank.EXACT, "found_number", {"text": "SQ20260007"}),
        ("中国", Rank.NAME, "found_name", {"text": "中国"}),
        ("中国石化(青岛)", Rank.NAME, "found_name", {"text": "中国石化青岛"}),
        ("青岛石", Rank.NAME, "found_name", {"text": "青岛石"}),
        ("zgsh", Rank.INITIALS, "found_pinyin", {"text": "zgsh"}),
        ("z'g's'h", Rank.INITIALS, "found_pinyin", {"text": "zgsh"}),
        ("Sinopec", Rank.INITIALS, "found_mnemonic", {"text": "sinopecqd"}),
        ("zhongguo", Rank.PINYIN, "found_pinyin", {"text": "zhongguo"}),
        ("zhong guo", Rank.PINYIN, "found_pinyin", {"text": "zhongguo"}),
        ("石化", Rank.INSIDE, "found_name", {"text": "石化"}),
        ("shihua", Rank.INSIDE, "found_pinyin", {"text": "shihua"}),
        ("000001", Rank.INSIDE, "found_uscc", {"text": "…000001…"}),
        ("石化 中国", Rank.INSIDE, "found_parts", {"text": "石化 中国"}),
        ("吴", Rank.CONTACT, "found_contact", {"name": "吴敏"}),
        ("wm", Rank.CONTACT, "found_contact_pinyin", {"name": "吴敏", "text": "wm"}),
        ("wumin", Rank.CONTACT, "found_contact_pinyin", {"name": "吴敏", "text": "wumin"}),
        ("li lei", Rank.CONTACT, "found_contact", {"name": "lilei"}),
        ("8812", Rank.PHONE, "found_phone", {"text": "…8812"}),
        ("0532-8689", Rank.PHONE, "found_phone", {"text": "05328689…"}),
    ],
)
def test_the_reason_of_a_hit(text, rank, code, params):
    found = match(wanted(text), OIL)
    assert found is not None
    assert (found.rank, found.why.code, dict(found.why.params)) == (
        rank,
        f"reason.{code}",
        params,
    )


@pytest.mark.parametrize("text", ["荣盛", "C0001200", "石化 荣盛", "C", "N", "%", "*", "?", "ih"])
def test_what_is_not_found(text):
    """Neither the letters before the words nor signs of SQL find anything; two letters do not
    look into the middle of a full pinyin."""
    found = match(wanted(text), lines([(Word.NAME, "中国石化"), (Word.PINYIN, "zhongguoshihua")]))
    assert found is None


def test_the_letter_before_a_word_is_never_found():
    text = lines([(kind, "1") for kind in Word])
    for kind in Word:
        assert wanted(kind).whole not in text
        assert wanted(f"{kind}1").whole not in text


def test_an_empty_search_and_one_that_nothing_answers():
    assert wanted("").nothing and wanted(" \t　\n").nothing
    for text in ("'", "（）", "-", "字" * (LONGEST + 1), "a" * 10_000, "\x00", "\u200b"):
        assert not wanted(text).nothing
        assert wanted(text).impossible
    assert not wanted("a" * LONGEST).impossible


def test_every_text_folds_alike_however_often():
    for text in (
        "Ａｂｃ　１２",
        "Straße",
        "İstanbul",
        "ﬁ",
        "（株）",
        "㈱",
        "𠮷野",
        "\ud800",
        "A\x00B",
    ):
        assert fold(fold(text)) == fold(text)
        assert not any(sign.isspace() or "A" <= sign <= "Z" for sign in fold(text))
