"""
Run the quick half of the tests in environments beside the locked one.

``pythons`` takes the locked versions to every Python that borderline supports, ``lowest``
takes the oldest versions of its dependencies that are allowed, and ``newest`` the newest. Each
has its own environment, ``.venv-...``. What follows the name is handed to pytest. An
interpreter that is neither here nor brought by a package manager is reported and left out.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
UV = (sys.executable, "-m", "uv")
QUICK = ("-m", "not slow and not browser")
VERSIONS = [name[-4:] for name in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", name)]
#: What a user may install; the tools of the tests keep their locked versions.
EXTRAS = ("excel", "plot", "stats")
TOOLS = ("docs", "test")
#: Old versions warn of a future that newer ones have settled.
FUTURE = "ignore::DeprecationWarning"


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def run(*command, **environment):
    """Run a command in the repository; return whether it worked."""
    return not subprocess.run(command, check=False, cwd=ROOT, env=os.environ | environment).returncode


def try_command(*command):
    """Run a command that may fail, in silence; return whether it worked and what it printed."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False, ""
    return not done.returncode, done.stdout.strip()


def installed_interpreter(version):
    """Find an interpreter on the path, among those of uv, or among those of pyenv."""
    known, path = try_command(*UV, "python", "find", "--system", "--no-python-downloads", version)
    pyenv = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv"))
    others = sorted(pyenv.glob(f"versions/{version}.*/bin/python"))
    return path if known else next(map(str, reversed(others)), "")


def find_interpreter(version):
    """Find an interpreter, or have uv or apt install it; empty where there is none."""
    path = installed_interpreter(version)
    if not path:
        try_command(*UV, "python", "install", version)
        path = installed_interpreter(version)
    if not path and os.geteuid() == 0 and shutil.which("apt-get"):
        try_command("apt-get", "install", "-y", "-qq", f"python{version}")
        path = installed_interpreter(version)
    return path


def run_tests_in(name, interpreter, install, arguments, warnings=""):
    """Make the environment, install into it, and run the tests there; return whether all passed."""
    folder = ROOT / f".venv-{name}"
    python = str(folder / "bin" / "python")
    pip = (*UV, "--quiet", "pip", "install", "--python", python)
    here = ("--no-deps", "--no-build-isolation", "--editable", ".")
    ready = (
        run(*UV, "--quiet", "venv", "--clear", "--python", interpreter, str(folder))
        and run(*pip, *install)
        and run(*pip, "editables", "hatchling")
        and run(*pip, *here)
    )
    if not ready:
        say(f"{name}: the environment could not be made.")
        return False
    options = ("-W", warnings) if warnings else ()
    said = {"PYTHONWARNINGS": warnings} if warnings else {}
    return run(python, "-m", "pytest", *QUICK, *options, *(arguments or ("-n", "2")), **said)


def names_of(requirements):
    return {re.match(r"[A-Za-z0-9_.-]+", line)[0].lower() for line in requirements}


def locked_tools():
    """Return the pins of the lock for everything that borderline does not ask for itself."""
    extras = PROJECT["optional-dependencies"]
    free = names_of([*PROJECT["dependencies"], *(line for name in EXTRAS for line in extras[name])])
    pins = re.findall(r"^[a-z0-9._-]+==[^\\\n]+", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    return [pin.strip() for pin in pins if not names_of([pin]) <= free]


def check_pythons(arguments, versions):
    """Test the locked versions on each interpreter; return a line on each and whether all passed."""
    results = {}
    for version in versions:
        interpreter = find_interpreter(version)
        install = ("--require-hashes", "-r", str(LOCK))
        passed = interpreter and run_tests_in(version, interpreter, install, arguments)
        results[version] = ("passed" if passed else "FAILED") if interpreter else "not found, left out"
    for version, result in results.items():
        say(f"Python {version}: {result}")
    return "FAILED" not in results.values()


def check_lowest(arguments):
    version = min(VERSIONS, key=lambda name: int(name[2:]))
    constraints = ROOT / ".venv-lowest.txt"
    constraints.write_text("\n".join(locked_tools()) + "\n", encoding="utf-8")
    extras = [word for name in (*EXTRAS, *TOOLS) for word in ("--extra", name)]
    install = ("--resolution", "lowest-direct", "-r", "pyproject.toml", *extras, "-c", str(constraints))
    return run_tests_in("lowest", find_interpreter(version), install, arguments, FUTURE)


def check_newest(arguments):
    versions = sorted(VERSIONS, key=lambda name: -int(name[2:]))
    interpreter = next(filter(None, map(find_interpreter, versions)))
    install = ("--upgrade", "-r", "pyproject.toml", "--extra", "dev")
    return run_tests_in("newest", interpreter, install, arguments)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["pythons", "lowest", "newest"])
    parser.add_argument("--versions", default=" ".join(VERSIONS), help="of Python, such as '3.12 3.13'")
    given, arguments = parser.parse_known_args()
    if given.kind == "pythons":
        passed = check_pythons(arguments, given.versions.split())
    else:
        passed = {"lowest": check_lowest, "newest": check_newest}[given.kind](arguments)
    sys.exit(not passed)


if __name__ == "__main__":
    main()
