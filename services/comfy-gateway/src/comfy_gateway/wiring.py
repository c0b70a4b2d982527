"""The parts of a gateway, put together."""

from __future__ import annotations

import random
import ssl
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from carnival.images.port import ImageStore
from carnival.log.port import EventLog
from comfy_gateway.adapters.comfy_http import HttpComfyServer
from comfy_gateway.adapters.comfy_socket import ComfySocket
from comfy_gateway.adapters.pillow_inspector import PillowInspector
from comfy_gateway.adapters.trust import trust_of
from comfy_gateway.application.announce_presence import AnnouncePresence
from comfy_gateway.application.cancel_jobs import CancelJobs
from comfy_gateway.application.carry_out_job import CarryOutJob
from comfy_gateway.application.changes import Changes
from comfy_gateway.application.choose_node import ChooseNode
from comfy_gateway.application.follow_drains import FollowDrains
from comfy_gateway.application.follow_job import FollowJob
from comfy_gateway.application.learn_capabilities import learn_capabilities
from comfy_gateway.application.leave_elsewhere import LeaveElsewhere
from comfy_gateway.application.look_around import LookAround
from comfy_gateway.application.mind_store import MindStore
from comfy_gateway.application.ports import Fleet, HealthMemory, JobSource, NoticeBoard
from comfy_gateway.application.pull_jobs import PullJobs
from comfy_gateway.application.read_recipe import ReadRecipe
from comfy_gateway.application.register_image import RegisterImage
from comfy_gateway.application.render_job import RenderJob
from comfy_gateway.application.report_progress import ReportProgress
from comfy_gateway.application.retry_calls import Retrying
from comfy_gateway.application.run_gateway import Gateway
from comfy_gateway.application.salvage_image import SalvageImage
from comfy_gateway.application.send_canary import SendCanary
from comfy_gateway.application.stage_job import StageJob
from comfy_gateway.application.submit_job import SubmitJob
from comfy_gateway.application.tend_health import TendHealth
from comfy_gateway.application.track_node import Node
from comfy_gateway.domain.health import HealthRules
from comfy_gateway.domain.node import node_name
from comfy_gateway.domain.patience import Patience
from comfy_gateway.domain.prompt_id import client_id
from comfy_gateway.settings import GatewaySettings

DISTRIBUTION = "turbo-carnival"


@dataclass(frozen=True, slots=True)
class World:
    """Everything outside the gateway but the ComfyUI servers; tests bring their own."""

    log: EventLog
    jobs: JobSource
    images: ImageStore
    board: NoticeBoard
    fleet: Fleet
    health: HealthMemory


@asynccontextmanager
async def gateway_of(settings: GatewaySettings, world: World) -> AsyncGenerator[Gateway]:
    """A gateway that is not running yet, with its connections to ComfyUI."""
    async with AsyncExitStack() as stack:
        trust = trust_of(settings.base_urls, settings.comfyui_ca_file)
        servers = {url: await stack.enter_async_context(_server(settings, url, trust)) for url in settings.base_urls}
        progress = ReportProgress(world.board)
        changes = Changes()
        sockets = {url: ComfySocket(url, client_id(settings.gateway_name, node_name(url)), trust) for url in servers}
        nodes = [_node(settings, server, sockets[url], changes, progress) for url, server in servers.items()]
        store = MindStore(world.images, nodes, settings.gateway_name)
        recipes = ReadRecipe(world.log)
        look_around = LookAround(nodes, world.fleet, settings.pool)
        choose = ChooseNode(world.log, recipes, nodes, look_around, wait_seconds=settings.handover_seconds)
        carry_out = _carrying_out(settings, world, nodes, recipes, look_around, store)
        pull = PullJobs(world.jobs, nodes, choose, carry_out)
        presence = AnnouncePresence(
            world.board, nodes, gateway=settings.gateway_name, version=version(DISTRIBUTION), pool=settings.pool
        )
        changes.tell(pull.changed, presence.changed)
        yield Gateway(
            nodes=nodes,
            pull=pull,
            cancels=CancelJobs(world.log, nodes, settings.comfyui_poll_interval),
            presence=presence,
            progress=progress,
            tend=TendHealth(world.health, SendCanary(settings.gateway_name, settings.canary_timeout), _now),
            drains=FollowDrains(world.log, nodes, settings.gateway_name),
            learn=lambda node: learn_capabilities(node, world.board, settings.pool),
            images=world.images,
            store=store,
            changes=changes,
            stop_seconds=settings.stop_grace,
        )


def _node(
    settings: GatewaySettings, server: HttpComfyServer, socket: ComfySocket, changes: Changes, progress: ReportProgress
) -> Node:
    return Node(
        server,
        socket,
        slots=settings.slots_per_node,
        jobs_ahead=settings.jobs_ahead,
        rules=HealthRules(
            strikes_max=settings.quarantine_strikes,
            window_seconds=settings.quarantine_window,
            first_pause_seconds=settings.quarantine_pause,
            longest_pause_seconds=settings.quarantine_pause_max,
        ),
        on_change=changes,
        on_progress=progress,
        clock=_now,
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _server(settings: GatewaySettings, url: str, trust: ssl.SSLContext | None) -> HttpComfyServer:
    return HttpComfyServer(
        node_name(url),
        url,
        trust=trust,
        timeout_seconds=settings.comfyui_timeout,
        image_bytes_max=settings.image_max_bytes,
    )


def _carrying_out(
    settings: GatewaySettings,
    world: World,
    nodes: list[Node],
    recipes: ReadRecipe,
    look_around: LookAround,
    store: MindStore,
) -> CarryOutJob:
    retrying = Retrying(settings.comfyui_max_retries, random.random)
    inspector = PillowInspector(settings.image_max_pixels)
    patience = Patience(
        lost_grace=settings.lost_grace, deadline=settings.job_deadline, unreachable_grace=settings.unreachable_grace
    )
    return CarryOutJob(
        log=world.log,
        gateway=settings.gateway_name,
        nodes=nodes,
        stage=StageJob(recipes, world.images, store, retrying, settings.preview_method),
        render=RenderJob(
            log=world.log,
            submit=SubmitJob(world.log, settings.gateway_name, retrying),
            follow=FollowJob(patience, settings.comfyui_poll_interval),
            salvage=SalvageImage(inspector, retrying),
            look_around=look_around,
            gateway=settings.gateway_name,
            lost_max=settings.comfyui_max_retries,
        ),
        register=RegisterImage(world.images, store, inspector, settings.gateway_name, random.random),
        left_elsewhere=LeaveElsewhere(settings.unreachable_grace),
        stagings_max=1 + settings.comfyui_max_retries,
    )
