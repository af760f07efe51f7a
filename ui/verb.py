"""One thing that a person can do in the window, as a row of the registry (ui/verbs.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chemsales.rules.roles import Action

WINDOW = ""  # the place of what can be done everywhere in the main window
PAPERS = "papers"  # of what can be done where a document is shown
TABLES = "tables"  # of what can be done in a table; the grid takes these keys itself
DIALOGS = "dialogs"  # of what can be done in a dialog
OPINIONS = "opinions"  # of what can be done where an opinion is written


@dataclass(frozen=True, slots=True)
class Verb:
    """What can be done: its word, keys, tip, who may do it, and the place where it is done.

    `id` begins with the key of its place and a dot, unless it is of the whole window. `text` and
    `tip` are messages of the catalogue; `keys` are in Qt's portable writing, the first is the one
    that is shown; `search` False keeps it out of the search of everything. `part` is what its
    place has to open first (`Page.open`); what `writes` has to wait while the database does not
    answer.
    """

    id: str
    text: str
    keys: tuple[str, ...] = ()
    tip: str = ""
    permission: Action | None = None
    search: bool = True
    part: object = None
    writes: bool = False

    @property
    def place(self) -> str:
        """The key of its place, WINDOW, PAPERS or DIALOGS."""
        return self.id.partition(".")[0] if "." in self.id else WINDOW


@dataclass(frozen=True, slots=True)
class Offer:
    """A verb as a part of the window offers it now; menus and the search of everything show it.

    `act` does it. `what` is what it is done with where that is data (a saved view by its name, a
    phrase): it stands instead of the verb's word in a menu of such things, and behind it in the
    search. `of` is the list or field it belongs to, `why` the sentence that greys it. What is
    switched on and off has its state in `ticked`, and `act` takes the new one.
    """

    verb: str
    act: Callable[..., object]
    what: str = ""
    of: str = ""
    why: str = ""
    ticked: bool | None = None

    def do(self) -> None:
        """Do it; switch it over where it has a state."""
        if self.ticked is None:
            self.act()
        else:
            self.act(not self.ticked)
