"""Downloads from the network, made only when a file is asked for by name."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import pathlib
import tempfile
import urllib.parse
from dataclasses import asdict, dataclass, fields
from typing import IO, Any, Final

import pandas as pd

from .._paths import data_path
from ..errors import DownloadError, IntegrityError, UnknownKeyError, near_miss
from ..options import validate_positive
from ..provenance import Source

__all__ = ["download", "downloads"]

_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_MOST_REDIRECTS: Final = 5
_CHUNK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class _Download:
    """A file that may be fetched."""

    key: str
    title: str
    content: str
    url: str
    page: str
    file: str
    license: str
    attribution: str
    sha256: str | None
    verified: bool


def downloads() -> pd.DataFrame:
    """
    List the files that `download` can fetch; this needs no network.

    Returns
    -------
    files
        Index ``key``: title, content, url, page, file, license, attribution, sha256 (missing
        where none was measured), verified (whether the address has been tried: none has).

    Raises
    ------
    IntegrityError
        If the list cannot be read.

    Examples
    --------
    >>> import borderline as bl
    >>> bl.catalog.downloads().loc["geonames-th", "license"]
    'CC-BY-4.0'
    """
    return pd.DataFrame([asdict(entry) for entry in _read_entries().values()]).set_index("key")


def download(
    key: str,
    folder: str | pathlib.Path,
    *,
    refresh: bool = False,
    max_mb: float = 500.0,
    timeout_s: float = 60.0,
) -> pathlib.Path:
    """
    Download one file of a third party into a folder.

    Nothing else in the library uses the network. A file that is there already and
    matches the checksum beside it is not fetched again. Licence, credit, checksum and
    the day it came are written beside it, under the same name with ``.source.json`` added.
    To work with a fetched layer by key, pass it to `register`.

    Parameters
    ----------
    key
        Which file, as in the index of `downloads`.
    folder
        Where to put it; the folder must exist.
    refresh
        Fetch it even if it is there.
    max_mb
        Give up beyond this many megabytes (10**6 bytes).
    timeout_s
        Give up when the server is silent for so many seconds.

    Returns
    -------
    path
        The file, whole.

    Raises
    ------
    UnknownKeyError
        If there is no such file; a near miss is offered.
    DownloadError
        If the network, the server or the folder fails, or the file is too large.
    IntegrityError
        If what came does not have the checksum on record. Nothing is kept.
    OptionError
        If `max_mb` or `timeout_s` is not positive.

    Examples
    --------
    >>> import borderline as bl
    >>> bl.catalog.download("geonames-ht", ".")
    Traceback (most recent call last):
    borderline.errors.UnknownKeyError: There is no download 'geonames-ht'. Did you mean 'geonames-th'?
    """
    entries = _read_entries()
    if key not in entries:
        raise UnknownKeyError(f"There is no download {key!r}.{near_miss(str(key), entries)}")
    validate_positive(max_mb, "max_mb", "a positive number of megabytes")
    validate_positive(timeout_s, "timeout_s", "a positive number of seconds")
    entry = entries[key]
    target = pathlib.Path(folder) / entry.file
    beside = target.with_name(target.name + ".source.json")
    if not target.parent.is_dir():
        raise DownloadError(f"There is no folder {str(folder)!r}; make it first.")
    if not refresh and _is_cached(target, beside, entry):
        return target
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".download-") as draft:
        fetched = _fetch_file(entry, pathlib.Path(draft), int(max_mb * 1e6), timeout_s)
        record = fetched.with_name("record.json")
        record.write_text(_describe_download(entry, fetched), encoding="utf-8")
        fetched.replace(target)
        record.replace(beside)
    return target


def _fetch_file(entry: _Download, folder: pathlib.Path, most: int, timeout_s: float) -> pathlib.Path:
    """Fetch a file with pooch, which verifies its checksum."""
    import pooch  # noqa: PLC0415 - brings requests; only a download needs them
    import requests  # noqa: PLC0415

    def fetch(url: str, output: IO[bytes] | str, _pooch: object) -> None:
        with requests.Session() as session:
            _stream_file(session, url, pathlib.Path(str(output)), most, timeout_s)

    logger = pooch.get_logger()
    level = logger.level
    # Its advice to pin the checksum is not for our callers.
    logger.setLevel("WARNING")
    try:
        path = pooch.retrieve(
            entry.url,
            known_hash=f"sha256:{entry.sha256}" if entry.sha256 else None,
            fname="fetched",
            path=folder,
            downloader=fetch,
        )
    except DownloadError:
        raise
    except requests.RequestException as error:
        raise DownloadError(
            f"{entry.key}: {entry.url} could not be fetched ({type(error).__name__}); is there a network? "
            f"The file can also be fetched by hand, see {entry.page}."
        ) from error
    except ValueError as error:
        raise IntegrityError(
            f"{entry.key}: what {entry.url} sent does not have the SHA-256 on record ({entry.sha256}); "
            "it was thrown away. The file may have changed at its source."
        ) from error
    except OSError as error:
        raise DownloadError(f"{entry.key}: the file could not be written ({error}).") from error
    finally:
        logger.setLevel(level)
    return pathlib.Path(path)


def _stream_file(session: Any, url: str, output: pathlib.Path, most: int, timeout_s: float) -> None:  # noqa: ANN401 - requests is not loaded here
    """Follow redirects one by one, each checked before it is contacted, and write at most `most` bytes."""
    local = urllib.parse.urlsplit(url).hostname in _LOOPBACK
    for _ in range(_MOST_REDIRECTS):
        _require_safe(url, local=local)
        with session.get(url, stream=True, timeout=timeout_s, allow_redirects=False) as response:
            if response.is_redirect:
                url = urllib.parse.urljoin(url, response.headers["location"])
                continue
            if response.status_code != 200:
                raise DownloadError(
                    f"{url} answered {response.status_code} {response.reason}; the file may have moved."
                )
            size = 0
            with output.open("wb") as file:
                for chunk in response.iter_content(_CHUNK):
                    size += len(chunk)
                    if size > most:
                        raise DownloadError(
                            f"{url} sends more than {most / 1e6:g} MB; raise max_mb if that is right."
                        )
                    file.write(chunk)
            return
    raise DownloadError(f"{url}: more than {_MOST_REDIRECTS} redirects.")


def _require_safe(url: str, *, local: bool) -> None:
    """Refuse any address but https, and plain http of this machine."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and local and parts.hostname in _LOOPBACK):
        return
    raise DownloadError(
        f"{url} is not an https address, so anybody could have sent its content; nothing was fetched."
    )


def _is_cached(target: pathlib.Path, beside: pathlib.Path, entry: _Download) -> bool:
    """Return whether the cached file matches its checksum, and that of the list if it has one."""
    try:
        stated = json.loads(beside.read_text(encoding="utf-8"))["sha256"]
        checksum = _hash_file(target)
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return checksum == stated and entry.sha256 in (None, checksum)


def _hash_file(path: pathlib.Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _describe_download(entry: _Download, fetched: pathlib.Path) -> str:
    source = Source(
        title=entry.title,
        url=entry.url,
        license=entry.license,
        attribution=entry.attribution,
        retrieved=dt.datetime.now(dt.UTC).date().isoformat(),
        sha256=_hash_file(fetched),
    )
    about = {"key": entry.key, "file": entry.file, "bytes": fetched.stat().st_size, **asdict(source)}
    return json.dumps(about, ensure_ascii=False, indent=2) + "\n"


def _read_entries() -> dict[str, _Download]:
    path = data_path("geodata", "downloads.json")
    names = [field.name for field in fields(_Download)]
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["downloads"]
        entries = [_Download(**{name: item[name] for name in names}) for item in listed]
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityError(f"The list {path} cannot be read ({error}); reinstall the package.") from error
    return {entry.key: entry for entry in entries}
