"""
Make a Chromium available for the browser tests, or say plainly that there is none.

As root on Debian it installs the distribution's package, elsewhere it asks
Playwright for its own. It never fails: without a browser the tests that need one
are left out and the run says so.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


def attempt(*command):
    """Run a command quietly; tell whether it worked."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def playwright_has_one():
    try:
        with sync_playwright() as playwright:
            return pathlib.Path(playwright.chromium.executable_path).exists()
    except Exception:  # noqa: BLE001 - whatever is wrong with it, there is no browser
        return False


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main():
    if any(shutil.which(name) for name in NAMES) or playwright_has_one():
        return
    say("Browser tests need Chromium; installing it ...")
    if os.geteuid() == 0 and shutil.which("apt-get"):
        attempt("apt-get", "update", "-qq")
        attempt("apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-core")
    if not shutil.which("chromium"):
        attempt(sys.executable, "-m", "playwright", "install", "chromium")
    if not (any(shutil.which(name) for name in NAMES) or playwright_has_one()):
        say("NO CHROMIUM could be installed: the browser tests are left out of this run.")


if __name__ == "__main__":
    main()
