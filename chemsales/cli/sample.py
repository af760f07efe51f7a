"""chemsales demo: the whole main job on the sample department, without a window."""

from __future__ import annotations

import sys
from pathlib import Path

from chemsales.cli.base import Commands, Exit, Run
from chemsales.words import _


def register(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add("demo", demo, _("do the main job on sample data and print its papers"))
    parser.add_argument(
        "--out", type=Path, default=Path("out"), metavar="FOLDER", help=_("where the papers go")
    )


def demo(run: Run) -> int:
    """Load the sample, decide, close, evaluate, print; say the logins and what was made.

    The database is a new one in the folder; the configured one is not touched.
    """
    from chemsales.demo import logins
    from chemsales.demo import run as do_main_job

    made = do_main_job(run.options.out, None if run.options.json else _progress)
    sizes = [(str(path), path.stat().st_size) for path in made.files]
    width = max(len(str(size)) for _path, size in sizes)
    lines = [
        _("Logins of the sample department:"),
        *(f"  {login:8} {password:32} {role} {name}" for login, password, name, role in logins()),
        _("Made:"),
        *(f"  {size:>{width}}  {path}" for path, size in sizes),
        _("Verified: {links} links, head {head}", links=made.verification.links,
          head=made.verification.head),
    ]  # fmt: skip
    run.say(
        "\n".join(lines),
        files=[{"file": path, "bytes": size} for path, size in sizes],
        logins=[
            {"login": login, "password": password, "name": name, "role": role}
            for login, password, name, role in logins()
        ],
        links=made.verification.links,
        head=made.verification.head,
    )
    return Exit.DONE if made.verification.sound else Exit.FINDINGS


def _progress(done: int, total: int) -> None:
    """A line that counts, on a terminal alone."""
    if sys.stderr.isatty():
        print(f"\r{done} / {total}", end="\n" if done == total else "", file=sys.stderr, flush=True)
