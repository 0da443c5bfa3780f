"""Pages of messages, for admins."""
