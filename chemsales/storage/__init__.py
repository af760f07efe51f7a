"""Tables, migrations and backup on SQLite and PostgreSQL; peewee lives here."""
