"""G13: hostile text through every entry is refused with a reason or kept, and shown as text.

Every text of `tests.baiting` goes into every field of an application (on both engines), into the
columns of files to import, into names, reasons and paths of the command line. What is kept comes
out on papers, workbooks, CSV files and in the search (the window's pages and dialogs are those of
tests/ui/test_hostile_text.py). Nobody opens the file that the texts name, calls the port, starts a
program or draws the picture; no cell is a formula; no error is one that nobody foresaw.
"""

from __future__ import annotations

import csv
import io
import itertools
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import fields, replace
from pathlib import Path

import openpyxl
import pypdfium2

from chemsales import exchange
from chemsales.cli import main
from chemsales.queries import application_form, customers, search
from chemsales.queries.accreditation import application, applications
from chemsales.queries.evaluation_reports import meeting, sheets
from chemsales.queries.filtering import Filter, Request
from chemsales.queries.listing import ids
from chemsales.queries.offtake import import_context
from chemsales.reports import application_form as form
from chemsales.reports import evaluation_sheet, operating_meeting
from chemsales.rules.customer import CustomerFacts, Draft, normalise_facts
from chemsales.rules.errors import ChemsalesError, DataError, Invalid
from chemsales.rules.text import has_hidden
from chemsales.services import accreditation, evaluation, offtake
from chemsales.storage import database as storage
from chemsales.storage.database import rows
from chemsales.words import LANGUAGES, language, say
from tests import baiting, factory
from tests.campaigns import Score
from tests.conftest import opened
from tests.conftest_postgres import shared_server
from tests.exchange.conftest import HEADINGS, write_book
from tests.exchange.test_customers import GOOD
from tests.exchange.test_customers import HEADINGS as CUSTOMER_HEADINGS
from tests.factory import PASSWORD, Clock, accredit, draft_of, session_of
from tests.factory_offtake import close, pick_up, rate, weekdays

FEW_CUSTOMERS = 6  # of the short form, the texts shared out among their fields
FEW_TEXTS = 8  # one in so many for the commands, each of which signs in and takes its time
FEW_ON_SERVER = 3  # one in so many, in the short form
FREE = (
    "name", "short_name", "former_name", "mnemonic", "enterprise_type", "business_term",
    "registered_capital", "legal_person", "registered_address", "business_address",
    "business_scope", "industry", "parent_company", "bank", "invoice_address", "credit_note",
)  # fmt: skip
MONTH = "2026-06"
Texts = Sequence[str]


def run(short: bool) -> Iterator[Score]:
    """Entry by entry on a file and a server; then all that shows what they left in the file."""
    with (
        tempfile.TemporaryDirectory(prefix="chemsales-texts-") as name,
        baiting.laid(),
        baiting.listening() as (port, came),
    ):
        folder, texts = Path(name), baiting.texts(port)
        url = f"sqlite:///{folder / 'work.db'}"
        with opened(url):
            factory.seed_department()
            yield _score("texts into every field, on a file", _into_fields, texts)
            number = FEW_CUSTOMERS if short else len(texts)
            yield _score("customers of such texts", lambda t: _into_customers(t, number), texts)
            yield _score("texts in files to import", lambda t: _into_files(t, folder), texts)
            yield _score("texts searched for, on a file", _searched, texts)
            yield _score("papers", _on_paper, texts)
        yield _score("commands", lambda t: _commanded(t, url, folder, short), texts)
        with _on_server() as target, opened(target):
            factory.seed_department()
            some = texts[:: FEW_ON_SERVER if short else 1]
            yield _score("texts into every field, on a server", _into_fields, some)
            yield _score("texts searched for, on a server", _searched, some)
        yield Score("ears", 2, (*baiting.heard, *came))


@contextmanager
def _on_server() -> Iterator[str]:
    server, name = shared_server(), f"chemsales_texts_{os.getpid()}"
    server.drop_database(name)
    yield server.create_database(name)
    server.drop_database(name)


def _score(name: str, part: Callable[[Texts], Iterator[str | None]], texts: Texts) -> Score:
    """How many were tried, and the sentences among what came of them."""
    told = list(part(texts))
    return Score(name, len(told), tuple(each for each in told if each is not None))


