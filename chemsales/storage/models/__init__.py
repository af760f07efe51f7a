"""One file of tables per subject."""
