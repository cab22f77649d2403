"""The handlers, a module a subject."""
