"""The two commands of the checkout, the pinned versions, and the wheel."""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from builders import small_delivery

REPOSITORY = Path(__file__).resolve().parent.parent
PIN = re.compile(r'([A-Za-z0-9_.-]+)==([0-9][0-9A-Za-z.]*)(?:; python_version (<|>=) "3\.(\d+)")?')
posix = pytest.mark.skipif(os.name == "nt", reason="makes shell scripts")

PROGRAM = """#!/bin/sh
echo "arguments: $*"
"""


def pins() -> dict[str, str]:
    """Version by normalised name, as the running Python is to have them."""
    found = {}
    for line in (REPOSITORY / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        match = PIN.fullmatch(line)
        assert match, f"not a plain pin: {line}"
        name, version, operator, minor = match.groups()
        if operator is None or (operator == "<") == (sys.version_info.minor < int(minor)):
            found[normal(name)] = version
    return found


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def dependencies() -> set[str]:
    """Normalised names of what the project and its test extra ask for."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    return {normal(re.split(r"[\[<>=!; ]", line)[0]) for line in lines}


def test_every_dependency_is_pinned() -> None:
    assert dependencies() - set(pins()) == set()


def test_the_versions_that_run_are_the_pinned_ones() -> None:
    versions = {name: importlib.metadata.version(name) for name in dependencies()}
    assert versions == {name: pins()[name] for name in versions}


def test_names_are_pinned_once_for_every_python() -> None:
    lines = (REPOSITORY / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    names = [line.partition("==")[0] for line in lines if not line.startswith("#")]
    twice = {name for name in names if names.count(name) > 1}
    assert names == sorted(names, key=str.lower)
    assert all(names.count(name) == 2 for name in twice)
    assert {line.partition("==")[0] for line in lines if "python_version" in line} == twice


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of its own, without an environment."""
    root = tmp_path / "a checkout"
    shutil.copytree(REPOSITORY / "packaging", root / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "pyproject.toml", root)
    return root


@pytest.fixture
def load(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Imports a module of the copied ``packaging`` folder."""
    monkeypatch.syspath_prepend(str(checkout / "packaging"))
    for name in ("environment", "system", "prepare"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module


def fake_environment(checkout: Path) -> None:
    """An environment whose program says with which arguments it was started."""
    scripts = checkout / ".venv" / "bin"
    scripts.mkdir(parents=True)
    (checkout / ".venv" / "pyvenv.cfg").write_text("version = 3.11.7\n")
    for name in ("python", "pointproof"):
        (scripts / name).write_text(PROGRAM)
        (scripts / name).chmod(0o755)


@pytest.fixture
def prepared(checkout: Path, load: Callable[[str], ModuleType]) -> Path:
    """A checkout in which everything was installed before."""
    fake_environment(checkout)
    load("environment").stamp({"project", "libraries", "xvfb"})
    return checkout


def start(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout / "packaging" / "run"), *arguments]
    # no commands but the program's own: a second start needs neither pip nor apt
    return subprocess.run(command, env={"PATH": ""}, capture_output=True, text=True, check=False, timeout=60)


@posix
def test_run_hands_its_arguments_on_and_writes_nothing_of_its_own_to_stdout(prepared: Path) -> None:
    done = start(prepared, "inspect", "a folder", "--json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "arguments: inspect a folder --json\n", "")


@posix
def test_run_without_arguments_starts_the_demo(prepared: Path) -> None:
    assert start(prepared).stdout == "arguments: demo\n"


@posix
def test_a_second_start_adds_less_than_300_ms(prepared: Path) -> None:
    def fastest(command: list[str]) -> float:
        times = []
        for _ in range(5):
            began = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, env={"PATH": ""})
            times.append(time.perf_counter() - began)
        return min(times)

    through_run = fastest([sys.executable, str(prepared / "packaging" / "run"), "x"])
    assert through_run - fastest([sys.executable, "-c", "pass"]) < 0.3


@posix
@pytest.mark.parametrize("changed", ["pyproject.toml", "packaging/constraints.txt", "packaging/system-libraries.txt"])
def test_a_change_of_requirements_is_noticed(prepared: Path, load: Callable[[str], ModuleType], changed: str) -> None:
    environment = load("environment")
    assert environment.stamped() == {"project", "libraries", "xvfb"}
    with (prepared / changed).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert environment.stamped() == frozenset()


@posix
def test_an_environment_whose_python_is_gone_is_not_trusted(prepared: Path, load: Callable[[str], ModuleType]) -> None:
    (prepared / ".venv" / "bin" / "python").unlink()
    assert load("environment").stamped() == frozenset()


@pytest.fixture
def recorded(load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Commands that the set-up would run, on a Linux that lacks one library and venv, as root."""
    environment, system = load("environment"), load("system")
    commands: list[list[str]] = []
    for module in (environment, system):
        monkeypatch.setattr(module, "run", commands.append)
    monkeypatch.setattr(system, "on_linux", lambda: True)
    monkeypatch.setattr(system, "loads", lambda library: library != "libEGL.so.1")
    monkeypatch.setattr(system, "has_xvfb", lambda: False)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(environment, "can_make_venv", lambda _python: False)
    monkeypatch.setattr(environment, "venv_package", lambda _python: "python3.11-venv")
    monkeypatch.setattr(environment, "interpreter", lambda: ["python3.11"])
    return commands


def test_a_first_start_installs_libraries_then_makes_the_environment_then_installs(
    recorded: list[list[str]], load: Callable[[str], ModuleType], checkout: Path
) -> None:
    (checkout / ".venv").mkdir()  # where the stamp goes once the recorded commands have run
    load("prepare").prepare(extras=("test",), xvfb=True)
    update, packages, venv, pip = recorded
    assert update[:2] == ["apt-get", "update"]
    assert packages[-3:] == ["libegl1", "xvfb", "python3.11-venv"]
    assert venv[:3] == ["python3.11", "-m", "venv"]
    assert pip[-4:] == ["-c", str(checkout / "packaging" / "constraints.txt"), "-e", ".[test]"]


@posix
def test_what_is_there_already_is_not_done_again(
    prepared: Path, recorded: list[list[str]], load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load("environment"), "venv_works", lambda: True)
    prepare = load("prepare").prepare
    prepare(xvfb=True)
    assert recorded == []
    prepare(extras=("test",), xvfb=True)
    assert [command[0] for command in recorded[:2]] == ["apt-get", "apt-get"]
    assert recorded[-1][-1] == ".[test]"
    recorded.clear()
    prepare(extras=("test",), xvfb=True)
    assert recorded == []
    assert prepared.is_dir()


def test_without_root_the_one_command_to_run_is_printed(
    recorded: list[list[str]], load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(load("environment").SetupError) as failed:
        load("prepare").prepare(xvfb=True)
    assert "\n    sudo apt-get install -y libegl1 xvfb python3.11-venv\n" in str(failed.value)
    assert recorded == []


def test_without_apt_the_libraries_are_named(
    load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(load("environment").SetupError, match="libegl1"):
        load("system").install_packages(["libegl1"])


def test_an_unsuitable_python_looks_for_a_better_one(
    load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = load("environment")
    monkeypatch.setattr(environment, "SUPPORTED", ((3, 99), (3, 98)))
    monkeypatch.setattr(environment, "output", lambda command: "3.98" if command[0] == "python3.98" else None)
    assert environment.interpreter() == ["python3.98"]
    monkeypatch.setattr(environment, "output", lambda _command: None)
    with pytest.raises(environment.SetupError, match=r"3\.11, 3\.12 or 3\.13 is needed"):
        environment.interpreter()


def test_every_system_library_has_one_package(load: Callable[[str], ModuleType]) -> None:
    libraries = load("system").libraries()
    assert all(len(pair) == 2 and ".so." in pair[0] for pair in libraries)
    assert len({library for library, _ in libraries}) == len(libraries) >= 20


def test_ci_runs_exactly_the_tests() -> None:
    lines = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[0].endswith("bash")
    assert [line for line in lines[1:] if line] == ['exec "$(dirname "$0")/../packaging/test"']


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the wheel's content, as pip would lay it out."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys, hatchling.build; print(hatchling.build.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(folder)], cwd=REPOSITORY, check=True, capture_output=True, text=True
    )
    shutil.unpack_archive(folder / done.stdout.split()[-1], folder / "site", "zip")
    return folder / "site"


def test_the_installed_wheel_inspects_a_delivery(installed: Path, tmp_path: Path) -> None:
    delivery = small_delivery(tmp_path / "job", frames=2, points=50)
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-P", "-m", "app", "inspect", str(delivery), "--json"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert [frame["points"] for frame in json.loads(done.stdout)["frames"]] == [50, 50]


def test_the_installed_wheel_finds_its_resources(installed: Path, tmp_path: Path) -> None:
    script = "from app.resource_files import resource_path; print(resource_path('pointproof.svg'))"
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-P", "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()) == installed / "app" / "resources" / "pointproof.svg"


def test_the_wheel_names_its_command_and_licence(installed: Path) -> None:
    information = next(installed.glob("*.dist-info"))
    assert "pointproof = app.__main__:main" in (information / "entry_points.txt").read_text(encoding="utf-8")
    assert (information / "licenses" / "LICENSE").is_file()