def _refusal(error: ChemsalesError) -> str | None:
    """What is wrong with how it was refused: it has to say why in every language."""
    for code in LANGUAGES:
        with language(code):
            said = [say(reason) for reason in error.reasons]
        if not said or any(not text or text.startswith("reason.") for text in said):
            return f"refused without a word in {code}: {error!r}"
    return None


def _with(text: str, number: int) -> Draft:
    """A draft with this text in every field that takes any."""
    kept = ("profile", "code_override")  # chosen from a list; a reviewer's own
    own = {item.name: text for item in fields(CustomerFacts) if item.name not in kept}
    made = draft_of("x", number)
    return replace(
        made,
        facts=replace(made.facts, **own),
        classes=tuple(replace(each, region=text, purpose=text) for each in made.classes),
        contacts=tuple(
            replace(each, name=text, title=text, phone=text, email=text) for each in made.contacts
        ),
        manager_opinion=text,
    )


def _without(draft: Draft, places: Sequence[str], plain: Draft) -> Draft:
    """The draft with the plain one's texts at these places."""
    facts, classes, contacts, opinion = (
        draft.facts, draft.classes, draft.contacts, draft.manager_opinion,
    )  # fmt: skip
    for place in places:
        head, *rest = place.split(".")
        if head == "manager_opinion":
            opinion = plain.manager_opinion
        elif head == "classes":
            own = {rest[1]: getattr(plain.classes[0], rest[1])}
            classes = (replace(classes[0], **own),)
        elif head == "contacts":
            contacts = (replace(contacts[0], **{rest[1]: getattr(plain.contacts[0], rest[1])}),)
        else:
            facts = replace(facts, **{head: getattr(plain.facts, head)})
    return Draft(facts, classes, contacts, opinion)


def _saved_after_refusals(
    draft: Draft, plain: Draft, save: Callable[[Draft], int]
) -> tuple[tuple[int, Draft] | None, list[str | None]]:
    """The key and the draft that was saved, the places that were refused being the plain one's;
    what is wrong with the refusals."""
    refused: list[str | None] = []
    for _again in range(4):  # texts, the opinion, then what may be a draft's but not be submitted
        try:
            return (save(draft), draft), refused
        except Invalid as error:
            refused.append(_refusal(error))
            draft = _without(draft, [problem.place for problem in error.problems], plain)
    return None, refused


def _into_fields(texts: Texts) -> Iterator[str | None]:
    """Saved as it is where it may be, else refused at the very places where it may not."""
    am = session_of("am")
    for number, text in enumerate(texts):
        draft, plain, what = _with(text, number), draft_of("海洋化工", number), repr(text)[:60]
        key, refused = _saved_after_refusals(
            draft, plain, lambda d: accreditation.save_draft(am, d).value
        )
        yield from refused
        if key is None:
            yield f"{what} cannot be saved"
            continue
        stored = application(am.actor, key[0]).draft
        if stored.facts != normalise_facts(key[1].facts):
            yield f"{what} is stored as something else"
        held = [*_texts_of(stored), *stored.manager_opinion.splitlines()]
        yield next((f"{what} left {each!r} hidden" for each in held if has_hidden(each)), None)


def _texts_of(draft: Draft) -> Iterator[str]:
    for record in (draft.facts, *draft.classes, *draft.contacts):
        yield from (str(getattr(record, item.name)) for item in fields(record))


def _into_customers(texts: Texts, number: int) -> Iterator[str | None]:
    """Customers whose free fields share the texts out, with a month, a rating and a run."""
    clock, turn = Clock(), itertools.cycle(texts)
    clock.set(2026, 6, 1)
    keys = []
    for at in range(number):
        draft = plain = draft_of("海洋化工", 1000 + at)
        for name in FREE:
            draft = replace(draft, facts=replace(draft.facts, **{name: next(turn)}))
        contacts = tuple(replace(c, name=next(turn), title=next(turn)) for c in draft.contacts)
        draft = replace(draft, contacts=contacts, manager_opinion=next(turn))
        key, refused = _saved_after_refusals(draft, plain, lambda d: accredit(d, clock))
        yield from refused
        if key is not None:
            keys.append(key[0])
        yield f"customer {at} cannot be accredited" if key is None else None
    clock.set(2026, 7, 6)
    am, sales = session_of("am", clock), session_of("sales", clock)
    pick_up(am, [line for key in keys for line in weekdays(MONTH, 10_000, key)])
    for key in keys:
        rate(clock, key, MONTH, 90)
    close(sales, MONTH)
    evaluation.compute(am, "2026Q2")


