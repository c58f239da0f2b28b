"""The rooms of the package depend downwards only, and every import is one that rules can see."""

import ast
from collections import defaultdict

import pytest
from project import REPOSITORY

PACKAGE = REPOSITORY / "workflow" / "scripts" / "hybridmusic"
# Rooms from the ground up: a room imports from itself, from its floor and from those below.
FLOORS = (
    ("demo", "errors", "kinds", "terms", "networks", "spaces"),
    ("clusterings", "sound", "training"),
    ("blocks", "clusterers", "descriptors", "evaluation", "text", "tracks"),
    ("downloads", "plan", "transforms", "studies"),
    ("tables",),
    ("figures", "reports"),
    ("explorer",),
)
# Modules at the top that only re-export what others may call.
FACES = {"audio", "scores"}
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}


def room_of(name: str) -> str:
    return name.split(".")[1]


def imports(path) -> set[str]:
    """Return the modules of the package that a module imports, inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: rules see no relative import"
            if node.module == "hybridmusic":
                names |= {f"hybridmusic.{alias.name}" for alias in node.names}
            else:
                names.add(node.module)
    return {name for name in names if name.startswith("hybridmusic.")}


@pytest.fixture(scope="module")
def arrows() -> dict[str, dict[str, set[str]]]:
    """Return which modules of each room import which other rooms."""
    found = defaultdict(lambda: defaultdict(set))
    for path in PACKAGE.rglob("*.py"):
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        for name in imports(path):
            found[module.split(".")[0]][room_of(name)].add(module)
    return found


def test_every_room_has_a_floor():
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert rooms - {"__init__", "__pycache__"} == {*FLOOR, *FACES}


def test_no_arrow_leads_upwards(arrows):
    upwards = {
        f"{module} imports {target}"
        for room, targets in arrows.items()
        if room not in FACES
        for target, modules in targets.items()
        if target in FACES or FLOOR[target] > FLOOR[room]
        for module in modules
    }
    assert not upwards


def test_rooms_of_a_floor_are_in_no_circle(arrows):
    below = {room: {t for t in targets if t != room} for room, targets in arrows.items()}
    pending = set(below)
    while pending:
        free = {room for room in pending if not below[room] & pending}
        assert free, f"a circle among {sorted(pending)}"
        pending -= free


def test_the_doc_of_each_room_says_what_is_there():
    for folder in PACKAGE.iterdir():
        if folder.is_dir() and folder.name != "__pycache__":
            assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text())), folder.name


def test_only_rooms_of_words_import_the_tables(arrows):
    speaking = {"tables", "figures", "reports", "explorer"}
    assert {room for room, targets in arrows.items() if "tables" in targets} <= speaking
