"""Any SMTP server as mailer."""
