"""Which picture of a finished job is the candidate (JOB-4, JOB-5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from carnival.contracts.job import NodeImage
from comfy_gateway.domain.loose_json import Json, mapping, sequence, text
from comfy_gateway.domain.workflow import in_numeric_order


@dataclass(frozen=True, slots=True)
class Result:
    """`image` becomes the candidate; `further` stay with the job only."""

    image: NodeImage
    further: tuple[NodeImage, ...] = ()


def result_of(outputs: Mapping[str, Json], result_node: str | None, template_order: Sequence[str]) -> Result | None:
    """The first image of type output, of the result node or else of the first node that has any. None: no image.

    Node order within `outputs` is order of execution and changes between runs, so it is not used.
    """
    known = [node_id for node_id in template_order if node_id in outputs]
    others = [node_id for node_id in outputs if node_id not in set(known)]
    order = in_numeric_order(known + others)
    images = {node_id: list(_images(outputs[node_id])) for node_id in order}
    chosen = next((node for node in order if images[node] and result_node in (None, node)), None)
    if chosen is None:
        return None
    first, *rest = images[chosen]
    return Result(first, (*rest, *(image for node in order if node != chosen for image in images[node])))


def _images(output: Json) -> Iterator[NodeImage]:
    for entry in sequence(mapping(output).get("images")):
        image = mapping(entry)
        if image.get("type") == "output" and text(image.get("filename")):
            yield NodeImage(filename=text(image["filename"]), subfolder=text(image.get("subfolder")), type="output")
