"""Sample data: a fictional department of sixty customers and eighteen months, made from a seed."""

from __future__ import annotations

from chemsales.demo.loader import load as load
from chemsales.demo.people import PEOPLE as PEOPLE
from chemsales.demo.people import password_of
from chemsales.demo.run import Made as Made
from chemsales.demo.run import run as run
from chemsales.demo.workbooks import generate as generate
from chemsales.words import label


def logins() -> list[tuple[str, str, str, str]]:
    """The fixed logins of the sample: login, password, the person's name, the role in words."""
    return [(login, password_of(login), name, label(role)) for login, name, role in PEOPLE]
