"""What a paper says, held against the records: the check code of chemsales verify --code."""

from __future__ import annotations

from chemsales.cli.base import Exit, Run
from chemsales.queries import check_codes
from chemsales.words import _, say


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
        subject=match.subject, customer=match.customer, revision=match.revision,
        inputs_hash=match.inputs_hash, edition=match.edition, event=match.event,
        decisions=signed,
        since=[{**reason.as_dict(), "text": say(reason)} for reason in match.since],
    )  # fmt: skip
    return Exit.DONE
