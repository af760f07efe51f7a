"""Data that looks like markup: every page and dialog of business shows it letter by letter, and
opens no file that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from chemsales.rules.approval import Verdict
from chemsales.rules.customer import Draft
from chemsales.rules.roles import Role
from chemsales.services import accreditation, delegation
from tests import furnishing
from tests.baiting import BAIT, COLOUR, IMAGE, heard, laid, texts
from tests.scenes import Scene, Stage, business, customer_change, disqualification, licences, scenes
from tests.ui.conftest import widgets_of
from tests.ui.test_scenes import _markup
from ui.main_window import MainWindow
from ui.widgets.labels import ElidedLabel

NAMES = (
    f"{IMAGE}甲",
    f"<b>乙</b>&amp;<a href='file://{BAIT}'>{{0}} %s</a>",
    f"丙</td></tr></table>\"'&lt;img src={BAIT}&gt;",
)
_MADE: dict[str, tuple[Path, object]] = {}  # departments of hostile business, made once


def _draft(name: str, number: int, *more: object, **facts: str) -> Draft:
    """A draft in which everything that may be any text is hostile."""
    from tests.factory import draft_of

    own = (
        "legal_person",
        "bank",
        "business_scope",
        "industry",
        "invoice_address",
        "short_name",
    )
    made = draft_of(name, number, *more, **{**facts, **dict.fromkeys(own, IMAGE)})  # type: ignore[arg-type]
    contacts = tuple(replace(each, name=IMAGE, title=IMAGE) for each in made.contacts)
    return replace(made, contacts=contacts, manager_opinion=IMAGE)


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Customers, contacts, opinions, reasons and names of files are hostile in what a scene
    furnishes."""
    attach, decide, delegate = accreditation.attach, furnishing.decide, delegation.delegate
    monkeypatch.setattr(furnishing, "NAMES", NAMES)
    monkeypatch.setattr(business, "NAMES", NAMES)
    ends = {f"{IMAGE}{at}": day for at, day in enumerate(furnishing.EXPIRING.values())}
    monkeypatch.setattr(furnishing, "EXPIRING", ends)
    monkeypatch.setattr(furnishing, "_FURNISHED", _MADE)
    monkeypatch.setattr(furnishing, "draft_of", _draft)
    monkeypatch.setattr(
        accreditation,
        "attach",
        lambda session, key, kind, _label, *more, **known: attach(
            session, key, kind, f"{IMAGE}.pdf", *more, **known
        ),
    )
    monkeypatch.setattr(
        furnishing,
        "decide",
        lambda session, key, verdict=Verdict.APPROVE, *_, **__: decide(
            session, key, verdict, IMAGE
        ),
    )
    monkeypatch.setattr(delegation, "delegate", lambda *given: delegate(*given[:-1], IMAGE))
    with laid():
        yield


def _texts(window: QWidget) -> Iterator[str]:
    """All text that is shown in a window."""
    for widget in widgets_of(window):
        if isinstance(widget, QLabel | QLineEdit | ElidedLabel):
            yield widget.text()
        elif isinstance(widget, QAbstractButton):
            yield widget.text().replace("&&", "&")
        elif isinstance(widget, QPlainTextEdit | QTextEdit):
            yield widget.toPlainText()
        elif isinstance(widget, QComboBox):
            yield from (widget.itemText(at) for at in range(widget.count()))
        elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from _cells(widget, Qt.ItemDataRole.DisplayRole)
        yield widget.accessibleName()


def _cells(view: QAbstractItemView, role: Qt.ItemDataRole) -> Iterator[str]:
    model, root = view.model(), QModelIndex()
    columns = 1 if isinstance(view, QListView) else model.columnCount(root)
    for row in range(min(model.rowCount(root), 30)):
        for column in range(columns):
            yield str(model.index(row, column).data(role) or "")


def _tips(window: QWidget) -> Iterator[str]:
    for widget in widgets_of(window):
        yield widget.toolTip()
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from _cells(widget, Qt.ItemDataRole.ToolTipRole)


