"""The windows (PySide6). Nothing here touches the database: pages call services and queries
through jobs."""
