"""
Fetch the web assets that saved maps carry, and refuse any other bytes.

``vendor.json`` names the package, its version, the checksum of its archive and
of every file kept from it. The archive comes through ``npm pack`` from whatever
registry npm is configured for; nothing is unpacked before its checksum agrees.

    python geodata/build/assets.py           fetch and write the files
    python geodata/build/assets.py --check   only compare the files with their checksums
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "borderline" / "mapping" / "assets" / "vendor"


def sha256(data: bytes) -> str:
    """Return the checksum as `vendor.json` writes it."""
    return hashlib.sha256(data).hexdigest()


def fetch(package: dict[str, str]) -> bytes:
    """Return the archive of one package, whose checksum has been compared."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed to fetch the web assets; install Node.js, or keep the files that are here.")
    spec = f"{package['name']}@{package['version']}"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([npm, "pack", spec, "--silent"], cwd=folder, check=True, capture_output=True)
        archive = next(Path(folder).glob("*.tgz")).read_bytes()
    if sha256(archive) != package["archive_sha256"]:
        sys.exit(f"{spec}: the archive's sha256 is {sha256(archive)}, vendor.json says otherwise.")
    return archive


def unpack(package: dict[str, object], archive: bytes) -> None:
    """Write the files that `vendor.json` lists, each compared with its checksum."""
    with tempfile.TemporaryFile() as stream:
        stream.write(archive)
        stream.seek(0)
        with tarfile.open(fileobj=stream) as tar:
            for record in package["files"]:
                member = tar.extractfile(f"package/{record['from']}")
                data = b"" if member is None else member.read()
                if sha256(data) != record["sha256"]:
                    sys.exit(f"{record['from']}: the checksum differs from vendor.json.")
                target = VENDOR / record["path"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
                print(f"{record['path']}  {len(data)} bytes")


def check(package: dict[str, object]) -> None:
    """Compare the files that are here with their checksums."""
    for record in package["files"]:
        data = (VENDOR / record["path"]).read_bytes()
        if sha256(data) != record["sha256"]:
            sys.exit(f"{record['path']}: the checksum differs from vendor.json.")


def main() -> None:
    """Run the recipe."""
    packages = json.loads((VENDOR / "vendor.json").read_text(encoding="utf-8"))["packages"]
    for package in packages:
        if "--check" in sys.argv[1:]:
            check(package)
        else:
            unpack(package, fetch(package))


if __name__ == "__main__":
    main()
