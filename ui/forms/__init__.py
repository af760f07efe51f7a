"""The forms of the window: fields, what binds them to a draft, and what keeps it safe."""
