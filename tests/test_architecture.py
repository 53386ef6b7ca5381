"""The shape of the package, judged from its source: levels, sizes, names, imports."""

from __future__ import annotations

import ast
import inspect
import pathlib
import subprocess
import sys
from graphlib import TopologicalSorter

import pytest

import borderline

PACKAGE = pathlib.Path(borderline.__file__).parent
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "assets" not in p.parts)
MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 60

LEVELS = {
    "errors": 0,
    "_constants": 0,
    "options": 0.5,
    "_paths": 0.5,
    "_countries": 1,
    "_line": 1,
    "_name_folding": 0,
    "_palette": 1.5,
    "_vector": 1,
    "geodesy": 1,
    "schema": 1,
    "provenance": 1,
    "border": 2,
    "catalog": 2.2,
    "_bank_units": 2.4,
    "gazetteer": 2.5,
    "readers": 2.5,
    "addresses": 2.5,
    "deduplication": 3,
    "geocoding": 3,
    "referencing": 3,
    "stats": 3,
    "lines": 3.5,
    "positions": 3,
    "mapping": 4,
    "charting": 4,
    "reporting": 4,
    "scaling": 4,
    "tabulating": 4,
    "cli": 5,
    "__main__": 6,
}


def dotted(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path):
    """Modules of the package that a file imports, anywhere in it, as dotted names."""
    here = dotted(path).split(".")
    base = here if path.name == "__init__.py" else here[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "borderline")
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                stem = base[: len(base) - node.level + 1] + (node.module or "").split(".")
            elif (node.module or "").split(".")[0] == "borderline":
                stem = node.module.split(".")
            else:
                continue
            stem = [part for part in stem if part]
            for alias in node.names:
                full = ".".join([*stem, alias.name])
                is_module = any(dotted(p) == full for p in MODULES)
                yield full if is_module else ".".join(stem)


def family(name):
    return name.split(".")[1] if "." in name else ""


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_module_is_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_MODULE_LINES


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_functions_are_short(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            has_doc = ast.get_docstring(node) is not None
            body = node.body[1:] if has_doc else node.body
            lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert lines <= MAX_FUNCTION_LINES, f"{node.name} has {lines} lines beside its docstring"


@pytest.mark.parametrize("path", [p for p in MODULES if p != PACKAGE / "__init__.py"], ids=dotted)
def test_module_imports_only_lower_levels(path):
    mine = family(dotted(path))
    assert mine in LEVELS, f"{mine} has no level"
    for name in imports(path):
        assert name != "borderline", "the package root is never imported from inside"
        other = family(name)
        if other != mine:
            assert LEVELS[other] < LEVELS[mine], f"{dotted(path)} imports {name}"


def test_import_graph_has_no_cycle():
    graph = {dotted(path): set(imports(path)) - {dotted(path)} for path in MODULES}
    assert list(TopologicalSorter(graph).static_order())


def test_public_names_are_sorted_complete_and_importable():
    names = borderline.__all__
    assert names == sorted(names)
    assert len(names) == len(set(names))
    for name in names:
        assert getattr(borderline, name) is not None
    public = {n for n in vars(borderline) if not n.startswith("_")} - {"annotations"}
    modules = {n for n in public if inspect.ismodule(getattr(borderline, n))}
    assert public - modules <= set(names)


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_module_exports_are_sorted(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            names = ast.literal_eval(node.value)
            # Constants, then classes, then the rest, as the linter sorts them.
            assert names == sorted(names, key=lambda n: (not n.isupper(), not n[0].isupper(), n))


def test_no_module_is_named_like_a_public_function():
    functions = {n for n in borderline.__all__ if inspect.isfunction(getattr(borderline, n))}
    assert functions.isdisjoint({path.stem for path in MODULES})


def public_functions():
    return [n for n in borderline.__all__ if inspect.isfunction(getattr(borderline, n))]


@pytest.mark.parametrize("name", public_functions())
def test_public_function_reads_the_same_way_everywhere(name):
    function = getattr(borderline, name)
    signature = inspect.signature(function)
    kinds = [p.kind for p in signature.parameters.values()]
    assert inspect.Parameter.VAR_KEYWORD not in kinds
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in signature.parameters.values():
        assert parameter.annotation is not inspect.Parameter.empty
        if isinstance(parameter.default, bool):
            assert parameter.kind is inspect.Parameter.KEYWORD_ONLY
    doc = inspect.getdoc(function)
    for section in ("Returns", "Raises", "Examples"):
        assert f"{section}\n---" in doc, f"{name} has no section {section}"
    for parameter in signature.parameters:
        assert f"\n{parameter}" in doc or f"\n{parameter}," in doc, f"{name} does not explain {parameter}"


def test_import_loads_no_picture_library():
    code = (
        "import sys, borderline; "
        "print([m for m in ('folium', 'branca', 'matplotlib', 'dask', 'fiona', 'click', 'rich', 'pooch', "
        "'esda', 'libpysal') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
