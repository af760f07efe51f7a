"""chemsales recompute, policy diff, and verify --code: results held against what they rest on."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from chemsales.cli.base import Commands, Exit, Run, whole_number, written
from chemsales.queries import check_codes, recomputing
from chemsales.queries import policy_effects as effects
from chemsales.queries.policy import load_edition_number
from chemsales.queries.recomputing import Recomputation
from chemsales.rules.periods import check_month
from chemsales.services.session import Session
from chemsales.words import _, current, label, say


def register(commands: Commands) -> None:
    """Add the commands."""
    again = commands.add(
        "recompute", recompute, _("compute a closing or an evaluation again from its frozen inputs")
    )
    again.add_argument("kind", choices=("closing", "evaluation"))
    again.add_argument("of", metavar="MONTH|PERIOD", help=_("2026-09, or 2026Q3, 2026H1 or 2026"))
    again.add_argument(
        "--revision", type=whole_number, default=0, help=_("not the one that stands")
    )
    again.add_argument(
        "--inputs", type=Path, metavar="FILE", help=_("write the inputs, for chemsales calc")
    )
    again.add_argument("--out", type=Path, metavar="FILE", help=_("write the canonical result"))
    again.add_argument(
        "--pdf", type=Path, metavar="FILE", help=_("compare these evaluation sheets byte by byte")
    )
    rules = commands.add("policy", policy, _("what a rule edition changed, and whom it moves"))
    rules.add_argument("act", choices=("diff",))
    rules.add_argument("number", type=whole_number, help=_("number of the edition"))


def policy(run: Run) -> int:
    """The parameters that an edition changed, and whose last level or grade it would change."""
    session, number = run.session(), run.options.number
    changed = effects.differences(session.actor, number)
    parameters = load_edition_number(number).policy.as_parameters()
    found = effects.moved(session.actor, parameters)
    texts = [
        (effects.name_of(each.info), effects.value_text(each.info, each.old),
         effects.value_text(each.info, each.new))
        for each in changed
    ]  # fmt: skip
    lines = [f"{name}: {old} -> {new}" for name, old, new in texts]
    lines.append(_("Would move: {count}", count=len(found)))
    lines += [
        f"{m.customer} {m.name}  {m.what}: {label(m.stands)} -> {label(m.would)}" for m in found
    ]
    run.say(
        "\n".join(lines), number=number,
        changed=[
            {"parameter": each.info.name, "old": each.old, "new": each.new, "text": line}
            for each, line in zip(changed, lines, strict=False)
        ],
        moved=[
            {"customer": m.customer, "name": m.name, "what": m.what, "stands": str(m.stands),
             "would": str(m.would)}
            for m in found
        ],
    )  # fmt: skip
    return Exit.DONE


def recompute(run: Run) -> int:
    """Say whether the same comes out; exit code 1 where it does not."""
    session, options = run.session(), run.options
    if options.kind == "closing":
        month = check_month(options.of)
        found = recomputing.closing(session.actor, month, options.revision)
    else:
        found = recomputing.evaluation(session.actor, options.of, options.revision)
    if options.inputs:
        text = json.dumps(found.document, ensure_ascii=False, indent=1)
        with written(options.inputs) as file:
            file.write_text(text, encoding="utf-8")
    if options.out:
        with written(options.out) as file:
            file.write_text(found.again, encoding="utf-8")
    printed = _papers(session, found, options.pdf) if options.kind == "evaluation" else {}
    digest = hashlib.sha256(found.again.encode()).hexdigest()
    title = _("{title}, revision {revision}, rule edition {edition}", title=found.title,
              revision=found.revision, edition=found.edition)  # fmt: skip
    same = found.same and all(value is not False for value in printed.values())
    lines = [
        f"{title}: " + (_("the same result") if found.same else _("ANOTHER RESULT")),
        f"JSON SHA-256 {digest}",
        *(f"PDF SHA-256 {printed[key]}" for key in ("pdf",) if key in printed),
        *([_("the same pages")] if printed.get("pages_same") else []),
        *([_("OTHER PAGES")] if printed.get("pages_same") is False else []),
        *([] if found.frozen else [_("Not all of its inputs were frozen then.")]),
        *(f"! {customer}" for customer in found.differing),
    ]
    run.say(
        "\n".join(lines), kind=found.kind, of=found.title, revision=found.revision,
        edition=found.edition, same=found.same, frozen=found.frozen, sha256=digest,
        differing=list(found.differing), **printed,
    )  # fmt: skip
    return Exit.DONE if same else Exit.FINDINGS


def _papers(session: Session, found: Recomputation, given: Path | None) -> dict[str, object]:
    """The hash of the sheets' PDF out of the new results, whether the stored ones give the same
    bytes, and whether the pages given are these."""
    from chemsales.reports import evaluation_sheet

    stored, again = recomputing.evaluation_sheets(session.actor, found)
    made = evaluation_sheet.render(again, current())
    answer: dict[str, object] = {
        "pdf": hashlib.sha256(made).hexdigest(),
        "pdf_same": evaluation_sheet.render(stored, current()) == made,
    }
    if given is not None:
        answer["pages_same"] = given.read_bytes() == made
    return answer


def verify_code(run: Run) -> int:
    """Say what a paper's check code stands for; exit code 1 where no paper ever had it."""
    session = run.session()
    match = check_codes.check(session.actor, run.options.code, session.today())
    if match is None:
        text = _("No paper of this database ever had this check code.")
        run.say(text, code=run.options.code, matches=False)
        return Exit.FINDINGS
    signed = [
        {"stage": str(d.stage), "verdict": str(d.verdict), "signer": d.signer_name,
         "at": d.signed_at.isoformat(), "text": check_codes.signature(d)}
        for d in match.decisions
    ]  # fmt: skip
    lines = [
        f"{match.code}: {check_codes.title(match)}",
        _("Inputs SHA-256 {hash}", hash=match.inputs_hash),
        _("Rule edition {edition}, event {event}", edition=match.edition, event=match.event),
        *(f"  {each['text']}" for each in signed),
        *(f"! {say(reason)}" for reason in match.since),
    ]
    run.say(
        "\n".join(lines), code=match.code, matches=True, kind=str(match.kind),
        subject=match.subject, day=match.day, customer=match.customer, revision=match.revision,
        inputs_hash=match.inputs_hash, edition=match.edition, event=match.event,
        decisions=signed,
        since=[{**reason.as_dict(), "text": say(reason)} for reason in match.since],
    )  # fmt: skip
    return Exit.DONE