def _into_files(texts: Texts, folder: Path) -> Iterator[str | None]:
    """Pick-ups and customers as a workbook and as a CSV file, every text in its row."""
    (name,) = rows("SELECT name FROM customer ORDER BY id LIMIT 1")[0]
    day = Clock().instant.date().replace(day=1)
    pickups = [
        *((day, text, text, 1.5, text, text, text) for text in texts),
        *((day, name, "PP-T30S", 1.5, "提货", text, text) for text in texts),
    ]
    places = [place for place, cell in enumerate(GOOD) if isinstance(cell, str)]
    people = [
        tuple(text if at == place else cell for at, cell in enumerate(GOOD))
        for text in texts
        for place in places
    ]
    for kind, headings, lines in (
        ("pickups", HEADINGS, pickups),
        ("customers", CUSTOMER_HEADINGS, people),
    ):
        writable = [[_escaped(cell) for cell in line] for line in lines]
        book = write_book(folder / f"{kind}.xlsx", [headings, *writable])
        sheet = folder / f"{kind}.csv"
        with sheet.open("w", encoding="utf-8", errors="replace", newline="") as file:
            csv.writer(file).writerows([headings, *_without_nul(lines)])
        for path in (book, sheet):
            yield from _read(path, kind)


def _without_nul(lines: Sequence[Sequence[object]]) -> Iterator[list[object]]:
    """No text file has one; with one it is refused as a whole."""
    for line in lines:
        yield [cell.replace("\0", "") if isinstance(cell, str) else cell for cell in line]


def _escaped(cell: object) -> object:
    """What no file in UTF-8 can hold, as a workbook writes it."""
    return cell.replace("\ud800", "_xD800_")[:32_000] if isinstance(cell, str) else cell


def _read(path: Path, kind: str) -> Iterator[str | None]:
    am = session_of("am")
    preview = None
    try:
        preview = exchange.preview(path, kind, import_context(am.actor, am.today()))
    except DataError as error:  # the whole file
        yield _refusal(error)
        return
    for code in LANGUAGES:
        with language(code):
            said = [exchange.describe(problem) for problem in preview.problems]
        yield next((f"{path.name}: {text!r}" for text in said if "reason." in text), None)
    if preview.bad:
        exchange.write_bad_rows(preview, path.with_name(f"{path.stem} bad.xlsx"))
        yield from _formulas(path.with_name(f"{path.stem} bad.xlsx"))
    if kind == "pickups" and preview.good:
        with_good = replace(preview, sha256=f"{path.suffix}{preview.sha256}"[:64])
        offtake.import_batch(am, with_good, only_good=True)
        yield None


def _searched(texts: Texts) -> Iterator[str | None]:
    """The search of everything, the lists' own, and every name finds its customer."""
    actor = session_of("sales").actor
    names = [str(name) for (name,) in rows("SELECT name FROM customer ORDER BY id")]
    for text in (*texts, *names):
        try:
            hits = search.find(actor, text)
            listed = [row.name for row in customers.customers(actor, text)]
            applications(actor, text)
            for asked in (Filter("name", text), Filter("manager", f"={text}")):
                ids(actor, customers.CUSTOMERS, Request().filtered(asked))
        except ChemsalesError as error:
            yield _refusal(error)
            continue
        except Exception as error:
            yield f"searching {text[:60]!r}: {type(error).__name__}: {error}"
            continue
        lost = text in names and any(c.isalnum() for c in text) and text not in listed
        yield f"{text[:60]!r} does not find its customer; {len(hits)} hits" if lost else None


