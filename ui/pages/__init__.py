"""One file per place of the window; no page imports another."""
