"""The article of the regulation behind a decision, one click away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from chemsales.words import _
from ui import theme
from ui.actions import plain_button, plain_tip
from ui.dialogs.base import Dialog
from ui.widgets.labels import PlainLabel


class ArticleButton(QPushButton):
    """A link that names an article and opens its text. `clause` is its id, for example "C9.2"."""

    def __init__(
        self, clause: str, edition: int | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.clause, self.edition = clause, edition
        self.setAutoDefault(False)
        self.setProperty("role", "link")
        self.clicked.connect(lambda _checked=False: self.open_article())
        self.set_clause(clause, edition)

    def set_clause(self, clause: str, edition: int | None = None) -> None:
        """Name another article; the button hides where the clause has no text."""
        from chemsales import articles

        self.clause, self.edition = clause, edition
        text = articles.cite(clause, edition) if clause else ""
        self.setVisible(bool(text))
        self.setText(plain_button(text))
        self.setAccessibleName(text)
        self.setToolTip(plain_tip(_("Show the article's text")))

    def open_article(self) -> Dialog | None:
        """Open the article's text; None where the clause has none."""
        from chemsales import articles

        found = articles.article(self.clause)
        if found is None:
            return None
        dialog = Dialog(found.citation, self.window())
        width = theme.scaled(560)
        dialog.setMinimumWidth(width)
        dialog.body.addWidget(PlainLabel(found.citation, role="section"))
        dialog.body.addWidget(PlainLabel(found.document, role="quiet", wrap=True))
        body = QPlainTextEdit(found.text)
        body.setReadOnly(True)
        body.setAccessibleName(found.citation)
        wrapped = Qt.TextFlag.TextWordWrap
        text = body.fontMetrics().boundingRect(
            0, 0, width - theme.scaled(80), 0, wrapped, found.text
        )
        body.setFixedHeight(min(round(text.height() * 1.2), theme.scaled(400)) + theme.scaled(30))
        dialog.body.addWidget(body)
        dialog.close_only()
        dialog.open()
        return dialog
