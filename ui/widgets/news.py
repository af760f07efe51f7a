"""What a case says otherwise than when it was returned last, before who reads it again."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from chemsales.rules.customer import ContactKind, DocumentKind
from chemsales.rules.history import FieldChange
from chemsales.rules.rounds import News, PaperNews
from chemsales.words import _, field, label, worded
from ui.text import dotted
from ui.theme import Tone
from ui.widgets.facts import Pairs, clear
from ui.widgets.labels import Badge, PlainLabel


def changed(each: FieldChange) -> str:
    """The value of a field before and after."""
    before, after = (worded(each.field, value) or "-" for value in (each.before, each.after))
    return _("{before} → {after}", before=before, after=after)


def mark(news: News | None, key: int) -> str:
    """The word that marks a scan that came since the return, "" of any other."""
    return label(news.papers[key]) if news is not None and key in news.papers else ""


def paper_badge(news: PaperNews) -> Badge:
    """The mark of a paper that came since the return."""
    return Badge(label(news), Tone.REVIEW)


class NewsView(QWidget):
    """`show_news(news, papers, groups)`: the fields before and after, the papers that came and
    went."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    def show_news(self, news: News, papers: Mapping[int, str], groups: Mapping[str, str]) -> None:
        """Show this; `papers` says what each paper is called by its key, `groups` the names of the
        product groups."""
        clear(self._column)
        self._column.addWidget(
            PlainLabel(_("Since round {number} was returned:", number=news.round), "quiet")
        )
        pairs = [(_named(each, groups), changed(each)) for each in news.fields]
        pairs += [(papers[key], label(how)) for key, how in news.papers.items()]
        pairs += [(_kind(kind), _("removed")) for kind in news.gone]
        if pairs:
            self._column.addWidget(Pairs(pairs))
        else:
            self._column.addWidget(PlainLabel(_("Nothing was changed."), wrap=True))


def _kind(kind: str) -> str:
    """What the paper that went is called: its kind, or its own name."""
    return label(kind) if isinstance(kind, DocumentKind) else kind


def _named(each: FieldChange, groups: Mapping[str, str]) -> str:
    """What a field is called, with the product group or the kind of contact it is of."""
    if each.field == "contacts":
        return label(ContactKind(each.of))
    return dotted((field(each.field), groups.get(each.of, each.of)))
