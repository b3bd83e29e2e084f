"""Who may write to the audit trail on PostgreSQL: the program appends and reads, and nobody it can become does more."""

from __future__ import annotations

import re

from sqlalchemy import Connection, text

from domain.errors import Permanent

OWNER = "aftersign_audit"
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_STATEMENTS = """BEGIN;
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{owner}') THEN CREATE ROLE {owner} NOLOGIN; END IF;
END $$;
REVOKE {owner} FROM {role};
GRANT USAGE ON SCHEMA public TO {owner};
ALTER TABLE audit OWNER TO {owner};
ALTER FUNCTION audit_refuse() OWNER TO {owner};
REVOKE ALL ON audit FROM PUBLIC, {role};
GRANT SELECT, INSERT, REFERENCES ON audit TO {role};
COMMIT;
"""
_MORE = ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")


def statements(role: str) -> str:
    """Return what an administrator of the database runs once, so that `role` may append and read alone.

    The table goes to a role without a login; whoever owns a table could drop the triggers that
    guard it. Raises `Permanent` for a name that would need quoting.
    """
    if not _NAME.fullmatch(role) or role == OWNER:
        raise Permanent(
            f"{role[:70]!r} cannot be the role of the program",
            why="a name of lower-case letters, digits and _ is asked for, and not the one that owns the trail",
            fix="give the user in AFTERSIGN_DATABASE_URL",
        )
    return _STATEMENTS.format(role=role, owner=OWNER)


def excess(connection: Connection) -> tuple[str, ...]:
    """Return what the program may do to the trail beyond appending and reading.

    `SUPERUSER` and `OWNER` (of the table) may do all; `SCHEMA` (its owner, as the owner of the
    database is) may drop it.
    """
    if connection.dialect.name != "postgresql":
        return ()
    great = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
    if connection.scalar(text(great)):
        return ("SUPERUSER",)
    owns = "SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class WHERE oid = 'audit'::regclass"
    if connection.scalar(text(owns)):
        return ("OWNER",)
    drops = "SELECT pg_has_role(current_user, nspowner, 'MEMBER') FROM pg_namespace WHERE nspname = current_schema()"
    schema = ("SCHEMA",) if connection.scalar(text(drops)) else ()
    asked = text("SELECT has_table_privilege(current_user, 'audit', :right)")
    return (*schema, *(right for right in _MORE if connection.scalar(asked, {"right": right})))
