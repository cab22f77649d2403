"""Turns ``seed/`` into the shop's tables: the facts that tasks need, and generated goods around them."""
