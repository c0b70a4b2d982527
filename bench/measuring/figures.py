"""One figure a line, beside the goal it is held to."""

from __future__ import annotations


def at_least(name: str, value: float, goal: float) -> bool:
    """Prints the line; whether the goal is reached."""
    return _shown(name, value, f"at least {goal:g}", value >= goal)


def at_most(name: str, value: float, goal: float) -> bool:
    """Prints the line; whether the goal is reached."""
    return _shown(name, value, f"at most {goal:g}", value <= goal)


def plain(name: str, value: float) -> None:
    """A figure without a goal."""
    print(f"{name} {value:.4g}", flush=True)


def _shown(name: str, value: float, goal: str, reached: bool) -> bool:
    print(f"{name} {value:.4g} (goal: {goal}{'' if reached else ', MISSED'})", flush=True)
    return reached
