"""`carnival demo`: the whole system at work for a minute, steered, finished and checked."""
