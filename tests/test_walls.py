"""The house: which app may import which, and within an app which layer may import which."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

APPS = ["bookings", "triage", "exercises", "clinic"]
"""Each may import those to its right."""

FRONT_DOOR = (
    "clinic.urls",
    "clinic.views",
    "clinic.demo_views",
    "clinic.settings",
    "clinic.context_processors",
    "clinic.management",
)
"""Sees every app; seen by none."""

LAYERS = ["rules", "models", "services", "forms", "views"]
"""Each may import those before it."""

LAYER_OF_NAME = {
    "pathways": "rules",
    "references": "rules",
    "querysets": "models",
    "admin": "views",
    "urls": "views",
    "views": "views",
    "templatetags": "views",
    "management": "views",
    "middleware": "views",
}


def modules():
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            if ".migrations" not in name:
                yield name, path


def imports(name, path):
    """Every module of ours that ``path`` imports, wherever in the file it does so, relative imports resolved."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parts, base]).rstrip(".")
            names = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (imported for imported in names if imported.split(".")[0] in APPS)


def is_front_door(name):
    return any(name == door or name.startswith(f"{door}.") for door in FRONT_DOOR)


def layer(name):
    """The layer of a module, or None for what stands outside the layers (apps, settings, sessions, wsgi)."""
    for part in name.split(".")[1:]:
        if part in LAYERS:
            return part
        if part in LAYER_OF_NAME:
            return LAYER_OF_NAME[part]
    return None


EDGES = [(name, imported) for name, path in modules() for imported in imports(name, path)]


def test_there_is_something_to_check():
    assert len(EDGES) > 50


def test_no_app_imports_one_to_its_left():
    wrong = [
        f"{name} imports {imported}"
        for name, imported in EDGES
        if not is_front_door(name) and APPS.index(imported.split(".")[0]) < APPS.index(name.split(".")[0])
    ]

    assert wrong == []


def test_nobody_imports_the_front_door():
    wrong = [
        f"{name} imports {imported}" for name, imported in EDGES if is_front_door(imported) and not is_front_door(name)
    ]

    assert wrong == []


def test_no_layer_imports_one_below_it():
    wrong = [
        f"{name} imports {imported}"
        for name, imported in EDGES
        if layer(name)
        and layer(imported)
        and not is_front_door(name)
        and LAYERS.index(layer(imported)) > LAYERS.index(layer(name))
    ]

    assert wrong == []


@pytest.mark.parametrize(
    "forbidden", ["django.db", "django.http", "django.utils.timezone", "django.shortcuts", "clinic.models"]
)
def test_rules_know_no_database_no_request_and_no_clock(forbidden):
    wrong = []
    for name, path in modules():
        if layer(name) != "rules" or name == "clinic.references":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found = [f"{node.module}.{alias.name}" for alias in node.names] + [node.module or ""]
            else:
                continue
            wrong += [f"{name} imports {module}" for module in found if (module + ".").startswith(forbidden + ".")]

    assert wrong == []


def test_rules_never_ask_what_time_it_is():
    wrong = []
    for name, path in modules():
        if layer(name) != "rules":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow", "localdate"}:
                wrong.append(f"{name} line {node.lineno}")

    assert wrong == []
