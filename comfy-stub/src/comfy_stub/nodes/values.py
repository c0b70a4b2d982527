"""Nodes around texts, numbers and lists that workflows use next to the pictures."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import cast

from comfy_stub.nodes.definition import Input, NodeClass, NodeContext, NodeResult
from comfy_stub.painting.picture import Batch
from comfy_stub.wire import Json

Values = Mapping[str, Json]


def primitive_int(_context: NodeContext, values: Values) -> NodeResult:
    return NodeResult((int(values["value"]),))


def regex_replace(_context: NodeContext, values: Values) -> NodeResult:
    return NodeResult((re.sub(values["regex_pattern"], values["replace"], values["string"]),))


def preview_any(_context: NodeContext, values: Values) -> NodeResult:
    source = values["source"]
    shown = source if isinstance(source, str) else json.dumps(source, default=str)
    return NodeResult(ui={"text": [shown]})


def rebatch(_context: NodeContext, values: Values) -> NodeResult:
    size = int(values["batch_size"][0])
    pictures = [picture for batch in values["images"] for picture in cast(Batch, batch)]
    return NodeResult(([tuple(pictures[at : at + size]) for at in range(0, len(pictures), size)],))


NODES = (
    NodeClass(
        "PrimitiveInt",
        primitive_int,
        (Input("value", "INT", {"min": -(2**63), "max": 2**63 - 1, "control_after_generate": True}),),
        ("INT",),
        display_name="Int",
        category="utils/primitive",
        module="comfy_extras.nodes_primitive",
        weight=0.1,
    ),
    NodeClass(
        "RegexReplace",
        regex_replace,
        (
            Input("string", "STRING", {"multiline": True}),
            Input("regex_pattern", "STRING", {"multiline": True}),
            Input("replace", "STRING", {"multiline": True}),
        ),
        ("STRING",),
        display_name="Regex Replace",
        category="utils/string",
        module="comfy_extras.nodes_string",
        weight=0.1,
    ),
    NodeClass(
        "PreviewAny",
        preview_any,
        (Input("source", "*"),),
        display_name="Preview as Text",
        category="utils",
        module="comfy_extras.nodes_preview_any",
        output_node=True,
        weight=0.1,
    ),
    NodeClass(
        "RebatchImages",
        rebatch,
        (Input("images", "IMAGE"), Input("batch_size", "INT", {"default": 1, "min": 1, "max": 4096})),
        ("IMAGE",),
        display_name="Rebatch Images",
        category="image/batch",
        module="comfy_extras.nodes_rebatch",
        output_is_list=(True,),
        input_is_list=True,
        weight=0.1,
    ),
)
