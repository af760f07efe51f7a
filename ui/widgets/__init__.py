"""What pages and dialogs are made of; no business rule lives here."""
