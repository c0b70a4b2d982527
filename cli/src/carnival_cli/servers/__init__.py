"""NATS and Postgres from their wheels, run as plain child processes: nothing to install, nothing to download."""
