"""Rule editions: which parameters held from which day on, and a new edition."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from chemsales.queries import policy as query
from chemsales.queries.policy import EditionRow
from chemsales.queries.policy_effects import name_of, value_text
from chemsales.rules.policy import PARAMETERS, ParameterInfo
from chemsales.services import policy as service
from chemsales.services.changes import Subject
from chemsales.words import _
from ui import text
from ui.actions import button_for
from ui.context import Context
from ui.dialogs.edition import EditionDialog
from ui.pages.page import Page
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.theme import Tone
from ui.widgets.article import ArticleButton
from ui.widgets.labels import PlainLabel


class PolicySection(Page):
    """The editions above, the parameters of the one chosen below."""

    nested = True
    subjects = frozenset({Subject.POLICY})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.new_button = button_for(self.act("settings.new_edition", self.create), "primary")
        self.add_button(self.new_button)
        self.editions = Grid(
            [
                Column(_("Edition"), lambda row: row.number),
                Column(_("Holds from"), lambda row: row.effective_from),
                Column(_("Basis"), lambda row: row.basis, stretch=True),
                Column(_("Decided by"), lambda row: row.decided_by_name),
                Column(_("Decided at"), lambda row: text.when(row.decided_at)),
            ],
            key=lambda row: row.number,
            empty=_("No edition yet."),
            name=_("Rule editions"),
        )
        self.parameters = Grid(
            [
                Column(_("Parameter"), lambda item: name_of(item[0]), widest=60),
                Column(_("Value"), lambda item: value_text(*item), widest=90, stretch=True),
                Column(_("Edition before"), self._before, widest=60),
                Column(_("Compared with the regulation"), _compared, tone=_tone),
            ],
            key=lambda item: item[0].name,
            empty=_("Choose an edition."),
            name=_("Parameters"),
        )
        self.article = ArticleButton("")
        self.body.addWidget(self.editions, 2)
        row = QHBoxLayout()
        row.addWidget(PlainLabel(_("Parameters"), role="section"))
        row.addStretch(1)
        row.addWidget(self.article)
        self.body.addLayout(row)
        self.body.addWidget(self.parameters, 5)
        self.whole = PlainLabel("", wrap=True)
        self.body.addWidget(self.whole)
        self.editions.chosen.connect(self._choose)
        self.parameters.chosen.connect(self._cite)

    def title(self) -> str:
        return _("Rule editions")

    def refresh(self) -> None:
        self.context.read(query.editions, done=self._show)

    def create(self) -> None:
        """Ask for a new edition that begins with the newest one's parameters."""
        rows = self.editions.rows()
        newest = max(rows, key=lambda row: row.number, default=None)
        before = newest.parameters if newest else {}
        dialog = EditionDialog(before, self.context.session.today(), self.window())
        dialog.given.connect(
            lambda draft: dialog.write(
                self.context,
                service.add_edition,
                draft.effective_from,
                draft.parameters,
                draft.basis,
                newest.number if newest else None,
            )
        )
        dialog.open_in(self.context)

    def _show(self, rows: list[EditionRow]) -> None:
        self.editions.set_rows(rows)
        if self.editions.row() is None:
            self.editions.select_first()

    def _choose(self, row: EditionRow | None) -> None:
        items = [] if row is None else [(info, row.parameters[info.name]) for info in PARAMETERS]
        self.parameters.set_rows(items)
        if self.parameters.row() is None:
            self.parameters.select_first()

    def _before(self, item: tuple[ParameterInfo, object]) -> str:
        """The value of the edition before, "" where it is the same."""
        info, value = item
        chosen = self.editions.row()
        earlier = [row for row in self.editions.rows() if chosen and row.number < chosen.number]
        newest = max(earlier, key=lambda row: row.number, default=None)
        old = newest.parameters[info.name] if newest else info.default
        return "" if old == value else value_text(info, old)

    def _cite(self, item: tuple[ParameterInfo, object] | None) -> None:
        """Show the value of a parameter in full, and the article it comes from."""
        self.whole.setText(
            _("{field}: {text}", field=name_of(item[0]), text=value_text(*item)) if item else ""
        )
        edition = self.editions.row()
        self.article.set_clause(item[0].clause if item else "", edition.number if edition else None)


def _compared(item: tuple[ParameterInfo, object]) -> str:
    return _("as written") if item[1] == item[0].default else _("changed")


def _tone(item: tuple[ParameterInfo, object]) -> Tone:
    return Tone.OK if item[1] == item[0].default else Tone.SOON
