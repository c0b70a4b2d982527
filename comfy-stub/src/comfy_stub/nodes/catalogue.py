"""All node classes by name."""

from __future__ import annotations

from comfy_stub.nodes import latents, loaders, pixels, sampling, storage, values
from comfy_stub.nodes.definition import NodeClass

CATALOGUE: dict[str, NodeClass] = {
    node_class.name: node_class
    for node_class in (*sampling.NODES, *loaders.NODES, *latents.NODES, *pixels.NODES, *storage.NODES, *values.NODES)
}
