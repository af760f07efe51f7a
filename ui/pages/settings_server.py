"""The server's checks: whether rights, rules and settings are as they were set up."""

from __future__ import annotations

from dataclasses import dataclass

from chemsales.queries import server as query
from chemsales.queries.server import Finding
from chemsales.words import _, say
from ui.actions import button_for
from ui.context import Context
from ui.pages.page import Page
from ui.tables.columns import Column
from ui.tables.view import Grid
from ui.theme import Tone
from ui.widgets.labels import PlainLabel


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: the check, and one thing that it found wrong ("" for nothing)."""

    place: int
    check: str
    mend: str
    tone: Tone

    @property
    def state(self) -> str:
        """The state in words."""
        if self.tone is Tone.OK:
            return _("In order")
        return _("Advice") if self.tone is Tone.SOON else _("To mend")


def lines_of(findings: tuple[Finding, ...]) -> list[Line]:
    """What is wrong first, then advice, then what is in order."""
    lines: list[Line] = []
    for finding in findings:
        wrong = Tone.SOON if finding.warning else Tone.PROBLEM
        found = [(say(reason), wrong) for reason in finding.wrong] or [("", Tone.OK)]
        lines += [Line(0, say(finding.check), mend, tone) for mend, tone in found]
    order = (Tone.PROBLEM, Tone.SOON, Tone.OK)
    ordered = sorted(lines, key=lambda line: order.index(line.tone))
    return [Line(at, line.check, line.mend, line.tone) for at, line in enumerate(ordered)]


class ServerSection(Page):
    """A plain list of the checks, each with what to mend."""

    nested = True

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.add_button(button_for(self.act("settings.check_server", self.refresh)))
        self.body.addWidget(
            PlainLabel(
                _(
                    "On a server the database itself holds the rules. What is to be mended here is"
                    " mostly mended by its owner with: chemsales server-init"
                ),
                role="quiet",
                wrap=True,
            )
        )
        self.grid = Grid(
            [
                Column(_("State"), lambda row: row.state, tone=lambda row: row.tone),
                Column(_("Check"), lambda row: row.check, widest=44),
                Column(_("What to mend"), lambda row: row.mend, widest=80, stretch=True),
            ],
            key=lambda row: row.place,
            empty=_("The data is in a file on this computer; there is no server to check."),
            name=_("Server"),
        )
        self.body.addWidget(self.grid, 1)
        self.whole = PlainLabel("", wrap=True)  # a sentence may be longer than its column
        self.body.addWidget(self.whole)
        self.grid.chosen.connect(self._choose)

    def title(self) -> str:
        return _("Server")

    def refresh(self) -> None:
        self.context.read(query.findings, done=self._show)

    def _show(self, findings: tuple[Finding, ...]) -> None:
        self.grid.set_rows(lines_of(findings))
        if self.grid.row() is None:
            self.grid.select_first()

    def _choose(self, row: Line | None) -> None:
        self.whole.setText(row.mend if row is not None else "")
