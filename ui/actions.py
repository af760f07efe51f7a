"""Live actions and buttons, made from the registry (ui/verbs.py): the same word, key and tip for
the same thing everywhere, and the reason why where it cannot be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from chemsales.words import _
from ui import theme
from ui.verb import Offer
from ui.verbs import VERBS, Verb

# what stands on these keys in every language, where Qt's words for them differ
ON_THE_KEY = {
    "Return": "Enter",
    "Enter": "Enter",
    "Left": "←",
    "Right": "→",
    "Up": "↑",
    "Down": "↓",
}


def plain_tip(text: str) -> str:
    """A tooltip that shows `text` letter by letter, also where it looks like markup."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<qt>{plain}</qt>".replace("\n", "<br>") if text else ""


def plain_button(text: str) -> str:
    """A button's or box's text in which `&` is an ampersand and no key."""
    return text.replace("&", "&&")


class Act(QAction):
    """A verb of the registry that is live in a widget.

    `why` is the sentence that greys it (the service refuses with the same), "" where it can be
    done. What the person's roles forbid (`forbidden`) stands before any other reason.
    """

    def __init__(
        self, verb: Verb, owner: QWidget, slot: Callable[[], object], forbidden: str = ""
    ) -> None:
        super().__init__(plain_button(_(verb.text)), owner)
        self.verb, self.forbidden, self.why = verb, forbidden, ""
        self._asked, self._suspended = "", ""
        self.setObjectName(verb.id)
        self.setShortcuts([QKeySequence(key) for key in verb.keys])
        # a key of a page works wherever the focus is while the page is shown (Qt asks no action of
        # a hidden widget), one of a part of a page while the focus is in that part
        part = verb.id.startswith("papers.")
        inside, window = Qt.ShortcutContext.WidgetWithChildrenShortcut, Qt.ShortcutContext
        self.setShortcutContext(inside if part else window.WindowShortcut)
        self.triggered.connect(lambda _checked=False: slot())
        self.block("")
        owner.addAction(self)

    def block(self, why: str) -> None:
        """Grey it and say why; enable it where `why` is empty and the roles allow it."""
        self._asked = why
        self.why = self.forbidden or self._suspended or why
        self.setEnabled(not self.why)
        tip = _(self.verb.tip) or _(self.verb.text)
        self.setToolTip(plain_tip(self.why) if self.why else _tip(tip, self.verb))
        self.setStatusTip((self.why or tip).replace("\n", " "))

    def forbid(self, why: str) -> None:
        """Grey it before any other reason, or no longer: what is delegated comes and goes."""
        if why != self.forbidden:
            self.forbidden = why
            self.block(self._asked)

    def suspend(self, why: str) -> None:
        """Grey it for the time being, whatever else greys it; `why` is empty when that is over."""
        if why == self._suspended:
            return
        self._suspended = why
        self.block(self._asked)


def make(name: str, owner: QWidget, slot: Callable[[], object], forbidden: str = "") -> Act:
    """The action of this name in the registry, live while `owner` is shown."""
    return Act(VERBS[name], owner, slot, forbidden)


def key_text(key: str) -> str:
    """A key as this platform writes it, arrows and Enter as on the keys; "" for none."""
    sequence, written = QKeySequence(key), QKeySequence.SequenceFormat
    held, plus, last = sequence.toString(written.PortableText).rpartition("+")
    if last in ON_THE_KEY:
        return held + plus + ON_THE_KEY[last]
    return sequence.toString(written.NativeText)


def _tip(text: str, verb: Verb) -> str:
    return plain_tip(f"{text} ({key_text(verb.keys[0])})" if verb.keys else text)


def fill(menu: QMenu, acts: Iterable[QAction]) -> QMenu:
    """A menu of these actions, whose greyed ones say why when they are pointed at."""
    menu.setToolTipsVisible(True)
    menu.addActions(list(acts))
    return menu


