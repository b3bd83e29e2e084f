"""Service levels: what was promised, what was measured, what is due for it, and until when it is claimed."""
