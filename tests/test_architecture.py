"""The rules of the house, checked on the files themselves."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
APP = REPOSITORY / "app"
SOURCES = sorted(APP.rglob("*.py"))
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
SHORT_FUNCTION = 30
RUNS_DATA_MODULES = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "jsonpickle"}
RUNS_DATA_CALLS = {"eval", "exec", "compile", "__import__"}
RUNS_DATA_METHODS = {"yaml.load", "yaml.full_load", "yaml.unsafe_load", "yaml.load_all", "os.system", "os.popen"}
RUNS_DATA_OPTIONS = {"allow_pickle", "shell"}
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc", "core"}


def name(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def function_lengths() -> dict[str, int]:
    """Lines of every function and method of the program, docstrings left out."""
    lengths = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                first = body[0].lineno if body else node.lineno
                lengths[f"{name(path)}:{node.lineno} {node.name}"] = (node.end_lineno or first) - first + 1
    return lengths


def test_imports_follow_the_contracts() -> None:
    # in a process of its own: the linter's set-up of logging would silence the program's loggers for later tests
    check = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_package_of_the_program_has_a_place_in_the_layers() -> None:
    configured = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    layers = configured.partition("layers = [")[2].partition("]")[0]
    placed = set(re.findall(r"app\.(\w+)", layers))
    packages = {path.stem for path in APP.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert packages - {"__init__"} <= placed


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_file_outgrows_its_reader(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


def test_functions_are_short() -> None:
    lengths = function_lengths()
    ordered = sorted(lengths.values())
    assert ordered[len(ordered) // 2] <= 7
    assert sum(length <= SHORT_FUNCTION for length in ordered) >= 0.95 * len(ordered)
    assert {where for where, length in lengths.items() if length > LONGEST_FUNCTION} == set()


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert {name(path) for path in SOURCES if path.stem in VAGUE or path.parent.name in VAGUE} == set()


def _runs_what_it_reads(node: ast.AST) -> bool:
    """Whether a piece of code can run what stands in a file: by a module, a built-in, or an option that allows it."""
    if isinstance(node, ast.Import):
        return any(alias.name.partition(".")[0] in RUNS_DATA_MODULES for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").partition(".")[0] in RUNS_DATA_MODULES
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        called = node.func.id in RUNS_DATA_CALLS
    else:
        called = ast.unparse(node.func) in RUNS_DATA_METHODS
    return called or any(
        keyword.arg in RUNS_DATA_OPTIONS and getattr(keyword.value, "value", True) is not False
        for keyword in node.keywords
    )


@pytest.mark.parametrize(
    "code",
    [
        "import pickle", "import a, marshal", "from shelve import open", "from numpy.lib import x; eval(x)",
        "exec(x)", "yaml.load(x)", "yaml.unsafe_load(x)", "np.load(x, allow_pickle=True)", "np.load(x, allow_pickle=y)",
        "__import__(x)", "run(x, shell=True)",
    ],
)  # fmt: skip
def test_code_that_runs_what_it_reads_is_noticed(code: str) -> None:
    assert any(_runs_what_it_reads(node) for node in ast.walk(ast.parse(code)))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_nothing_anywhere_unpickles_or_runs_what_it_reads(path: Path) -> None:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    assert [ast.unparse(node) for node in nodes if _runs_what_it_reads(node)] == []


def test_pixmaps_are_made_by_widgets_alone_and_never_by_what_decodes_pictures_on_other_threads() -> None:
    makers = {name(path) for path in SOURCES if re.search(r"\bQ(Pixmap|Bitmap)\b", path.read_text(encoding="utf-8"))}
    assert makers == {"app/gui/icons.py", "app/gui/main_window.py", "app/gui/scaled_picture.py"}


def test_no_file_of_the_repository_names_a_package_registry_or_a_machine() -> None:
    hosts = re.compile(r"(pypi|pythonhosted|npmjs|debian|ubuntu)\.(org|com|net)|--index-url")
    texts = [path for path in REPOSITORY.rglob("*") if path.suffix in {".py", ".toml", ".txt", ".md", ""}]
    checked = [path for path in texts if path.is_file() and not _is_made(path.relative_to(REPOSITORY))]
    assert any(path.name == "pyproject.toml" for path in checked)
    assert {name(path) for path in checked if path != Path(__file__) and hosts.search(_text(path))} == set()


def _is_made(path: Path) -> bool:
    """Whether a file is made by tools and not part of the repository."""
    return any(part in {"dist", "build", "__pycache__", ".venv"} or part.startswith(".") for part in path.parts[:-1])


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")
