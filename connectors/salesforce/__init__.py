"""Salesforce as CRM."""
