"""The story: one file per thing that starts."""