def _bait_is_shown(window: QWidget) -> bool:
    picture = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    seen = np.frombuffer(picture.constBits(), np.uint32)
    return bool((seen == QColor(*COLOUR).rgb()).any())


NAMELESS = {  # where no text of a customer belongs, so that nothing can be seen
    "approvals_empty", "approvals_none_left", "approvals_override", "customers_empty",
    "check_code_unknown",
    "check_code_mistyped", "application_new", "application_missing", "application_legacy",
    "application_attach", "application_describe", "application_form", "tiers_empty", "tiers_import",
    "tiers_import_problems", "tiers_close", "tiers_closed", "tiers_reopen", "tiers_undo",
    "customers_view", "dialog_delegation", "licences_empty",
}  # fmt: skip


BUSINESS = [
    scene
    for each in (business, customer_change, disqualification, licences)
    for scene in each.SCENES
    if scene.name not in NAMELESS
]


@pytest.mark.parametrize("scene", BUSINESS, ids=lambda scene: scene.name)
def test_shown_as_typed(scene: Scene, hostile: None, stage: Callable[..., Stage]) -> None:
    window = scene.show(stage(scene))
    assert any(IMAGE in text or NAMES[1] in text for text in _texts(window)), scene.name
    assert _markup(window) == []
    assert [tip for tip in _tips(window) if "<img" in tip or "<b>" in tip or "<a " in tip] == []
    assert not _bait_is_shown(window)
    assert heard == []


def _harm(window: QWidget) -> list[str]:
    """What reads text as more than text in a window."""
    tips = [tip for tip in _tips(window) if "<img" in tip or "<b>" in tip or "<a " in tip]
    return [*_markup(window), *tips, *heard]


def test_every_text_typed_into_a_form(hostile: None, stage: Callable[..., Stage]) -> None:
    """Field by field, judged as a person is told; then kept as a draft."""
    scene = next(each for each in business.SCENES if each.name == "application_new")
    placed = stage(scene)
    dialog = scene.show(placed)
    form = dialog.form  # type: ignore[attr-defined]
    typed = [f for f in form.fields.values() if isinstance(f.editor, QLineEdit | QPlainTextEdit)]
    assert len(typed) > 20
    for text in texts(1):
        for field in typed:
            field.set_text(text)
        form.touch_all()
        assert _harm(dialog) == [], text[:60]
    for field in typed:
        field.set_text(IMAGE)
    form.settled.emit()
    placed.settle()
    assert _harm(dialog) == [] and not _bait_is_shown(dialog)


def test_every_text_searched_for(
    hostile: None, open_window: Callable[..., MainWindow], settle: Callable[[], None]
) -> None:
    """In the search of everything and in a list's own."""
    window = open_window(Role.SALES_HEAD, "customers")
    palette, own = window.palette_box, window.page.search  # type: ignore[attr-defined]
    told: list[str] = []
    for field in (palette.field, own):
        field.searched.connect(told.append)
    palette.open()
    for field in (palette.field, own):
        for text in (*texts(1), IMAGE):
            field.setText(text)
            field.search_now()
            settle()
            assert told.pop() == field.wanted()
            nothing = field is palette.field and field.wanted() and not palette.entries
            assert not nothing or field.wanted() in palette.note.text()
            assert _harm(window) == [], text[:60]
        assert not _bait_is_shown(window)
        palette.close_again()


def test_the_bait_is_seen_where_markup_is_read(
    hostile: None, open_window: Callable[..., MainWindow]
) -> None:
    """The test itself can fail: a label that reads markup shows the picture."""
    label = QLabel(IMAGE)
    label.show()
    assert _bait_is_shown(label)
    BAIT.read_bytes()
    assert heard
    label.close()


def test_what_is_nameless_is_a_scene() -> None:
    assert {scene.name for scene in scenes()} >= NAMELESS
