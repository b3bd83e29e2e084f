"""Asana as work tool."""
