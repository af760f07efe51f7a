"""The help of a page: its text in the window's language, and the keys that the page has."""

from __future__ import annotations

from PySide6.QtWidgets import QTextBrowser, QWidget

from chemsales.config import resource
from chemsales.words import _, current
from ui import theme
from ui.actions import button, key_text
from ui.dialogs.base import Dialog
from ui.verbs import VERBS

GENERAL = "window"  # the page about the window itself


def text_of(place: str, language: str) -> str:
    """The help of a place as Markdown; FileNotFoundError where it is not written yet."""
    return resource("help", language, f"{place}.md").read_text(encoding="utf-8")


def keys_of(place: str) -> str:
    """The keys of a place as a list in Markdown; "" where it has none."""
    lines = [
        f"- **{'**, **'.join(dict.fromkeys(map(key_text, verb.keys)))}** {_(verb.text)}"
        for verb in VERBS.values()
        if verb.place == place and verb.keys
    ]
    heading = _("Keys of this page")
    return "\n".join(["", "", f"**{heading}**", "", *lines]) if lines else ""


class HelpDialog(Dialog):
    """Stays beside the window while the person works; nothing in it is of a customer's data."""

    def __init__(self, place: str, parent: QWidget | None = None) -> None:
        super().__init__(_("Help"), parent)
        self.setModal(False)
        self.text = QTextBrowser()
        self.text.setAccessibleName(_("Help"))
        self.text.setOpenLinks(False)
        self.text.document().setDocumentMargin(theme.scaled(10))
        self.body.addWidget(self.text, 1)
        self.general = button(_("About the window"), lambda: self.show_page(GENERAL), "link")
        self.verbs.insertWidget(0, self.general)
        self.close_only()
        self.resize(theme.fitting(520, 560, parent))
        self.show_page(place)

    def show_page(self, place: str) -> None:
        """Show the help of this place."""
        self.place = place
        self.text.setMarkdown(text_of(place, current()) + keys_of(place))
        self.general.setEnabled(place != GENERAL)


def help_over(dialog: Dialog) -> None:
    """Show the help of the place that a dialog belongs to, in a window of its own beside it."""
    above: QWidget | None = dialog
    while isinstance(above, Dialog):
        parent = above.parentWidget()
        above = parent.window() if parent is not None else None
    shown = dialog.findChild(HelpDialog)
    if shown is None:
        shown = HelpDialog(dialog.help_place or getattr(above, "place", GENERAL), dialog)
    shown.show()
    shown.activateWindow()
