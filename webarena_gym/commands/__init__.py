"""Subcommands of ``webarena-gym`` that need nothing but the env."""
