"""See that the system libraries Qt links to are there, and install what is missing.

usage: system_libraries.py {offscreen,window}

Standard library only. Silent where nothing is missing. On Debian and its kin the packages are
installed when this is root or sudo asks for no password; otherwise the command to type is printed
and the exit code is 1.
"""

import ctypes
import os
import shutil
import subprocess
import sys

# what Qt loads -> the Debian package that has it
OFFSCREEN = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libzstd.so.1": "libzstd1",
}
WINDOW = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def missing(kind):
    """The libraries of `kind` that the loader does not find, each with its Debian package."""
    wanted = {**OFFSCREEN, **(WINDOW if kind == "window" else {})}
    lacking = {}
    for library, package in wanted.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            lacking[library] = package
    return lacking


def as_root():
    """The words before a command that make it root's, or None where a password would be asked."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
        if asked.returncode == 0:
            return ["sudo", "-n"]
    return None


def run(words):
    """Run a command; its words are shown only where it fails."""
    answer = subprocess.run(words, capture_output=True, text=True, check=False)
    if answer.returncode:
        print(answer.stdout + answer.stderr, file=sys.stderr)


def install(prefix, packages):
    """Install, with the package lists renewed first."""
    # an unreachable extra source fails the update though the packages may still be had
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    run([*apt, "update"])
    run([*apt, "install", "-y", "--no-install-recommends", *packages])


def refuse(lacking):
    """Say what is missing and what to type; the exit code."""
    print("Qt needs system libraries that are not installed:", ", ".join(lacking), file=sys.stderr)
    if shutil.which("apt-get"):
        packages = " ".join(dict.fromkeys(lacking.values()))
        print("Install them, then call make again:", file=sys.stderr)
        print(f"  sudo apt-get update && sudo apt-get install -y {packages}", file=sys.stderr)
    else:
        print("Install the packages that contain them, then call make again.", file=sys.stderr)
    return 1


def main(kind):
    if not sys.platform.startswith("linux"):
        return 0
    lacking = missing(kind)
    if not lacking:
        return 0
    prefix = as_root() if shutil.which("apt-get") else None
    if prefix is None:
        return refuse(lacking)
    packages = list(dict.fromkeys(lacking.values()))
    print("Installing the system libraries Qt needs:", " ".join(packages), flush=True)
    install(prefix, packages)
    # a new process: this one may have remembered what it did not find
    again = subprocess.run([sys.executable, __file__, kind, "--only-check"], check=False)
    return again.returncode


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] not in (["offscreen"], ["window"]):
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    if words[1:] == ["--only-check"]:
        left = missing(words[0])
        sys.exit(refuse(left) if left else 0)
    sys.exit(main(words[0]))
