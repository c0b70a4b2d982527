"""Everything that can be done before the server is free: the parent is there, the payload is built."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass

from carnival.contracts.job import FailureClass, FailureCode, ParentImage
from carnival.images.port import ImageMissing, ImageStore, UnsafePlace
from comfy_gateway.application.failing import Failing, ParentNotGiven
from comfy_gateway.application.mind_store import MindStore
from comfy_gateway.application.ports import ComfyBusy, ComfyRefused, ComfyServer
from comfy_gateway.application.read_recipe import ReadRecipe, RecipeMissing
from comfy_gateway.application.retry_calls import Retrying
from comfy_gateway.application.track_job import JobInHand
from comfy_gateway.domain.errors import BuildError
from comfy_gateway.domain.failure import Failure, of_build, of_infrastructure
from comfy_gateway.domain.payload import Payload, build, request_body
from comfy_gateway.domain.place import upload_name
from comfy_gateway.domain.prompt_id import client_id
from comfy_gateway.domain.variables import Recipe


@dataclass(frozen=True, slots=True)
class Staged:
    """A job ready to be posted."""

    payload: Payload
    recipe: Recipe
    preview_method: str

    def body(self, job: JobInHand, gateway: str, node: str) -> bytes:
        """What is posted for the job's current attempt."""
        return request_body(
            self.payload,
            self.recipe,
            prompt_id=job.prompt_id,
            client_id=client_id(gateway, node),
            preview_method=self.preview_method,
        )


class StageJob:
    """Raises Failing for what will never work, ComfyUnreachable if the node is gone, ParentNotGiven, LogUnavailable."""

    def __init__(
        self, recipes: ReadRecipe, images: ImageStore, store: MindStore, retrying: Retrying, preview_method: str
    ) -> None:
        self._recipes = recipes
        self._images = images
        self._store = store
        self._retrying = retrying
        self._preview_method = preview_method

    async def __call__(self, job: JobInHand, server: ComfyServer) -> Staged:
        try:
            run, step = await self._recipes(job.request)
        except RecipeMissing as error:
            raise Failing(of_infrastructure(FailureCode.INTERNAL, str(error))) from error
        parent = job.request.parent
        name = await self._placed(parent, server) if parent else None
        recipe = Recipe(run=run.started, run_name=run.name, step=step, request=job.request, parent_image=name)
        try:
            payload = build(recipe)
        except BuildError as error:
            raise Failing(of_build(error)) from error
        job.workflow = payload.workflow
        return Staged(payload, recipe, self._preview_method)

    async def _placed(self, parent: ParentImage, server: ComfyServer) -> str:
        data = await self._parent_bytes(parent)
        try:
            return await self._retrying(lambda: server.upload(upload_name(parent.sha256, parent.place), data))
        except (ComfyBusy, ComfyRefused) as error:
            words = f"The parent image could not be uploaded: {error}"
            raise Failing(of_infrastructure(FailureCode.PARENT_UNAVAILABLE, words)) from error

    async def _parent_bytes(self, parent: ParentImage) -> bytes:
        try:
            data = await self._images.get(parent.place)
        except (ImageMissing, UnsafePlace) as error:
            words = "The parent image is not in the image store"
            raise Failing(Failure(FailureCode.PARENT_UNAVAILABLE, FailureClass.MISSING_ASSET, words)) from error
        except OSError as error:
            self._store.fails(error)
            raise ParentNotGiven(
                f"The image store does not give the parent image: {error.strerror or error}"
            ) from error
        if await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest()) != parent.sha256:
            words = "The parent image in the image store is not the one that was registered"
            raise Failing(Failure(FailureCode.PARENT_UNAVAILABLE, FailureClass.MISSING_ASSET, words))
        return data
