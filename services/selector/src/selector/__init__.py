"""Decides which image is made next: reads the frontier of every run, chooses, asks for the job."""

from __future__ import annotations