def _on_paper(texts: Texts) -> Iterator[str | None]:
    """Every application's form, the sheets and the meeting's paper: no picture, no link in them."""
    actor = session_of("sales").actor
    for (key,) in rows("SELECT id FROM application WHERE state = 'accredited' ORDER BY id"):
        found = application_form.application_form(actor, key)
        yield _printed(f"form {key}", lambda found=found: form.render(found, "zh_CN"))  # type: ignore[misc]
    (run_id,) = rows("SELECT max(id) FROM evaluation_run")[0]
    pages = sheets(actor, run_id)
    yield _printed("sheets", lambda: evaluation_sheet.render(pages, "zh_CN"))
    paper = meeting(actor, run_id)
    yield _printed("meeting", lambda: operating_meeting.render(paper, "en"))


def _printed(what: str, make: Callable[[], bytes]) -> str | None:
    try:
        data = make()
    except ChemsalesError as error:
        return _refusal(error)
    except Exception as error:
        return f"{what}: {type(error).__name__}: {error}"[:200]
    pictures = [
        None
        for page in pypdfium2.PdfDocument(data)
        for _each in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
    ]
    if pictures:
        return f"{what}: {len(pictures)} pictures"
    return f"{what}: it has an action" if b"/URI" in data or b"/JavaScript" in data else None


def _commanded(texts: Texts, url: str, folder: Path, short: bool) -> Iterator[str | None]:
    """Names, reasons, months, papers and paths on the command line (short: a few texts, a command
    each); then the lists it hands out."""
    password = folder / "password.txt"
    password.write_text(PASSWORD + "\n", encoding="utf-8")
    for number, text in enumerate(texts[:: FEW_TEXTS if short else 1]):
        argvs = list(_argvs(text.replace("\0", ""), number, password, folder))
        for argv in [argvs[number % len(argvs)]] if short else argvs:
            yield _command(url, password, *argv)
    for kind, suffix in itertools.product(("customers", "events", "months"), (".xlsx", ".csv")):
        path = folder / f"{kind}{suffix}"
        yield _command(url, password, "auditor", "export", kind, f"--out={path}")
        yield from _formulas(path)


def _argvs(text: str, number: int, password: Path, folder: Path) -> Iterator[tuple[str, ...]]:
    yield ("admin", "user", "add", f"p{number}", f"--name={text}", "--role=finance",
           f"--new-password-file={password}")  # fmt: skip
    yield ("sales", "reopen-month", f"--reason={text}", "2020-01")
    yield ("sales", "close-month", "--", text)
    yield ("sales", "evaluate", "--", text)
    yield ("auditor", "verify", f"--code={text}")
    yield ("sales", "report", "application", f"--application={text}", f"--out={folder / 'a.pdf'}")
    yield ("am", "import", "customers", "--dry-run", "--", text)
    yield ("sales", "export", "months", f"--out={folder / 'named'}{os.sep}{text[:50]}.csv")


def _command(url: str, password: Path, login: str, *argv: str) -> str | None:
    """What is wrong with how a command ended or what it said."""
    out, before = io.StringIO(), storage.database.obj
    options = ("--db", url, "--login", login, "--lang", "zh_CN", f"--password-file={password}")
    try:
        with redirect_stdout(out), redirect_stderr(out):
            code = main([argv[0], *options, *argv[1:]])
    except Exception as error:
        return f"{argv}: {type(error).__name__}: {error}"[:300]
    finally:
        storage.close()
        storage.database.obj = before
    said = out.getvalue()
    if code not in range(6) or "Traceback" in said:
        return f"{argv} ended with {code}: {said}"[:300]
    return f"{argv} says {said!r}"[:300] if "\x1b" in said or "\u202e" in said else None


def _formulas(path: Path) -> Iterator[str | None]:
    """Cells of a table that was handed out which a spreadsheet would compute or follow."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            for cell in itertools.chain.from_iterable(csv.reader(file)):
                bad = cell[:1] in "=+@＝＠\t\r" and cell[:1] != ""
                yield f"{path.name}: {cell[:60]!r}" if bad else None
        return
    for cell in itertools.chain.from_iterable(openpyxl.load_workbook(path).active):
        bad = cell.data_type == "f" or cell.hyperlink is not None
        yield f"{path.name} {cell.coordinate}: {cell.value!r}"[:200] if bad else None
