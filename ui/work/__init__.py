"""What pages and dialogs ask of queries and services, off the window's thread; no Qt here."""
