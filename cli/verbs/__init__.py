"""The verbs of the command, by what they are about; each imports what it needs when it is called."""
