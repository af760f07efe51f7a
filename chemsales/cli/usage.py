"""The words of argparse itself ("usage:", "options:"), out of the program's catalogue."""

from __future__ import annotations

import gettext
import os

from chemsales.config import resource
from chemsales.words import N_

DOMAIN = "chemsales"

# argparse asks gettext for these, literally so
WORDS = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("show program's version number and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("expected one argument"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("ignored explicit argument %r"),
)


def speak(language: str) -> None:
    """Let argparse speak this language; it asks the default domain of gettext, which looks for the
    language in the environment."""
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(DOMAIN, str(resource("i18n")))
    gettext.textdomain(DOMAIN)
