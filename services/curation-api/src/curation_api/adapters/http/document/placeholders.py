"""What placeholders of templates become, for the document's introduction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

BUILT_IN: Final[Mapping[str, str]] = {
    "prompt": "the run's prompt, else its variable of that name",
    "name": "the run's name",
    "run_name": "the run's name",
    "job_id": "the number of the job in its run, counted from 1",
    "auto_seed": "the run's variable `seed` (1000000 without one) plus `job_id`; the same when a job is tried again",
    "random": "a whole number from 0 to 999999999, drawn for the job",
    "timestamp": "when the job was requested, Unix time in seconds",
    "timestamp_ms": "the same in milliseconds",
    "parent_image": (
        "the image that the step continues, by its name at the ComfyUI server: for the input `image` of a LoadImage"
        " node. A first step continues none; there it is a name as any other"
    ),
    "parent_image_path": "the same as `parent_image`",
}
"""By name; a value of the system stands before a run's own prompt and name, and those before its variables."""

_LIST: Final = "\n".join(f"* `{{{{{name}}}}}`: {words}." for name, words in BUILT_IN.items())
PLACEHOLDERS: Final = f"""## Placeholders

A template is a ComfyUI workflow in API format with placeholders `{{{{name}}}}`; a name is of letters, digits and
underscores. A text that is nothing but one placeholder takes the value with its type (`"seed": "{{{{auto_seed}}}}"`
becomes a number); amid other text, and in a key, it becomes text; outside of quotes a JSON value. No value can change
the structure of the workflow, and braces within values stay text.

{_LIST}
* Any other name: the run's variable of that name. A pipeline may declare `variables` with a type, bounds and a
  default, which a run gets that brings none; those that are not declared take any value.

A run is refused if one of its steps has a name that nobody fills. `needs_prompt`, `needs_parent` and
`needs_variables` do not limit what is filled in; they say what must be there. `inspect` proposes placeholders for a
workflow that has none."""
