"""Names of the roles that a server of this program has; they are the same on every cluster."""

from __future__ import annotations

from chemsales.rules.roles import Role

OWNER = "chemsales_owner"  # owns tables and functions; nobody signs in as it
PERSON = "chemsales_person"  # every person's login is its direct member
DELEGATE = "chemsales_delegate"  # whoever may have to sign for another; rules judge each day
BACKUP = "chemsales_backup"  # reads everything, past row security
ROLE_MANAGER = "chemsales_rolemgr"  # owns the functions that make logins and give roles


def group(role: Role) -> str:
    """The group whose direct members hold a role of the program."""
    return f"chemsales_{role}"


GROUPS = tuple(group(role) for role in Role)
MEMBERS = (PERSON, *GROUPS, DELEGATE)  # what a person's login may be a member of
ALL = (OWNER, *MEMBERS, BACKUP, ROLE_MANAGER)
