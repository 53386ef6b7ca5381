"""Fetching a file: whole, checked, recorded, and only from where it may come; tried on a loopback server."""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from borderline import _paths, catalog
from borderline.errors import DownloadError, IntegrityError, OptionError, UnknownKeyError

CHECKOUT = Path(_paths.__file__).parent.parent
BODY = b"place\tlatitude\tlongitude\n" * 1000
SHA256 = hashlib.sha256(BODY).hexdigest()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.server.elsewhere)
            self.end_headers()
        elif self.path == "/loop":
            self.send_response(302)
            self.send_header("Location", "/loop")
            self.end_headers()
        elif self.path in {"/good", "/cut"}:
            self.send_response(200)
            self.send_header("Content-Length", str(len(BODY)))
            self.end_headers()
            self.wfile.write(BODY if self.path == "/good" else BODY[:100])
        else:
            self.send_error(404)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = []
    server.elsewhere = "/good"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "here"
    path.mkdir()
    return path


@pytest.fixture
def offer(tmp_path, monkeypatch, server):
    """Put one file on the list, at a path of the loopback server or at a whole address."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BORDERLINE_DATA", str(tmp_path))

    def put(address, **changes):
        url = address if ":" in address else f"http://127.0.0.1:{server.server_port}{address}"
        words = {name: name for name in ("title", "content", "page", "license", "attribution")}
        item = {
            "key": "x",
            "url": url,
            "file": "x.tsv",
            "sha256": None,
            "verified": False,
            **words,
            **changes,
        }
        path = tmp_path / "geodata" / "downloads.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"downloads": [item]}), encoding="utf-8")

    return put


@pytest.mark.parametrize("sha256", [SHA256, None])
def test_good_file_comes_whole_with_its_record(offer, folder, sha256):
    offer("/good", sha256=sha256)
    path = catalog.download("x", folder)
    assert path == folder / "x.tsv"
    assert path.read_bytes() == BODY
    beside = json.loads((folder / "x.tsv.source.json").read_text(encoding="utf-8"))
    assert (beside["sha256"], beside["bytes"], beside["license"]) == (SHA256, len(BODY), "license")
    assert len(beside["retrieved"]) == len("2025-07-24")
    assert sorted(each.name for each in folder.iterdir()) == ["x.tsv", "x.tsv.source.json"]


def test_what_is_there_is_not_fetched_again(offer, folder, server):
    offer("/good")
    path = catalog.download("x", folder)
    catalog.download("x", folder)
    assert server.asked == ["/good"]
    catalog.download("x", folder, refresh=True)
    assert server.asked == ["/good"] * 2
    path.write_bytes(b"spoilt")
    assert catalog.download("x", folder).read_bytes() == BODY
    path.with_name("x.tsv.source.json").unlink()
    catalog.download("x", folder)
    assert server.asked == ["/good"] * 4


def test_redirect_is_followed(offer, folder, server):
    offer("/to/good")
    assert catalog.download("x", folder).read_bytes() == BODY
    assert server.asked == ["/to/good", "/good"]


@pytest.mark.parametrize(
    ("address", "changes", "options", "error", "message"),
    [
        ("/good", {"sha256": "0" * 64}, {}, IntegrityError, "does not have the SHA-256 on record"),
        ("/missing", {}, {}, DownloadError, "answered 404"),
        ("/cut", {}, {}, DownloadError, "could not be fetched"),
        ("/loop", {}, {}, DownloadError, "more than 5 redirects"),
        ("/good", {}, {"max_mb": 0.001}, DownloadError, r"more than 0\.001 MB; raise max_mb"),
        ("http://example.invalid/x", {}, {}, DownloadError, "not an https address"),
        ("ftp://example.invalid/x", {}, {}, DownloadError, "not an https address"),
        ("file:///etc/hostname", {}, {}, DownloadError, "not an https address"),
    ],
)
@pytest.mark.parametrize("before", [None, b"older"])
def test_failure_keeps_nothing_and_spoils_nothing(
    offer, folder, before, address, changes, options, error, message
):
    if before:
        (folder / "x.tsv").write_bytes(before)
    offer(address, **changes)
    with pytest.raises(error, match=message):
        catalog.download("x", folder, **options)
    assert [each.read_bytes() for each in folder.iterdir()] == ([before] if before else [])


@pytest.mark.parametrize(
    "elsewhere", ["http://example.invalid/good", "ftp://127.0.0.1/good", "file:///etc/hostname"]
)
def test_redirect_to_what_is_not_https_is_refused(offer, folder, server, elsewhere):
    server.elsewhere = elsewhere
    offer("/to/good")
    with pytest.raises(DownloadError, match="not an https address"):
        catalog.download("x", folder)
    assert list(folder.iterdir()) == []


def test_no_network_is_said_plainly(offer, folder):
    with socket.socket() as taken:
        # Bound but not listening: whoever connects is refused.
        taken.bind(("127.0.0.1", 0))
        offer(f"http://127.0.0.1:{taken.getsockname()[1]}/good")
        with pytest.raises(
            DownloadError, match=r"x: http.* could not be fetched .*is there a network\?.*by hand, see page"
        ):
            catalog.download("x", folder)
    assert list(folder.iterdir()) == []


def test_folder_must_exist(offer, folder, server):
    offer("/good")
    with pytest.raises(DownloadError, match="no folder"):
        catalog.download("x", folder / "no")
    assert server.asked == []


@pytest.mark.parametrize("options", [{"max_mb": 0}, {"timeout_s": -1}])
def test_limits_are_positive(offer, folder, options):
    offer("/good")
    with pytest.raises(OptionError, match="must be a positive number of"):
        catalog.download("x", folder, **options)


def test_unknown_key_is_refused_with_a_near_miss(folder):
    with pytest.raises(UnknownKeyError, match=r"'geonames-ht'.*'geonames-th'"):
        catalog.download("geonames-ht", folder)


def test_broken_list_is_refused(offer, tmp_path):
    offer("/good")
    (tmp_path / "geodata" / "downloads.json").write_text('{"downloads": [{}]}', encoding="utf-8")
    with pytest.raises(IntegrityError, match=r"downloads\.json cannot be read"):
        catalog.downloads()


# The list that comes along


def test_every_offer_is_complete_and_claims_nothing_unmeasured():
    table = catalog.downloads()
    assert len(table) == len(
        json.loads((CHECKOUT / "geodata" / "downloads.json").read_text(encoding="utf-8"))["downloads"]
    )
    assert table.index.is_unique
    for row in table.itertuples():
        assert row.url.startswith("https://")
        assert row.page.startswith("https://")
        assert all((row.title, row.content, row.license, row.attribution))
        assert row.file == Path(row.file).name
        assert row.sha256 is None or len(row.sha256) == 64
    assert not table["verified"].any()


def test_data_folder_without_the_list_says_so(tmp_path, monkeypatch):
    shutil.copytree(CHECKOUT / "geodata" / "crosswalks", tmp_path / "geodata" / "crosswalks")
    monkeypatch.setenv("BORDERLINE_DATA", str(tmp_path))
    monkeypatch.setattr(_paths, "_PACKAGE", tmp_path / "nowhere" / "borderline")
    with pytest.raises(UnknownKeyError, match=r"lacks geodata/downloads\.json"):
        catalog.downloads()
