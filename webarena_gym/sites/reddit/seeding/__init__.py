"""How the forum's image is filled: the facts, and everything generated around them."""
