"""
Make node and axe-core available for the tests of the page, or say plainly that they are left out.

As root on Debian it installs node from the distribution. It never fails: what is missing is
left out of the run, and the run says so.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys

FOLDER = pathlib.Path(__file__).parent
AXE = FOLDER / "node_modules" / "axe-core" / "axe.min.js"


def attempt(*command):
    """Run a command quietly; tell whether it worked."""
    try:
        done = subprocess.run(command, cwd=FOLDER, capture_output=True, timeout=600, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main():
    if not shutil.which("npm") and os.geteuid() == 0 and shutil.which("apt-get"):
        say("Tests of the page's scripts need node; installing it ...")
        attempt("apt-get", "update", "-qq")
        attempt("apt-get", "install", "-y", "-qq", "--no-install-recommends", "nodejs", "npm")
    if not shutil.which("node"):
        say("NO NODE could be installed: the tests of the page's scripts are left out of this run.")
    if shutil.which("npm") and not AXE.exists():
        attempt("npm", "ci", "--silent", "--no-audit", "--no-fund")
    if not AXE.exists():
        say("NO AXE could be installed: the accessibility tests are left out of this run.")


if __name__ == "__main__":
    main()
