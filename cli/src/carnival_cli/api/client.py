"""The API in the words of the glossary, by subject."""

from __future__ import annotations

from carnival_cli.api.access import AccessCalls
from carnival_cli.api.blind import BlindCalls
from carnival_cli.api.candidates import CandidateCalls
from carnival_cli.api.exports import ExportCalls
from carnival_cli.api.fleet import FleetCalls
from carnival_cli.api.guests import GuestCalls
from carnival_cli.api.log import LogCalls
from carnival_cli.api.monitoring import MonitoringCalls
from carnival_cli.api.pipelines import PipelineCalls
from carnival_cli.api.problems import ProblemCalls
from carnival_cli.api.ratings import RatingCalls
from carnival_cli.api.replay import ReplayCalls
from carnival_cli.api.runs import RunCalls
from carnival_cli.api.transport import Transport
from carnival_cli.api.votes import VoteCalls
from carnival_cli.api.walks import WalkCalls
from carnival_cli.api.webhooks import WebhookCalls


class CarnivalApi:
    """Every call raises ApiRefused or ApiUnreachable."""

    def __init__(self, transport: Transport) -> None:
        self.pipelines = PipelineCalls(transport)
        self.runs = RunCalls(transport)
        self.candidates = CandidateCalls(transport)
        self.votes = VoteCalls(transport)
        self.walks = WalkCalls(transport)
        self.replay = ReplayCalls(transport)
        self.ratings = RatingCalls(transport)
        self.monitoring = MonitoringCalls(transport)
        self.fleet = FleetCalls(transport)
        self.log = LogCalls(transport)
        self.exports = ExportCalls(transport)
        self.access = AccessCalls(transport)
        self.guests = GuestCalls(transport)
        self.blind = BlindCalls(transport)
        self.webhooks = WebhookCalls(transport)
        self.problems = ProblemCalls(transport)
