"""Voting in a terminal."""
