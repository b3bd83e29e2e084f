"""The `aftersign` command. Everything heavy is imported inside the command that needs it."""
