"""Learning algorithms, one file each, all ``update(batch) -> Metrics``."""
