"""What the operating system must bring on Linux: the Qt and OpenGL libraries, an X server where no display is, venv."""

import os
import sys

from environment import ROOT, SetupError, read, run, say


def on_linux():
    """Whether libraries come from the distribution; on macOS and Windows the wheels bring everything."""
    return sys.platform.startswith("linux")


def has_display():
    """Whether windows have somewhere to appear."""
    return not on_linux() or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def has_xvfb():
    """Whether the X server without a screen is installed."""
    import shutil

    return shutil.which("Xvfb") is not None


def libraries():
    """Pairs of shared library and Debian package."""
    lines = read(ROOT, "packaging", "system-libraries.txt").decode("utf-8").splitlines()
    return [tuple(line.split()) for line in lines if line.strip() and not line.startswith("#")]


def loads(library):
    """Whether the dynamic loader finds a library, wherever it came from."""
    import ctypes

    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_packages(*, xvfb):
    """Debian packages whose libraries do not load, and xvfb where it is wanted and not there."""
    if not on_linux():
        return []
    packages = [package for library, package in libraries() if not loads(library)]
    return packages + (["xvfb"] if xvfb and not has_xvfb() else [])


def install_packages(packages):
    """Install Debian packages as root; raises SetupError with the one command to run where that is not possible."""
    if not packages:
        return
    import shutil

    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        raise SetupError(
            f"this system lacks libraries. They are called {names} on Debian and Ubuntu: install what brings "
            "them here, then run this again."
        )
    if os.geteuid() != 0:
        raise SetupError(f"run this once, then start again:\n\n    sudo apt-get install -y {names}\n")
    say("installing system packages: " + names)
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    run(["apt-get", "update", "-q"])
    run(["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages])
