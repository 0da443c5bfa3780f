"""A shop to try Kariz with: its customers, orders and requests."""
