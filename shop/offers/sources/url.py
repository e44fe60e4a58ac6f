"""A file at an address: fetched when it has changed (ETag, Last-Modified), streamed to a temporary file."""

import hashlib
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import IO, Any, Final
from urllib.parse import unquote, urljoin, urlsplit
from uuid import uuid4

import httpx

from shop.offers.models import PriceListSource
from shop.offers.sources.addresses import checked_address
from shop.offers.sources.limits import MOST_BYTES, SILENCE_SECONDS, WHOLE_SECONDS
from shop.offers.sources.place import Found, Look, SourceProblem

_Problem = PriceListSource.Problem
_MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = {
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
}
_REFUSED: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_MISSING: Final = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
_WEB_PAGE: Final = (b"<!doctype html", b"<html", b"<head", b"<body")


class Url:
    """One address, https, with a login when it has one."""

    @contextmanager
    def look(self, source: PriceListSource) -> Iterator[Look]:
        with tempfile.NamedTemporaryFile(prefix="price-list-") as copy:
            try:
                yield _fetch(source, copy)
            except httpx.TimeoutException as error:
                raise SourceProblem(_Problem.TIMEOUT) from error
            except (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
                raise SourceProblem(_Problem.UNREACHABLE) from error
            except (httpx.TransportError, httpx.DecodingError) as error:
                raise SourceProblem(_Problem.BROKEN_OFF) from error


def _fetch(source: PriceListSource, copy: IO[bytes]) -> Look:
    deadline = time.monotonic() + WHOLE_SECONDS
    timeout = httpx.Timeout(SILENCE_SECONDS, connect=10)
    # Environment variables of the machine (proxies, .netrc) have no say in whom we call and who we are.
    with httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False) as client:
        url, home = source.url, _origin(source.url)
        for _hop in range(_MOST_REDIRECTS + 1):
            auth = (source.login, source.password) if source.login and _origin(url) == home else None
            with _answer(client, url, auth, source.memory) as response:
                if response.status_code in _REDIRECTS and "location" in response.headers:
                    url = urljoin(url, response.headers["location"])
                    continue
                return _taken(source, response, url, copy, deadline)
    raise SourceProblem(_Problem.TOO_MANY_REDIRECTS)


@contextmanager
def _answer(
    client: httpx.Client, url: str, auth: tuple[str, str] | None, memory: dict[str, Any]
) -> Iterator[httpx.Response]:
    """Ask the checked address itself; name and certificate are of the host."""
    host, address, port = checked_address(url)
    parts = urlsplit(url)
    place = f"[{address}]" if ":" in address else address
    target = parts._replace(netloc=f"{place}:{port}", fragment="").geturl()
    headers = {"Host": parts.netloc.rpartition("@")[2], "Accept-Encoding": "identity", "User-Agent": "shop-price-lists"}
    if memory.get("url") == url:
        headers |= {
            name: memory[key]
            for name, key in (("If-None-Match", "etag"), ("If-Modified-Since", "last_modified"))
            if memory.get(key)
        }
    extensions = {"sni_hostname": host} if parts.scheme == "https" else {}
    request = client.build_request("GET", target, headers=headers, extensions=extensions)
    response = client.send(request, stream=True, auth=httpx.BasicAuth(*auth) if auth else None)
    try:
        yield response
    finally:
        response.close()


def _taken(source: PriceListSource, response: httpx.Response, url: str, copy: IO[bytes], deadline: float) -> Look:
    status = response.status_code
    if status == HTTPStatus.NOT_MODIFIED:
        return Look(memory=source.memory, is_confirmed=True)
    if status != HTTPStatus.OK:
        raise SourceProblem(
            _Problem.REFUSED_LOGIN
            if status in _REFUSED
            else _Problem.NOT_FOUND
            if status in _MISSING
            else _Problem.SERVER_ERROR
        )
    if int(response.headers.get("content-length") or 0) > MOST_BYTES:
        raise SourceProblem(_Problem.TOO_LARGE)
    digest = _save(response, copy, deadline)
    # Without an ETag, or after a change of it alone, the content itself tells that nothing is new: the digest is
    # remembered in the transaction that takes the file.
    memory = {
        "url": url,
        "etag": response.headers.get("etag", "")[:200],
        "last_modified": response.headers.get("last-modified", "")[:100],
        "digest": digest,
    }
    if digest == source.memory.get("digest"):
        return Look(memory=memory, is_confirmed=True)

    @contextmanager
    def opened() -> Iterator[IO[bytes]]:
        copy.seek(0)
        yield copy

    return Look(memory=memory, found=[Found(_name(response, url), uuid4().hex, opened, settle=lambda: None)])


def _save(response: httpx.Response, copy: IO[bytes], deadline: float) -> str:
    """Write the body out; gives back its digest. Raises SourceProblem."""
    digest, size = hashlib.sha256(), 0
    beginning = b""
    for chunk in response.iter_bytes(1 << 16):
        size += len(chunk)
        if size > MOST_BYTES:
            raise SourceProblem(_Problem.TOO_LARGE)
        if time.monotonic() > deadline:
            raise SourceProblem(_Problem.TIMEOUT)
        if len(beginning) < 512:
            beginning += chunk[:512]
        digest.update(chunk)
        copy.write(chunk)
    copy.flush()
    if not size:
        raise SourceProblem(_Problem.EMPTY)
    if beginning.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB_PAGE):
        raise SourceProblem(_Problem.WEB_PAGE)
    return digest.hexdigest()


def _name(response: httpx.Response, url: str) -> str:
    """What the server calls the file, else the end of the address; a name to show, never a path."""
    header = Message()
    header["content-disposition"] = response.headers.get("content-disposition", "")
    name = header.get_filename() or unquote(urlsplit(url).path)
    return PurePosixPath(name.replace("\\", "/")).name[:200] or "price"


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port
