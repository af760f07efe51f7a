"""Text on the window: always plain, so that what people typed is never taken for markup."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.actions import plain_tip
from ui.theme import Tone

SIZED = {"title": "title", "record": "record", "section": "section", "figure": "figure"}


class PlainLabel(QLabel):
    """A label that never reads markup.

    `role`: "title", "record", "section", "figure" (sizes of the theme), "quiet", "problem",
    "warning" or "". `wrap` breaks long text over lines.
    """

    def __init__(
        self, text: str = "", role: str = "", wrap: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(wrap)
        if wrap:
            policy = self.sizePolicy()
            policy.setVerticalPolicy(QSizePolicy.Policy.MinimumExpanding)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self.set_role(role)

    def set_role(self, role: str) -> None:
        """Change how the label looks."""
        if role in SIZED:
            self.setFont(theme.font(SIZED[role], bold=True))
        theme.mark(self, "role", role)


class Badge(QLabel):
    """A status as sign, word and colour."""

    def __init__(
        self, text: str = "", tone: Tone = Tone.DRAFT, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_status(text, tone)

    def show_status(self, text: str, tone: Tone) -> None:
        """Show this word with the sign and colours of the tone."""
        front, back = theme.tokens().tones[tone]
        self.setText(f"{theme.SIGNS[tone]} {text}")
        pad, radius = theme.scaled(8), theme.scaled(4)
        self.setStyleSheet(
            f"color: {front}; background: {back}; border-radius: {radius}px;"
            f" padding: {theme.scaled(2)}px {pad}px;"
        )


class Line(QFrame):
    """A thin horizontal line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("line", True)


class EmptyState(QWidget):
    """What stands where there is nothing to show: one sentence, and perhaps a button below it."""

    def __init__(
        self, text: str = "", action: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.label = PlainLabel(text, role="quiet", wrap=True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(self.label)
        if action is not None:
            layout.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def set_text(self, text: str) -> None:
        """Change the sentence."""
        self.label.setText(text)


class ElidedLabel(QWidget):
    """One line of text that is shortened in its middle where there is no room; its tooltip has all
    of it. For names of files and the like, which may be as long as they please."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def text(self) -> str:
        """All of the text."""
        return self._text

    def setText(self, text: str) -> None:
        """Show this text, letter by letter."""
        self._text = " ".join(text.split())
        self.setToolTip(plain_tip(self._text))
        self.setAccessibleName(self._text)
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text[:60]), metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.scaled(40), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(theme.tokens().quiet))
        middle = Qt.TextElideMode.ElideMiddle
        shown = self.fontMetrics().elidedText(self._text, middle, self.width())
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), int(flags) | Qt.TextFlag.TextSingleLine, shown)
        painter.end()
