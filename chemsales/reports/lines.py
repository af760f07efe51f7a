"""Lines of Chinese and Latin text: where a line may end, and where it must not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

# never first on a line, never last on a line
CLOSING = frozenset("，。、；：！？…‥”’》〉）】〗〕〙」』｝］．·—～％‰℃％,.;:!?)]}%°′″々ー")
OPENING = frozenset("“‘《〈（【〖〔〘「『｛［＄￥￡([{$¥£#＃№□☑")
# stays whole: 2026年7月6日, a Latin word, a number with its signs (1,204.500, A-12/3)
_WORD = re.compile(
    r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月\d{1,2}日|"
    r"[0-9A-Za-z\u00c0-\u024f\u0370-\u052f０-９Ａ-Ｚａ-ｚ_]"
    r"(?:[-+.,:/@&'_~*=\\]*[0-9A-Za-z\u00c0-\u024f\u0370-\u052f０-９Ａ-Ｚａ-ｚ_])*"
)
_SPACES = " \u3000"

CharWidth = Callable[[str], float]


def _pieces(text: str) -> Iterator[str]:
    """Words, single characters and runs of spaces, in order."""
    at = 0
    while at < len(text):
        if text[at] in _SPACES:
            end = at + 1
            while end < len(text) and text[end] in _SPACES:
                end += 1
        else:
            word = _WORD.match(text, at)
            end = word.end() if word else at + 1
        yield text[at:end]
        at = end


def boxes(text: str) -> list[str]:
    """The parts that a line end may stand between; spaces are parts of their own.

    Closing punctuation clings to what stands before it, opening punctuation to what follows, a
    number's sign to the number, a combining mark to its letter.
    """
    found: list[str] = []
    clinging = False  # the last box waits for what follows
    for piece in _pieces(text):
        space = piece[0] in _SPACES
        closes = piece[0] in CLOSING or unicodedata.combining(piece[0]) != 0
        joins = clinging or (closes and bool(found) and found[-1][0] not in _SPACES)
        if joins and not space:
            found[-1] += piece
        else:
            found.append(piece)
        signs = piece in ("-", "+", "−", "±")
        clinging = not space and (piece[0] in OPENING or (signs and not closes))
    return found


def _cut(box: str, start: int, width: float, char_width: CharWidth) -> int:
    """Where a line that begins at `start` of an over-long box ends: by the rules if they allow."""
    used, fit = 0.0, start
    while fit < len(box):
        used += char_width(box[fit])
        if used > width and fit > start:
            break
        fit += 1
    end = fit
    while end > start + 1 and not _may_end(box, end):
        end -= 1
    return end if _may_end(box, end) else fit


def _may_end(box: str, end: int) -> bool:
    return end == len(box) or (box[end] not in CLOSING and box[end - 1] not in OPENING)


def _break(text: str, width: float, char_width: CharWidth) -> Iterator[str]:
    line, used = "", 0.0
    for box in boxes(text):
        size = sum(map(char_width, box))
        if used + size <= width:
            line, used = line + box, used + size
            continue
        if box[0] in _SPACES:  # the line ends here and the spaces with it
            yield line.rstrip(_SPACES)
            line, used = "", 0.0
            continue
        if line.strip(_SPACES):
            yield line.rstrip(_SPACES)
            line, used = "", 0.0
        start = 0
        while size > width and (end := _cut(box, start, width, char_width)) < len(box):
            yield box[start:end]
            size -= sum(map(char_width, box[start:end]))
            start = end
        line, used = box[start:], size
    yield line.rstrip(_SPACES)


def break_lines(text: str, width: float, char_width: CharWidth) -> list[str]:
    """The text as lines no wider than `width` (in the unit of `char_width`); at least one line.

    No line starts with closing punctuation and none ends with opening punctuation; words and
    numbers stay whole unless wider than the line. Line feeds in the text are kept.
    """
    found: list[str] = []
    for paragraph in text.split("\n"):
        found.extend(_break(paragraph, width + 1e-6, char_width))
    return found
