"""Tasks: what is asked, where it starts, and how it is scored. Never imported by policies."""
