"""One module a group of commands. Each talks to the HTTP API or to a running `up`; none decides anything itself."""
