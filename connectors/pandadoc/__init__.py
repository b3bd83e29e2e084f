"""PandaDoc as e-signature provider."""
