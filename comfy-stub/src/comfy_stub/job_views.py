"""Jobs as /api/jobs shows them, out of queue items and history entries."""

from __future__ import annotations

from comfy_stub.queue import Item, PromptQueue
from comfy_stub.wire import Json, JsonObject

STATUSES = ("pending", "in_progress", "completed", "failed", "cancelled")
NOT_MEDIA = frozenset({"animated", "text"})
_ENDS = {
    "execution_success": "completed",
    "execution_error": "failed",
    "execution_interrupted": "cancelled",
}


def queued_job(item: Item, status: str) -> JsonObject:
    return _with_workflow_id(
        {
            "id": item.prompt_id,
            "status": status,
            "priority": item.number,
            "create_time": item.extra_data.get("create_time"),
            "outputs_count": 0,
        },
        item.extra_data,
    )


def ended_job(entry: JsonObject, *, details: bool = False) -> JsonObject:
    number, prompt_id, prompt, extra_data, _ = entry["prompt"]
    messages: list[list[Json]] = entry["status"]["messages"]
    start, end = messages[0][1], messages[-1]
    outputs: JsonObject = entry["outputs"]
    media = _media(outputs)
    job: JsonObject = {
        "id": prompt_id,
        "status": _ENDS[end[0]],
        "priority": number,
        "create_time": extra_data.get("create_time"),
        "execution_start_time": start["timestamp"],
        "execution_end_time": end[1]["timestamp"],
    }
    if end[0] == "execution_error":
        job["execution_error"] = end[1]
    job["outputs_count"] = len(media)
    if media:
        job["preview_output"] = next((entry for entry in media if entry["type"] == "output"), media[0])
    job = _with_workflow_id(job, extra_data)
    if details:
        job["outputs"] = outputs
        job["execution_status"] = entry["status"]
        job["workflow"] = {"prompt": prompt, "extra_data": extra_data}
    return job


def all_jobs(queue: PromptQueue) -> list[JsonObject]:
    view = queue.view()
    return [
        *(queued_job(item, "in_progress") for item in view.running),
        *(queued_job(item, "pending") for item in view.pending),
        *(ended_job(entry) for entry in queue.history_page(None, -1).values()),
    ]


def one_job(queue: PromptQueue, prompt_id: str) -> JsonObject | None:
    """The history is asked first: a re-used id shows its old end while it runs again."""
    ended = queue.history_of(prompt_id)
    if ended:
        return ended_job(ended[prompt_id], details=True)
    view = queue.view()
    for status, items in (("in_progress", view.running), ("pending", view.pending)):
        for item in items:
            if item.prompt_id == prompt_id:
                return queued_job(item, status)
    return None


def duration(job: JsonObject) -> int:
    return (job.get("execution_end_time") or 0) - (job.get("execution_start_time") or 0)


def _media(outputs: JsonObject) -> list[JsonObject]:
    return [
        {**entry, "nodeId": node_id, "mediaType": kind}
        for node_id, output in outputs.items()
        for kind, entries in output.items()
        if kind not in NOT_MEDIA
        for entry in entries
    ]


def _with_workflow_id(job: JsonObject, extra_data: JsonObject) -> JsonObject:
    workflow = (extra_data.get("extra_pnginfo") or {}).get("workflow") or {}
    if "id" in workflow:
        job["workflow_id"] = workflow["id"]
    return job
