"""Whether a database in a file may lie where it lies: on this computer, and not in a folder that a
program keeps the same on several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chemsales.rules.errors import Reason

REMOTE_DRIVE = 4  # what Windows calls a drive that is mapped to a share
NETWORK = frozenset((
    "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "afs", "coda", "9p", "vboxsf",
    "vmhgfs", "prl_fs", "ceph", "glusterfs", "lustre", "gpfs", "beegfs", "ocfs2", "gfs2", "davfs",
    "fuse.sshfs", "fuse.rclone", "fuse.davfs", "fuse.davfs2", "fuse.gvfsd-fuse", "fuse.ceph",
    "fuse.vmhgfs-fuse", "fuse.glusterfs", "fuse.s3fs", "fuse.smbnetfs", "fuse.curlftpfs",
    "fuse.google-drive-ocamlfuse", "fuse.onedriver", "fuse.juicefs",
))  # fmt: skip
# how the folders are called that synchronising programs make, in their own spelling
SYNCHRONISED = {
    "OneDrive": r"OneDrive( ?- ?.+)?",
    "Dropbox": r"Dropbox( \(.+\))?",
    "iCloud": r"iCloud ?Drive|Mobile Documents",
    "Google Drive": r"Google ?Drive|GoogleDrive-.+|My Drive|我的云端硬盘",
    "坚果云": r"Nutstore( ?Files)?|NutstoreFiles|我的坚果云|坚果云",
    "百度网盘": r"Baidu(Sync|Net)[Dd]isk(Workspace)?|百度网盘(同步空间)?|百度云同步盘",
    "WPS": r"WPS ?Drive|WPS ?Cloud ?Files|WPS ?(云盘|网盘|云文档)",
    "Nextcloud": r"Nextcloud\d?|ownCloud",
    "Seafile": r"Seafile",
}
# what such programs leave in the folder that they keep
MARKERS = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "Nextcloud",
    ".stfolder": "Syncthing",
    ".tmp.drivedownload": "Google Drive",
}
# where a program tells others which folder it keeps
VARIABLES = {
    "OneDrive": "OneDrive",
    "OneDriveConsumer": "OneDrive",
    "OneDriveCommercial": "OneDrive",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a folder: its real path, the kind of its drive (Windows), what is mounted
    where, names of markers found in it or above it, and the variables of the process."""

    folder: str
    drive: int = 0
    mounts: Mapping[str, str] = field(default_factory=dict)
    markers: frozenset[str] = frozenset()
    variables: Mapping[str, str] = field(default_factory=dict)


def blockers(facts: Facts) -> tuple[Reason, ...]:
    """Why no database may lie in this folder; empty where one may.

    A file that several computers write is destroyed sooner or later: locks do not hold over a
    network, and a synchronising program carries off half of a write.
    """
    kind = _share(facts)
    if kind:
        return (Reason("reason.folder_on_network", {"folder": facts.folder, "kind": kind}),)
    program = _synchronised(facts)
    if program:
        params = {"folder": facts.folder, "program": program}
        return (Reason("reason.folder_synchronised", params),)
    return ()


def _share(facts: Facts) -> str:
    """What kind of share the folder lies on, "" for none."""
    plain = facts.folder.replace("\\", "/")
    if plain.casefold().startswith(("//?/unc/", "//./unc/")):
        return "UNC"
    if plain.startswith("//") and not plain.startswith(("//?/", "//./")):
        return "UNC"
    if facts.drive == REMOTE_DRIVE:
        return "SMB"
    point = max((p for p in facts.mounts if _within(plain, p)), key=len, default="")
    kind = facts.mounts.get(point, "")
    if kind == "9p" and point == "/":
        return ""  # the root of a sandbox, which is its own
    return kind if kind in NETWORK else ""


def _synchronised(facts: Facts) -> str:
    """Which program keeps the folder the same elsewhere, "" for none."""
    for variable, program in VARIABLES.items():
        kept = facts.variables.get(variable, "")
        if kept and _within(facts.folder.casefold(), kept.casefold()):
            return program
    for name in _parts(facts.folder):
        for program, pattern in SYNCHRONISED.items():
            if re.fullmatch(pattern, name):
                return program
    return next((MARKERS[name] for name in sorted(facts.markers) if name in MARKERS), "")


def _within(folder: str, above: str) -> bool:
    """Whether a folder is `above` or lies in it."""
    inner, outer = _parts(folder), _parts(above)
    return inner[: len(outer)] == outer


def _parts(folder: str) -> list[str]:
    return [part for part in folder.replace("\\", "/").split("/") if part]


def read_mounts(lines: Iterable[str]) -> dict[str, str]:
    """What is mounted where, out of the lines of /proc/self/mountinfo: the kind of each place; the
    later of two at one place hides the earlier."""
    found: dict[str, str] = {}
    for line in lines:
        before, _, after = line.partition(" - ")
        fields, kind = before.split(), after.split()
        if len(fields) >= 5 and kind:
            place = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[4])
            found[place] = kind[0]
    return found
