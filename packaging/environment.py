"""The virtual environment `.venv` of this checkout: made once, checked in milliseconds afterwards.

Runs under any Python from 3.8 on, with the standard library alone, because it looks for the Python to use.
What only a first start needs is imported there: every later start waits for this file.
"""

import hashlib
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
SCRIPTS = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
SUFFIX = ".exe" if os.name == "nt" else ""
PYTHON = os.path.join(SCRIPTS, "python" + SUFFIX)
STAMP = os.path.join(VENV, "pointproof-stamp.txt")
CONSTRAINTS = os.path.join(ROOT, "packaging", "constraints.txt")
SUPPORTED = ((3, 13), (3, 12), (3, 11))

# What decides about the environment's content: a change in one of these installs again.
INPUTS = ("pyproject.toml", "packaging/constraints.txt", "packaging/system-libraries.txt")


class SetupError(Exception):
    """The environment cannot be made; the message says what to do."""


def say(message):
    """Write one line to stderr: stdout belongs to the program."""
    sys.stderr.write("pointproof: " + message + "\n")
    sys.stderr.flush()


def read(*path):
    """Bytes of a file, empty where there is none."""
    try:
        with open(os.path.join(*path), "rb") as file:
            return file.read()
    except OSError:
        return b""


def fingerprint():
    """Text that changes with the project's requirements, its place and the Python of `.venv`."""
    digest = hashlib.sha256(ROOT.encode("utf-8", "surrogateescape"))
    for name in INPUTS:
        digest.update(read(ROOT, *name.split("/")))
    digest.update(read(VENV, "pyvenv.cfg"))
    return digest.hexdigest()


def stamped():
    """Names of the sets that are in `.venv` already, empty where anything changed since."""
    lines = read(STAMP).decode("utf-8", "replace").split()
    if not lines or lines[0] != fingerprint() or not os.path.exists(PYTHON):
        return frozenset()
    return frozenset(lines[1:])


def stamp(names):
    """Remember that these sets are complete."""
    with open(STAMP, "w", encoding="utf-8") as file:
        file.write("\n".join([fingerprint(), *sorted(names)]) + "\n")


def script(name):
    """Path of a command installed in `.venv`."""
    return os.path.join(SCRIPTS, name + SUFFIX)


def run(command):
    """Run a command of the set-up, its output on stderr; raises SetupError where it fails."""
    import subprocess

    try:
        code = subprocess.call(command, stdout=sys.stderr, cwd=ROOT)
    except OSError as error:
        raise SetupError(f"could not start {command[0]}: {error.strerror}") from error
    if code:
        raise SetupError(f"`{' '.join(command)}` ended with code {code}; see its messages above.")


def output(command):
    """What a command prints, None where it cannot run or fails."""
    import subprocess

    try:
        return subprocess.check_output(command, stderr=subprocess.DEVNULL, text=True).strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def interpreter():
    """The Python to build `.venv` with: the running one if its version will do, else one on the PATH."""
    if sys.version_info[:2] in SUPPORTED:
        return [getattr(sys, "_base_executable", None) or sys.executable]
    for major, minor in SUPPORTED:
        version = f"{major}.{minor}"
        for command in (["python" + version], ["py", "-" + version]):
            # asked, not just found: version switchers leave commands on the PATH that only print an error
            if output([*command, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]) == version:
                return command
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    raise SetupError(
        f"Python 3.11, 3.12 or 3.13 is needed, and this is {running}. Install one of them so that `python3.12` "
        "is on the PATH, then run this again."
    )


def can_make_venv(python):
    """Whether a Python has venv and pip aboard; Debian and Ubuntu keep them in a package of their own."""
    return output([*python, "-c", "import ensurepip, venv; print('yes')"]) == "yes"


def venv_package(python):
    """Name of the Debian package that brings venv for a Python."""
    return output([*python, "-c", "import sys; print('python%d.%d-venv' % sys.version_info[:2])"]) or "python3-venv"


def make_venv(python):
    """Create `.venv`, or make it again where it is incomplete or belongs to a Python that is gone."""
    say("making the virtual environment .venv")
    run([*python, "-m", "venv", "--clear", VENV])


def venv_works():
    """Whether `.venv` starts, is one of the supported versions and has pip."""
    if not os.path.exists(PYTHON):
        return False
    version = output([PYTHON, "-c", "import sys, pip; print('%d.%d' % sys.version_info[:2])"])
    return version in [f"{major}.{minor}" for major, minor in SUPPORTED]


def install(extras):
    """Install the project itself, editable, with these extras and the pinned versions of everything else."""
    say("installing the project and what it needs (the first time this takes some minutes)")
    target = f".[{','.join(extras)}]" if extras else "."
    options = ["--disable-pip-version-check", "--no-input", *([] if sys.stderr.isatty() else ["--quiet"])]
    run([PYTHON, "-m", "pip", "install", *options, "-c", CONSTRAINTS, "-e", target])
