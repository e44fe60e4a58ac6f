"""A small HTTP client with little work per request: kept-alive connections on one event loop."""

import asyncio
import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """``place`` is the request's place in the list it came from; 0 as status means the connection broke."""

    place: int
    status: int
    milliseconds: float
    location: str = ""
    body: bytes = b""


def get(path: str, cookie: str = "") -> bytes:
    """A GET as bytes on the wire."""
    cookies = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: uk\r\n{cookies}\r\n".encode()


def post(path: str, body: str, cookie: str = "") -> bytes:
    """A POST of a form as bytes on the wire."""
    content = body.encode()
    cookies = f"Cookie: {cookie}\r\n" if cookie else ""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: uk\r\n{cookies}"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def repeat(port: int, requests: Sequence[bytes], *, seconds: float, connections: int) -> tuple[list[Answer], float]:
    """The requests in turn, over and over, for ``seconds``; answers and the seconds it really took."""
    return asyncio.run(_run(port, itertools.cycle(enumerate(requests)), connections, until=seconds))


def each_once(port: int, requests: Sequence[bytes], *, connections: int) -> tuple[list[Answer], float]:
    """Every request once, ``connections`` at a time; answers and the seconds it took."""
    return asyncio.run(_run(port, iter(enumerate(requests)), connections, until=None))


def paced(port: int, requests: Sequence[bytes], *, per_second: float, stop: threading.Event) -> list[Answer]:
    """The requests in turn at a fixed pace until ``stop``; times count from when a request was due."""
    return asyncio.run(_paced(port, itertools.cycle(enumerate(requests)), 1 / per_second, stop))


async def _paced(port: int, requests: Iterator[tuple[int, bytes]], pause: float, stop: threading.Event) -> list[Answer]:
    answers: list[Answer] = []
    under_way: set[asyncio.Task[None]] = set()
    due = time.perf_counter()

    async def ask(place: int, request: bytes, due: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        status, location, body, _is_kept = await _answer(reader)
        answers.append(Answer(place, status, (time.perf_counter() - due) * 1000, location, body))
        writer.close()

    while not stop.is_set():
        task = asyncio.create_task(ask(*next(requests), due))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        due += pause
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
    await asyncio.gather(*under_way)
    return answers


async def _run(
    port: int, requests: Iterator[tuple[int, bytes]], connections: int, *, until: float | None
) -> tuple[list[Answer], float]:
    answers: list[Answer] = []
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(connections)]
    began = time.perf_counter()
    end = None if until is None else began + until

    async def buyer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for place, request in requests:
            sent = time.perf_counter()
            try:
                writer.write(request)
                status, location, body, is_kept = await _answer(reader)
            except (OSError, asyncio.IncompleteReadError):
                status, location, body, is_kept = 0, "", b"", False
            now = time.perf_counter()
            answers.append(Answer(place, status, (now - sent) * 1000, location, body))
            if end is not None and now >= end:
                break
            if not is_kept:
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    await asyncio.gather(*(buyer(*pair) for pair in opened))
    return answers, time.perf_counter() - began


async def _answer(reader: asyncio.StreamReader) -> tuple[int, str, bytes, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
    if headers.get("transfer-encoding") == "chunked":
        body = await _chunks(reader)
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    is_kept = headers.get("connection", "keep-alive").lower() != "close"
    return int(head[0].split(" ")[1]), headers.get("location", ""), body, is_kept


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readexactly(2)
    return body
