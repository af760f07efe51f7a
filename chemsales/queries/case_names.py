"""What a case is, said before its title or behind it: what a list of cases shows can be asked
for as well."""

from __future__ import annotations

from chemsales import words
from chemsales.rules.approval import ACCREDITATION, CHAINS, EVALUATION, LICENCE
from chemsales.rules.customer import DocumentKind
from chemsales.words import _, label


def titles(title: str) -> tuple[str, str]:
    """SQL over `queries.approval.SUBJECTS`, in the current language: a title with what the case is
    before it, and with that behind it, where the customer has to stay seen in a narrow column.

    It is a further class, a licence or proof and of which kind, or the chain; nothing is said of a
    first accreditation and of an evaluation, which is called so.
    """
    return f"{_what('{} · ')} || {title}", f"{title} || {_what(' · {}')}"


def _what(dotted: str) -> str:
    kinds = {str(kind): label(kind) for kind in DocumentKind}
    alone = (ACCREDITATION.name, EVALUATION.name, LICENCE.name)
    others = {name: dotted.format(words.chain(name)) for name in CHAINS if name not in alone}
    proofs, licences = (
        _cases("l.kind", {kind: dotted.format(f"{sort} · {name}") for kind, name in kinds.items()})
        for sort in (_("Proof"), _("Licence"))
    )
    further = _text(dotted.format(_("Further class")))
    return (
        f"CASE WHEN a.further = 1 THEN {further} "
        f"WHEN c.chain = '{LICENCE.name}' THEN CASE WHEN l.proof = 1 THEN {proofs} "
        f"ELSE {licences} END ELSE {_cases('c.chain', others)} END"
    )


def application_listed(name: str, further: bool) -> str:
    """What an application is called in a list where it is not read as a case: as `titles` says it,
    the customer first."""
    return " · ".join((name, _("Further class"))) if further else name


def _cases(column: str, texts: dict[str, str]) -> str:
    whens = " ".join(f"WHEN '{value}' THEN {_text(text)}" for value, text in texts.items())
    return f"CASE {column} {whens} ELSE '' END"


def _text(text: str) -> str:
    """A word of the catalogue as a text of SQL."""
    return "'" + text.replace("'", "''") + "'"
