"""The example pipeline: workflow templates as ComfyUI exports them in API format, with placeholders put in."""
