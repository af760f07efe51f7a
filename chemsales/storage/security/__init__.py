"""Roles, grants, triggers and policies with which a PostgreSQL holds the rules by itself."""
