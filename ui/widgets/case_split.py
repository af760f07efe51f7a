"""What a case says in a column that scrolls, and its scans beside or below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chemsales.queries.accreditation import document_bytes
from chemsales.rules.rounds import News
from chemsales.words import _
from ui import theme
from ui.context import Context
from ui.widgets.document_viewer import DocumentViewer
from ui.widgets.labels import PlainLabel
from ui.widgets.news import NewsView
from ui.widgets.scans import ScanReader
from ui.widgets.scrolled import scrolled
from ui.widgets.split import Split


class CaseSplit(Split):
    """A subclass fills `column`; the scans stand in `viewer`, read by the query `read`.

    `title` is what a screen reader says of the column, `least` its least width at 100 %.
    """

    def __init__(
        self,
        context: Context,
        name: str,
        title: str,
        read: Callable[..., tuple[str, bytes]] = document_bytes,
        sizes: Sequence[int] = (420, 520),
        least: int = 270,
        tabs: bool = True,
        orientation: Qt.Orientation = Qt.Orientation.Horizontal,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, sizes, orientation=orientation, parent=parent)
        self.context = context
        inner = QWidget()
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, theme.scaled(8), 0)
        self.column.setSpacing(theme.scaled(8))
        area = scrolled(inner, title)
        area.setMinimumWidth(theme.scaled(least))
        self.addWidget(area)
        self.viewer = DocumentViewer(tabs=tabs)
        ScanReader(self.viewer, context, read)
        self.addWidget(self.viewer)
        self.divide()

    def show_news(self, news: News | None, papers: Mapping[int, str], then: str = "") -> None:
        """Add what is otherwise since the case was returned, where it was, with the heading `then`
        of what follows; `papers` says what each scan is called by its key."""
        if news is not None:
            self.section(_("Changed since the return"))
            made = NewsView()
            made.show_news(news, papers, {})
            self.column.addWidget(made)
            if then:
                self.section(then)

    def section(self, title: str) -> None:
        """Add a heading to the column."""
        self.column.addWidget(PlainLabel(title, role="section"))
