"""Webhooks in, pages out."""
