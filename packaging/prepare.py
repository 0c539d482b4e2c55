"""From a bare checkout to a working `.venv`: what `run` and `test` share."""

import environment
import system


def prepare(*, extras=(), xvfb=False):
    """Make sure that `.venv`, the project with these extras and the system libraries are there.

    Costs a few milliseconds, and no network, where an earlier call did it all. Raises SetupError.
    """
    wanted = {"project", "libraries", *extras, *(["xvfb"] if xvfb else [])}
    done = environment.stamped()
    if wanted <= done:
        return
    python = None if environment.venv_works() else environment.interpreter()
    packages = system.missing_packages(xvfb=xvfb)
    if python and system.on_linux() and not environment.can_make_venv(python):
        packages.append(environment.venv_package(python))
    system.install_packages(packages)
    if python:
        environment.make_venv(python)
    # an environment that only lacks a system library is not installed again
    if not {"project", *extras} <= done:
        environment.install(extras)
    environment.stamp(done | wanted)
