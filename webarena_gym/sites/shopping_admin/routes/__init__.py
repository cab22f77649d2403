"""Handlers: each takes the store and the values of its path, and returns a response."""
