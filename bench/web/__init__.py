"""How fast the pages answer over many contracts."""
