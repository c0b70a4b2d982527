"""What the services of Turbo Carnival share: contracts and plumbing, no business rule."""

from __future__ import annotations
