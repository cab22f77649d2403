"""Handlers: plain functions of the store and the address's values, grouped by the pages they serve."""
