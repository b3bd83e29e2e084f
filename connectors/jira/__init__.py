"""Jira Cloud as work tool."""
