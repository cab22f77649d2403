"""Handlers: they take the store and the path's values and return a response."""