def word(name: str) -> str:
    """What this verb of the registry is called."""
    verb = VERBS[name]
    return _(verb.text)


def add(menu: QMenu, offer: Offer) -> QAction:
    """A line of a menu: the verb's word and key (which its place takes itself), or what it is done
    with; its tip, or why it cannot be done."""
    verb = VERBS[offer.verb]
    text = plain_button(offer.what or _(verb.text))
    line = menu.addAction(
        f"{text}\t{key_text(verb.keys[0])}" if verb.keys and not offer.what else text
    )
    line.setObjectName(verb.id)
    line.setEnabled(not offer.why)
    tip = offer.why or _(verb.tip)
    line.setToolTip(plain_tip(tip or offer.what or _(verb.text)))
    line.setStatusTip((tip or _(verb.text)).replace("\n", " "))
    menu.setToolTipsVisible(True)
    if offer.ticked is None:
        line.triggered.connect(lambda _checked=False: offer.act())
    else:
        line.setCheckable(True)
        line.setChecked(offer.ticked)
        line.toggled.connect(offer.act)
    return line


def branch(menu: QMenu, name: str, offers: Iterable[Offer]) -> QMenu:
    """A menu inside a menu, called as the verb is, greyed where it has no line."""
    inside = menu.addMenu(plain_button(word(name)))
    for offer in offers:
        add(inside, offer)
    inside.setEnabled(not inside.isEmpty())
    return inside


class Button(QPushButton):
    """A push button that never gets narrower than its text, nor than a button should look.

    Enter presses none that destroys or ends something, as desktops let it press a button that has
    the focus: Space or its own key does it.
    """

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not enter or self.property("role") != "danger":
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if self.property("role") not in ("link", "tool", "chip", "filter"):
            hint.setWidth(max(hint.width(), theme.scaled(88)))
        return hint

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def button(
    text: str,
    slot: Callable[[], object] | None = None,
    role: str = "",
    tip: str = "",
    name: str = "",
    parent: QWidget | None = None,
) -> QPushButton:
    """A push button that Enter in another field never presses.

    `role`: "primary" (one per screen), "danger", "link", "tool" or "". `name` is what a screen
    reader says where the text is only a sign.
    """
    made = Button(plain_button(text), parent)
    made.setAutoDefault(False)
    made.setAccessibleName(name or text)
    if role:
        made.setProperty("role", role)
    if tip:
        set_tip(made, tip)
    if slot is not None:
        made.clicked.connect(lambda _checked=False: slot())
    return made


def button_for(source: QAction, role: str = "", sign: str = "") -> QPushButton:
    """A button that triggers an action and is enabled, named and explained like it; `sign` is
    written on it instead of the action's text, which is its name all the same."""
    name = source.text().replace("&&", "&")
    made = button(sign or name, source.trigger, role, name=name)

    was = source.isVisible()

    def follow() -> None:
        nonlocal was
        made.setEnabled(source.isEnabled())
        if was != source.isVisible():
            was = source.isVisible()
            made.setVisible(was)
        made.setText(plain_button(sign) if sign else source.text())
        made.setAccessibleName(source.text().replace("&&", "&"))
        made.setToolTip(source.toolTip())
        made.setStatusTip(source.statusTip())

    made.setToolTip(source.toolTip())
    made.setStatusTip(source.statusTip())
    made.setEnabled(source.isEnabled())
    source.changed.connect(follow)
    return made


def set_tip(made: QPushButton, tip: str) -> None:
    """What is said of a button while it can be pressed."""
    made.setProperty("tip", tip)
    made.setToolTip(plain_tip(tip))
    made.setStatusTip(tip)


def set_blocked(made: QPushButton, why: str) -> None:
    """Grey a button and say why in its tooltip; enable it again where `why` is empty."""
    made.setEnabled(not why)
    said = why or made.property("tip") or ""
    made.setToolTip(plain_tip(said))
    made.setStatusTip(said.replace("\n", " "))
