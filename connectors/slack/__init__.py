"""Slack as chat."""
