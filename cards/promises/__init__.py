"""Promises: by when a customer gets the next answer, what moves that time, and how it is said."""
