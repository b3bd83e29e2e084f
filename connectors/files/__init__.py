"""Files in a folder, in the billing and uptime roles."""
