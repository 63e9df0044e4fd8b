"""The one history of the database schema, for the tables of every folder (Alembic; run at each start)."""
