"""Slack as chat: messages, files, and the buttons below them."""
