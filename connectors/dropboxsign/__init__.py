"""Dropbox Sign as e-signature provider."""
