"""The shape of the package, judged from its source: names and imports. `make lint` checks its floors."""

from __future__ import annotations

import ast
import inspect
import pathlib
import re
import subprocess
import sys
from collections import Counter
from graphlib import TopologicalSorter

import pytest

import borderline

PACKAGE = pathlib.Path(borderline.__file__).parent
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "assets" not in p.parts)

#: Bindings that say nothing about what they hold.
EMPTY_NAMES = {"at", "each", "found", "mine", "one", "theirs", "thing", "told", "what"}


def dotted(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {dotted(path) for path in MODULES}


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
                yield full if full in NAMES else ".".join(stem)


def is_binding(node):
    """Return whether a node binds a name: in an assignment, a loop, a comprehension, as a parameter."""
    return isinstance(node, ast.arg) or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))


def name_bound(node):
    return node.arg if isinstance(node, ast.arg) else node.id


def nodes(path):
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_no_local_name_is_empty(path):
    bound = [(node.lineno, name_bound(node)) for node in nodes(path) if is_binding(node)]
    assert [(line, name) for line, name in bound if name in EMPTY_NAMES] == []


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_private_functions_have_a_verb_and_a_noun(path):
    names = [node.name for node in nodes(path) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    assert [name for name in names if re.fullmatch(r"_[a-z0-9]+", name)] == []


def test_no_file_name_occurs_twice():
    names = Counter(path.name for path in MODULES if path.name != "__init__.py")
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("path", [p for p in MODULES if p != PACKAGE / "__init__.py"], ids=dotted)
def test_module_does_not_import_the_package_root(path):
    assert "borderline" not in set(imports(path))


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


def test_import_loads_no_other_library():
    code = (
        "import sys; before = set(sys.modules); import borderline; "
        "loaded = {name.partition('.')[0] for name in set(sys.modules) - before}; "
        "print(sorted(loaded - sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['borderline']"


def test_locating_loads_no_scipy():
    """Its submodules take longer to load than the package itself."""
    code = (
        "import sys, borderline; borderline.locate, borderline.load_border(); print('scipy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
