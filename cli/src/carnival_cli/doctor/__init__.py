"""Whether this machine and what runs on it are in order, one finding a check."""
