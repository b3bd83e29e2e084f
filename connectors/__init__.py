"""Connectors: one folder a vendor, one file a role it plays."""
