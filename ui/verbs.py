"""The registry of everything a person can do in the window: one row for each thing.

To add one: a row here (of the settings in ui/verbs_settings.py), and `self.act("place.verb",
self.slot)` in the page (or `actions.make` in another widget). Buttons, menus, the search of
everything and the list of keys are made from it.
"""

from __future__ import annotations

from chemsales.rules.roles import Action
from chemsales.words import N_
from ui.verb import DIALOGS as DIALOGS
from ui.verb import OPINIONS as OPINIONS
from ui.verb import PAPERS as PAPERS
from ui.verb import TABLES as TABLES
from ui.verb import WINDOW as WINDOW
from ui.verb import Verb as Verb
from ui.verbs_settings import SETTINGS

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
    Verb(
        "open_settings",
        N_("Open the settings"),
        ("Ctrl+,",),
        N_("Your password, colours, language, and what your roles let you set"),
    ),
    Verb("zoom_in", N_("Larger"), ("Ctrl++", "Ctrl+="), N_("Zoom in: everything larger")),
    Verb("zoom_out", N_("Smaller"), ("Ctrl+-",), N_("Zoom out: everything smaller")),
    Verb(
        "zoom_reset",
        N_("Normal size"),
        ("Ctrl+0",),
        N_("Zoom 100 %: everything in its normal size"),
    ),
    Verb("scheme_light", N_("Light colours"), (), N_("Show every window in light colours")),
    Verb("scheme_dark", N_("Dark colours"), (), N_("Show every window in dark colours")),
    Verb("scheme_system", N_("Colours as the system"), (), N_("Light or dark, as the system")),
    Verb("language_zh_CN", N_("Simplified Chinese"), (), N_("Show the program in this language")),
    Verb("language_zh_TW", N_("Traditional Chinese"), (), N_("Show the program in this language")),
    Verb("language_en", N_("English"), (), N_("Show the program in this language")),
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
        "licences.new",
        N_("Record a licence …"),
        ("Ctrl+N",),
        N_("Record a renewed licence, or a proof, of the chosen row or of any customer"),
        Action.LICENCE_RECORD,
        writes=True,
    ),
    Verb(
        "licences.letters",
        N_("Renewal letters …"),
        ("Ctrl+P",),
        N_("Letters to the customers of the ticked rows, or of the chosen one, as they print"),
        Action.REPORT_PRINT,
    ),
    Verb(
        "licences.calendar",
        N_("Calendar …"),
        tip=N_("Write the last days as a calendar file (.ics) with its reminders"),
    ),
    Verb(
        "licences.issue",
        N_("Give a licence …"),
        tip=N_("Give the ticked exclusive agents, or the chosen one, the licence of the next term"),
        permission=Action.AGENT_LICENCE_ISSUE,
        part=("agents", ""),
        writes=True,
    ),
    Verb(
        "licences.print_agent",
        N_("Agent's licence …"),
        tip=N_("Show the licences of the ticked exclusive agents, or of the chosen one"),
        permission=Action.REPORT_PRINT,
        part=("agents", ""),
    ),
    Verb("licences.find", N_("Find in the list"), ("Ctrl+F",), N_("Search this list")),
    Verb(
        "licences.correct",
        N_("Correct …"),
        tip=N_("Correct the paper that came back and put it up again"),
        search=False,
        writes=True,
    ),
    Verb(
        "licences.withdraw",
        N_("Withdraw"),
        tip=N_("Take the paper back before it is accepted"),
        search=False,
        writes=True,
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
_PARTS = (
    Verb("papers.print", N_("Print"), ("Ctrl+P",), N_("Print exactly the pages shown")),
    Verb("papers.save", N_("Save as PDF"), (), N_("Save exactly the pages shown")),
    Verb("papers.previous_page", N_("Previous page")),
    Verb("papers.next_page", N_("Next page")),
    Verb("papers.smaller", N_("Zoom out"), ("-",)),
    Verb("papers.larger", N_("Zoom in"), ("+", "=")),
    Verb("papers.width", N_("Fit the width"), ("W",)),
    Verb("papers.page", N_("Fit the whole page"), ("P",)),
    Verb("papers.actual", N_("Actual size"), ("1",)),
    Verb("papers.turn", N_("Turn clockwise"), ("R",)),
    Verb("papers.glass", N_("Magnifying glass"), ("Z",)),
    Verb("tables.copy", N_("Copy the chosen rows"), ("Ctrl+C",)),
    Verb("tables.copy_headers", N_("Copy with headers"), ("Ctrl+Shift+C",)),
    Verb("tables.filter", N_("Filter row of a table"), ("Ctrl+Shift+L",)),
    Verb("tables.column", N_("Filter of this column"), ("Alt+Down",)),
    Verb("tables.paste", N_("Paste rows out of a spreadsheet"), ("Ctrl+V",)),
    Verb("tables.tools", N_("List tools"), search=False),
    Verb("tables.views", N_("Views"), search=False),
    Verb("tables.all_rows", N_("All rows")),
    Verb("tables.view", N_("Show a saved view")),
    Verb("tables.save_view", N_("Save this view …")),
    Verb("tables.delete_view", N_("Delete a view"), search=False),
    Verb("tables.columns", N_("Columns"), search=False),
    Verb("tables.freeze", N_("Keep the first column in sight")),
    Verb("tables.columns_reset", N_("Columns as at first")),
    Verb("tables.sort_up", N_("Sort ascending"), search=False),
    Verb("tables.sort_down", N_("Sort descending"), search=False),
    Verb("tables.hide", N_("Hide this column"), search=False),
    Verb("tables.value", N_("Values that are let through"), search=False),
    Verb("tables.formats", N_("Export"), tip=N_("Export this list"), search=False),
    Verb("tables.export", N_("Export to Excel (.xlsx)"), ("Ctrl+E",), N_("Export this list")),
    Verb("tables.export_csv", N_("Export to CSV (.csv)"), tip=N_("Export this list")),
    Verb("tables.details", N_("Details beside the list"), ("F4",)),
    Verb("opinions.phrases", N_("Phrases"), search=False),
    Verb("opinions.phrase", N_("Put in a phrase")),
    Verb("opinions.keep", N_("Keep what is written as a phrase")),
    Verb("opinions.forget", N_("Forget a phrase"), search=False),
    Verb("dialogs.primary", N_("The main button of a dialog"), ("Ctrl+Return", "Ctrl+Enter")),
    Verb("dialogs.save", N_("Save draft"), ("Ctrl+S",), N_("Keep what is typed so far")),
)
VERBS: dict[str, Verb] = {verb.id: verb for verb in (*_WINDOW, *_PLACES, *SETTINGS, *_PARTS)}
# keys that fields and dialogs give a meaning of their own, so that no verb may have them
KEPT = (
    ("Ctrl+;", N_("Today's date (in a date)")),
    ("F7", N_("The scan before (in a case)")),
    ("F8", N_("The next scan (in a case)")),
)
