"""Make or renew .venv from the hashed requirements; the standard library only, any Python 3.

usage: environment.py FOLDER {run,dev}
"""

import importlib.util
import os
import shutil
import subprocess
import sys

LOWEST = (3, 11)
SAYS_NO_ROOM = "No space left on device"


def stop(*lines):
    for line in lines:
        print(line, file=sys.stderr)
    sys.exit(1)


def check_python():
    if sys.version_info < LOWEST:
        stop(
            "chemsales needs Python {}.{} or newer; {} is {}.{}.".format(
                LOWEST[0], LOWEST[1], sys.executable, *sys.version_info[:2]
            ),
            "Name a newer one, for example: make run PYTHON=python3.12",
        )
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        version = "{}.{}".format(*sys.version_info[:2])
        stop(
            f"{sys.executable} cannot make virtual environments: its venv module is not installed.",
            "Install it, then call make again:",
            f"  sudo apt-get update && sudo apt-get install -y python{version}-venv",
        )


def interpreter(folder):
    inside = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return os.path.join(folder, *inside)


def same_version(folder):
    """Whether the environment is there, works, and is of this Python's version."""
    ask = [interpreter(folder), "-c", "import sys, pip; print(*sys.version_info[:2])"]
    try:
        answer = subprocess.run(ask, capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.split() == [
        str(part) for part in sys.version_info[:2]
    ]


def run(words, what):
    answer = subprocess.run(words, capture_output=True, text=True, check=False)
    if answer.returncode:
        said = answer.stdout + answer.stderr
        print(said, file=sys.stderr)
        hint = "The disk is full." if SAYS_NO_ROOM in said else "pip's own words stand above."
        stop(f"Could not {what}. {hint}")


def main(folder, kind):
    check_python()
    if not same_version(folder):
        shutil.rmtree(folder, ignore_errors=True)
        print(
            f"Making {folder}: half a minute the first time, longer on a slow line ...", flush=True
        )
        run([sys.executable, "-m", "venv", folder], f"make the environment {folder}")
    python = interpreter(folder)
    pip = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    wanted = "requirements-dev.txt" if kind == "dev" else "requirements.txt"
    # the lock names every package: nothing is resolved again, whatever has been released since
    locked = ["--no-deps", "--require-hashes", "-r", wanted]
    run([*pip, *locked], f"install the packages of {wanted}")
    if kind == "dev":
        own = ["--no-deps", "--no-build-isolation", "-e", "."]
        run([*pip, *own], "install chemsales itself")


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[2] not in ("run", "dev"):
        stop(__doc__)
    main(*sys.argv[1:])
