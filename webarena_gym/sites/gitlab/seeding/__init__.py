"""Turns ``seed/`` into the site's tables: the facts that tasks need, and generated projects and people around them."""
