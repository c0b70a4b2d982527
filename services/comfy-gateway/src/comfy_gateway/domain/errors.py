"""Why no payload can be built for a job. Each is the template's or the run's fault, never the picture's."""

from __future__ import annotations


class BuildError(Exception):
    """Base of all reasons for which building a payload fails. Nothing is submitted then (PAY-8)."""


class MissingVariable(BuildError):
    """A placeholder, or a flag of the step, asks for a value that the job does not have (SUB-5, PAY-7)."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no value for {{{{{name}}}}}")
        self.name = name


class BadTemplate(BuildError):
    """The template is no workflow in API format, or not after substitution (PAY-8)."""


class BadPath(BuildError):
    """A loading node would read a file outside the server's own folders. The server itself would let it pass."""

    def __init__(self, node_id: str, input_name: str) -> None:
        super().__init__(f"Node {node_id} would load {input_name!r} from outside the server's folders")
        self.node_id = node_id
        self.input_name = input_name
