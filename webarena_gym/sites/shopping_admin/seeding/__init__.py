"""Turns ``seed/`` into the tables: the facts that tasks need, and generated orders, goods and reviews around them."""
