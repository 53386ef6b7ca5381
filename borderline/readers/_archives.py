"""Open a file on disk, or the one table inside a zip or gzip archive."""

from __future__ import annotations

import contextlib
import gzip
import io
import pathlib
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final, cast

from ..errors import FormatError

__all__ = ["ARCHIVES", "OpenedFile", "open_table_file"]

#: Endings of archives.
ARCHIVES: Final = frozenset({".zip", ".gz", ".kmz"})
#: Most that is unpacked, bytes; the largest yearly file of the known providers has a quarter of a gigabyte.
MAX_UNPACKED: Final = 4 << 30
#: Most that a member may grow when unpacked; tables of text reach about 30.
MAX_RATIO: Final = 500

#: A member of a geodatabase, up to its folder.
_GEODATABASE: Final = re.compile(r"(?:.*/)?[^/]+\.gdb/", re.IGNORECASE)

#: Kept in memory up to this size, bytes, else on disk while it is read.
_IN_MEMORY: Final = 64 << 20
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """One table file, ready to be read."""

    #: Name for messages: the file, and its member in an archive.
    name: str
    #: Short name for the column ``dataset``.
    stem: str
    #: Ending in lower case, of the member in an archive.
    ending: str
    #: Seekable bytes, at the beginning.
    file: IO[bytes]
    #: Where it lies on disk; None for what was unpacked.
    path: pathlib.Path | None


@contextlib.contextmanager
def open_table_file(path: pathlib.Path, *, endings: frozenset[str]) -> Iterator[OpenedFile]:
    """
    Open a file, unpacking an archive of one table.

    Parameters
    ----------
    path
        An existing file.
    endings
        Endings of tables that can be read, in lower case.

    Yields
    ------
    opened
        Closed again afterwards.

    Raises
    ------
    FormatError
        If an archive is damaged, encrypted, holds no table or several, or grows
        beyond what a table grows.
    """
    ending = path.suffix.lower()
    if ending not in ARCHIVES:
        with path.open("rb") as file:
            yield OpenedFile(path.name, path.stem, ending, file, path)
        return
    with contextlib.ExitStack() as stack:
        try:
            geodatabase = _unpack_geodatabase(path, stack) if ending == ".zip" else None
            if geodatabase is not None:
                name = f"{path.name}/{geodatabase.name}"
                yield OpenedFile(name, geodatabase.stem, ".gdb", io.BytesIO(), geodatabase)
                return
            member, packed, size = _find_member(path, endings, stack)
            spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the stack closes it
            stack.callback(spool.close)
            unpacked = cast("IO[bytes]", spool)
            _unpack_file(packed, unpacked, limit=max(size * MAX_RATIO, _BLOCK), name=path.name)
        except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise FormatError(f"{path.name} is a damaged archive: {error}") from error
        except RuntimeError as error:  # zipfile's word for a password
            raise FormatError(f"{path.name} cannot be unpacked: {error}") from error
        inner = pathlib.PurePosixPath(member)
        shapefile = _unpack_shapefile(path, member, stack) if inner.suffix.lower() == ".shp" else None
        name = path.name if ending == ".gz" else f"{path.name}/{inner.name}"
        yield OpenedFile(name, inner.stem, inner.suffix.lower(), unpacked, shapefile)


def _unpack_geodatabase(path: pathlib.Path, stack: contextlib.ExitStack) -> pathlib.Path | None:
    """Unpack the one geodatabase of Esri in an archive, a folder; None where there is none or several."""
    archive = stack.enter_context(zipfile.ZipFile(path))
    members = [info for info in archive.infolist() if not info.is_dir() and _GEODATABASE.match(info.filename)]
    roots = {match[0] for info in members if (match := _GEODATABASE.match(info.filename))}
    if len(roots) != 1:
        return None
    root = pathlib.PurePosixPath(roots.pop())
    folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()), root.name)
    folder.mkdir()
    for info in members:
        # Only the last part of a name comes from the archive.
        target = folder / pathlib.PurePosixPath(info.filename).name
        with archive.open(info) as packed, target.open("w+b") as file:
            _unpack_file(packed, file, limit=max(info.compress_size * MAX_RATIO, _BLOCK), name=path.name)
    return folder


def _find_member(
    path: pathlib.Path, endings: frozenset[str], stack: contextlib.ExitStack
) -> tuple[str, IO[bytes], int]:
    """Return the one table of an archive: its name, its bytes and its packed size."""
    if path.suffix.lower() == ".gz":
        packed = cast("IO[bytes]", stack.enter_context(gzip.GzipFile(path)))
        return path.stem, packed, path.stat().st_size
    archive = stack.enter_context(zipfile.ZipFile(path))
    files = [
        info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX/")
    ]
    tables = [info for info in files if pathlib.PurePosixPath(info.filename).suffix.lower() in endings]
    if len(tables) != 1:
        listed = ", ".join(info.filename for info in (tables or files)[:10]) or "nothing"
        count = f"{len(tables)} tables" if tables else "no table that can be read"
        raise FormatError(f"{path.name} holds {count} ({listed}); unpack it and read the file you want.")
    (table,) = tables
    return table.filename, stack.enter_context(archive.open(table)), table.compress_size


def _unpack_shapefile(path: pathlib.Path, member: str, stack: contextlib.ExitStack) -> pathlib.Path:
    """Unpack a Shapefile and the files that belong to it; only their endings come from the archive."""
    folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
    archive = stack.enter_context(zipfile.ZipFile(path))
    stem = member[: -len(".shp")]
    for info in archive.infolist():
        ending = info.filename[len(stem) :].lower()
        if info.filename.startswith(stem) and ending in {".shp", ".shx", ".dbf", ".prj", ".cpg"}:
            with archive.open(info) as packed, (folder / f"table{ending}").open("w+b") as file:
                _unpack_file(packed, file, limit=max(info.compress_size * MAX_RATIO, _BLOCK), name=path.name)
    return folder / "table.shp"


def _unpack_file(packed: IO[bytes], file: IO[bytes], *, limit: int, name: str) -> None:
    size = 0
    while block := packed.read(_BLOCK):
        size += len(block)
        if size > min(limit, MAX_UNPACKED):
            raise FormatError(
                f"{name} unpacks to more than {size / 1e6:,.0f} MB, which no table does; "
                "unpack it yourself if you trust it."
            )
        file.write(block)
    file.seek(0, io.SEEK_SET)
