"""The registry of everything a person can do in the window: one row for each thing.

To add one: a row here, and `self.act("place.verb", self.slot)` in the page (or `actions.make` in
another widget). Buttons, menus, the search of everything and the list of keys are made from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from chemsales.rules.roles import Action
from chemsales.words import N_

WINDOW = ""  # the place of what can be done everywhere in the main window
PAPERS = "papers"  # of what can be done where a document is shown
TABLES = "tables"  # of what can be done in a table; the grid takes these keys itself
DIALOGS = "dialogs"  # of what can be done in a dialog

# input methods, chat programs and window managers take these before the program sees them
TAKEN = frozenset(
    {
        "Alt+A",
        "Alt+F4",
        "Alt+Space",
        "Alt+Tab",
        "Ctrl+Alt+A",
        "Ctrl+Alt+W",
        "Ctrl+Alt+Z",
        "Ctrl+Esc",
        "Ctrl+Shift+A",
        "Ctrl+Shift+F",
        "Ctrl+Space",
        "Ctrl+.",
        "Shift+Space",
    }
)


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


_WINDOW = (
    Verb(
        "find",
        N_("Find anything"),
        ("Ctrl+K",),
        N_("Customers, cases, actions, places, reports"),
        search=False,
    ),
    Verb("back", N_("Go back"), ("Alt+Left",), N_("Back to where you were"), search=False),
    Verb("forward", N_("Go forward"), ("Alt+Right",), N_("Forward again"), search=False),
    Verb("refresh", N_("Refresh"), ("F5",), N_("Read what is shown again")),
    Verb("rail", N_("Narrow or wide tabs"), ("Ctrl+B",), N_("Leave the page more room, or less")),
    Verb("next_pane", N_("Next part of the window"), ("F6",), search=False),
    Verb("previous_pane", N_("Previous part of the window"), ("Shift+F6",), search=False),
    Verb("next_place", N_("Next tab"), ("Ctrl+PgDown",), search=False),
    Verb("previous_place", N_("Previous tab"), ("Ctrl+PgUp",), search=False),
    Verb("zoom_in", N_("Larger"), ("Ctrl++", "Ctrl+="), N_("Show everything larger")),
    Verb("zoom_out", N_("Smaller"), ("Ctrl+-",), N_("Show everything smaller")),
    Verb("zoom_reset", N_("Normal size"), ("Ctrl+0",), N_("Show everything in its normal size")),
    Verb(
        "check_code",
        N_("Check a code …"),
        (),
        N_("Which paper a check code stands on, and what changed since it was printed"),
        Action.READ,
    ),
    Verb("keys", N_("List of keys"), ("Ctrl+/",), N_("Every key of the program")),
    Verb("help", N_("Help"), ("F1",), N_("What this page is for and how it is used")),
    Verb(
        "back_up",
        N_("Back up now"),
        (),
        N_("Write a checked copy of the whole database"),
        Action.BACKUP,
        writes=True,
    ),
    Verb("about", N_("About the program"), (), N_("Versions, database and folders")),
    Verb("lock", N_("Lock"), ("Ctrl+L",), N_("Lock the window until the password is given again")),
    Verb("logout", N_("Sign out"), (), N_("Let another person sign in")),
)
_PLACES = (
    Verb("today.start", N_("Start"), (), N_("Begin with the first thing that waits")),
    Verb(
        "approvals.approve", N_("Approve"), ("Ctrl+Return", "Ctrl+Enter"), search=False, writes=True
    ),
    Verb("approvals.return", N_("Return"), ("Alt+T",), search=False, writes=True),
    Verb("approvals.reject", N_("Reject"), (), search=False, writes=True),
    Verb(
        "approvals.undo",
        N_("Undo the decision"),
        ("Ctrl+Z",),
        N_("Take back what was decided last, until the next stage has acted"),
        Action.ACCREDITATION_DECIDE,
        writes=True,
    ),
    Verb(
        "approvals.correct",
        N_("Correct and submit again"),
        tip=N_("Go where the case that came back is corrected"),
        search=False,
    ),
    Verb(
        "evaluation.preview",
        N_("Preview all sheets"),
        tip=N_("Show the sheets as they print: of all or the ticked customers"),
        permission=Action.REPORT_PRINT,
    ),
    Verb(
        "evaluation.print",
        N_("Print the evaluation sheets"),
        ("Ctrl+P",),
        N_("Print the sheets shown: of the chosen period, of all or the ticked customers"),
        Action.REPORT_PRINT,
    ),
    Verb(
        "evaluation.compute",
        N_("Compute"),
        (),
        N_("Compute the chosen period"),
        Action.EVALUATION_COMPUTE,
        writes=True,
    ),
    Verb(
        "evaluation.sign", N_("Sign …"), (), N_("Go to the case, where it is approved or returned")
    ),
    Verb(
        "customers.new",
        N_("New application"),
        ("Ctrl+N",),
        N_("Begin the application of a new customer"),
        Action.APPLICATION_EDIT,
    ),
    Verb("customers.find", N_("Find in the list"), ("Ctrl+F",), N_("Search this list")),
    Verb(
        "customers.print",
        N_("Application form …"),
        ("Ctrl+P",),
        N_("Show the application form of the chosen row as it prints"),
        Action.REPORT_PRINT,
    ),
    Verb(
        "customers.list",
        N_("Back to the list (Esc)"),
        ("Esc",),
        N_("Close the card, back to the list"),
        search=False,
    ),
    Verb(
        "tiers.import",
        N_("Import …"),
        ("Ctrl+I",),
        N_("Import pick-ups or plans from a workbook"),
        Action.OFFTAKE_IMPORT,
        writes=True,
    ),
    Verb(
        "tiers.close",
        N_("Close the month …"),
        (),
        N_("Compute every level and close the chosen month"),
        Action.MONTH_CLOSE,
        writes=True,
    ),
    Verb(
        "tiers.reopen",
        N_("Reopen …"),
        (),
        N_("Reopen the chosen month"),
        Action.MONTH_REOPEN,
        writes=True,
    ),
    Verb(
        "tiers.rate",
        N_("Rate …"),
        (),
        N_("Rate the cooperation of the chosen customer"),
        Action.COOPERATION_RATE,
        writes=True,
    ),
    Verb(
        "tiers.confirm",
        N_("Confirm the rating"),
        (),
        N_("Confirm the chosen rating of cooperation"),
        Action.COOPERATION_CONFIRM,
        writes=True,
    ),
    Verb(
        "tiers.undo",
        N_("Undo this import …"),
        (),
        N_("Take the chosen import back as one step"),
        Action.OFFTAKE_UNDO,
        writes=True,
    ),
)
_SETTINGS = (
    Verb(
        "settings.own_password",
        N_("Change the password"),
        tip=N_("Replace your own password"),
        part="password",
        writes=True,
    ),
    Verb(
        "settings.new_person",
        N_("New login"),
        tip=N_("Make a login with a one-time password"),
        permission=Action.PEOPLE_EDIT,
        part="people",
        writes=True,
    ),
    Verb(
        "settings.change_roles",
        N_("Change roles"),
        tip=N_("Change the roles of the chosen person"),
        permission=Action.PEOPLE_EDIT,
        part="people",
        writes=True,
    ),
    Verb(
        "settings.reset_password",
        N_("New one-time password"),
        tip=N_("Give the chosen person a password for one sign-in"),
        permission=Action.PEOPLE_EDIT,
        part="people",
        writes=True,
    ),
    Verb(
        "settings.confirm_password",
        N_("Confirm the new password"),
        tip=N_("Confirm, as the second person, that the chosen person asked for the password"),
        permission=Action.RESET_CONFIRM,
        part="people",
        writes=True,
    ),
    Verb(
        "settings.forbid_login",
        N_("Forbid the login"),
        tip=N_("Forbid the chosen person to sign in, or allow it again"),
        permission=Action.PEOPLE_EDIT,
        part="people",
        writes=True,
    ),
    Verb(
        "settings.save_names",
        N_("Save"),
        ("Ctrl+S",),
        N_("Save the names that stand on printed forms"),
        Action.SETTINGS_EDIT,
        search=False,
        part="company",
        writes=True,
    ),
    Verb(
        "settings.new_edition",
        N_("New edition"),
        tip=N_("Begin a new edition of the rule parameters"),
        permission=Action.POLICY_EDIT,
        part="policy",
        writes=True,
    ),
    Verb(
        "settings.load_year",
        N_("Load an official year"),
        tip=N_("Fill a year of the calendar with the official days off"),
        permission=Action.CALENDAR_EDIT,
        part="calendar",
        writes=True,
    ),
    Verb(
        "settings.enter_day",
        N_("Enter a day"),
        tip=N_("Enter a day off or a make-up working day"),
        permission=Action.CALENDAR_EDIT,
        part="calendar",
        writes=True,
    ),
    Verb(
        "settings.confirm_year",
        N_("Confirm by notice"),
        tip=N_("Make the chosen year firm by the number of its notice"),
        permission=Action.CALENDAR_EDIT,
        part="calendar",
        writes=True,
    ),
    Verb(
        "settings.new_group",
        N_("New product group"),
        tip=N_("Add a product group"),
        permission=Action.PRODUCT_EDIT,
        part="products",
        writes=True,
    ),
    Verb(
        "settings.end_group",
        N_("No longer offer the group"),
        tip=N_("End the offer of the chosen product group, or offer it again"),
        permission=Action.PRODUCT_EDIT,
        part="products",
        writes=True,
    ),
    Verb(
        "settings.new_product",
        N_("New product"),
        tip=N_("Add a product to a group that is offered"),
        permission=Action.PRODUCT_EDIT,
        part="products",
        writes=True,
    ),
    Verb(
        "settings.end_product",
        N_("No longer offer the product"),
        tip=N_("End the offer of the chosen product, or offer it again"),
        permission=Action.PRODUCT_EDIT,
        part="products",
        writes=True,
    ),
    Verb(
        "settings.restore_backup",
        N_("Restore this backup …"),
        tip=N_("Put the chosen backup in the place of the database"),
        permission=Action.BACKUP,
        part="backup",
    ),
    Verb(
        "settings.restore_file",
        N_("Restore another file …"),
        tip=N_("Put a backup that lies elsewhere in the place of the database"),
        permission=Action.BACKUP,
        part="backup",
    ),
    Verb(
        "settings.open_backups",
        N_("Open the folder"),
        tip=N_("Show the backups in the file manager"),
        permission=Action.BACKUP,
        part="backup",
    ),
    Verb(
        "settings.second_folder",
        N_("Second folder …"),
        tip=N_("Choose a folder on another disk that gets a copy of every backup"),
        permission=Action.BACKUP,
        part="backup",
    ),
    Verb(
        "settings.no_second_folder",
        N_("No second folder"),
        tip=N_("Copy the backups nowhere else any more"),
        permission=Action.BACKUP,
        search=False,
        part="backup",
    ),
    Verb(
        "settings.check_server",
        N_("Check again"),
        tip=N_("Check rights, rules and settings of the server"),
        permission=Action.VERIFY,
        part="server",
    ),
)
_PARTS = (
    Verb("papers.print", N_("Print"), ("Ctrl+P",), N_("Print exactly the pages shown")),
    Verb("papers.save", N_("Save as PDF"), (), N_("Save exactly the pages shown")),
    Verb("tables.copy", N_("Copy the chosen rows"), ("Ctrl+C",)),
    Verb("tables.copy_headers", N_("Copy with headers"), ("Ctrl+Shift+C",)),
    Verb("tables.filter", N_("Filter row of a table"), ("Ctrl+Shift+L",)),
    Verb("tables.column", N_("Filter of this column"), ("Alt+Down",)),
    Verb("tables.paste", N_("Paste rows out of a spreadsheet"), ("Ctrl+V",)),
    Verb("tables.export", N_("Export this list"), ("Ctrl+E",)),
    Verb("tables.details", N_("Details beside the list"), ("F4",)),
    Verb("dialogs.primary", N_("The main button of a dialog"), ("Ctrl+Return", "Ctrl+Enter")),
    Verb("dialogs.save", N_("Save draft"), ("Ctrl+S",), N_("Keep what is typed so far")),
)
VERBS: dict[str, Verb] = {verb.id: verb for verb in (*_WINDOW, *_PLACES, *_SETTINGS, *_PARTS)}
# keys that fields and dialogs give a meaning of their own, so that no verb may have them
KEPT = (
    ("Ctrl+;", N_("Today's date (in a date)")),
    ("F7", N_("The scan before (in a case)")),
    ("F8", N_("The next scan (in a case)")),
)
