"""Servers on loopback that answer like Kaggle and the Hugging Face hub, and fail on demand."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Server(ThreadingHTTPServer):
    """Logs requests, and gives each download the next fault of a list.

    A fault is a status code, `drop` (half of the body, then the connection ends), `stall` (half,
    then silence), `corrupt` (wrong bytes) or `ok`.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, handler: type, port: int = 0, faults: tuple = ()):
        super().__init__(("127.0.0.1", port), handler)
        self.faults = list(faults)
        self.requests: list[str] = []
        self.ranges: list[str] = []
        self.stopped = threading.Event()

    def handle_error(self, *_):
        """Report nothing: clients may hang up, as after a timeout."""

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def json(self, value, status: int = 200, **headers) -> None:
        self.body(json.dumps(value).encode(), status, content_type="application/json", **headers)

    def body(self, body: bytes, status: int = 200, send: int | None = None, **headers) -> None:
        """Answer, with only the first `send` bytes of the body if that is given."""
        self.send_response(status)
        # With a charset, because a client that logs the body takes long to guess one.
        headers = {"content_type": "application/zip; charset=latin-1"} | headers
        for name, value in headers.items():
            self.send_header(name.replace("_", "-").title(), str(value))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[:send])
        if send is not None:
            self.wfile.flush()
            self.close_connection = True

    def file(self, body: bytes, **headers) -> None:
        """Answer with a file, or the requested range of it, unless a fault is next."""
        fault = self.server.faults.pop(0) if self.server.faults else None
        if isinstance(fault, int):
            return self.json({"message": f"fault {fault}"}, fault, retry_after="0")
        if fault == "corrupt":
            return self.body(body[:-1000] + bytes(1000), **headers)
        first, status = 0, 200
        if "Range" in self.headers:
            self.server.ranges.append(self.headers["Range"])
            first, status = int(self.headers["Range"].split("=")[1].split("-")[0]), 206
            headers["content_range"] = f"bytes {first}-{len(body) - 1}/{len(body)}"
        part = body[first:]
        self.body(
            part,
            status,
            len(part) // 2 if fault in ("drop", "stall") else None,
            accept_ranges="bytes",
            **headers,
        )
        if fault == "stall":
            self.server.stopped.wait(20)
        return None


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below `folder`, by its path from there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def zipped(entries: dict[str, bytes]) -> bytes:
    """Return a zip archive of files by name."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as file:
        for name, body in entries.items():
            file.writestr(name, body)
    return archive.getvalue()


def kaggle(archives: dict[str, bytes]) -> type[Handler]:
    """Return a handler that serves archives by `<owner>/<name>`."""

    class Kaggle(Handler):
        def do_POST(self):
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            call = self.path.rpartition("/")[2]
            self.server.requests.append(call)
            name = f"{request['ownerSlug']}/{request['datasetSlug']}"
            if name not in archives:
                self.json({"message": "not found"}, 404)
            elif call == "GetDataset":
                self.json({"currentVersionNumber": 1})
            else:
                self.send_response(302)
                self.send_header("Location", f"{self.server.url}/files/{name}")
                self.send_header("Content-Length", "0")
                self.end_headers()

        def do_GET(self):
            name = self.path.removeprefix("/files/")
            if name in archives:
                self.file(archives[name])
            else:
                self.json({}, 404)

    return Kaggle


def hub(models: dict[str, Path]) -> type[Handler]:
    """Return a handler that serves folders as models by `<owner>/<name>`, at one commit."""
    served = {name: contents(folder) for name, folder in models.items()}

    class Hub(Handler):
        def do_GET(self):
            self.server.requests.append(f"{self.command} {self.path}")
            path = self.path.partition("?")[0]
            for name, held in served.items():
                if path.startswith(f"/api/models/{name}/tree/"):
                    return self.json([listed(file, body) for file, body in held.items()])
                if path.startswith(f"/api/models/{name}"):
                    siblings = [
                        {"rfilename": file, "blobId": listed(file, body)["oid"]}
                        | listed(file, body)
                        for file, body in held.items()
                    ]
                    return self.json({"id": name, "sha": COMMIT, "siblings": siblings})
                if path.startswith(f"/{name}/resolve/{COMMIT}/"):
                    body = held[path.removeprefix(f"/{name}/resolve/{COMMIT}/")]
                    etag = f'"{hashlib.sha256(body).hexdigest()}"'
                    headers = {"etag": etag, "x_repo_commit": COMMIT}
                    if self.command == "HEAD":
                        return self.body(body, accept_ranges="bytes", **headers)
                    return self.file(body, **headers)
            return self.json({"error": "Repository not found"}, 404, x_error_code="RepoNotFound")

        do_HEAD = do_GET  # noqa: N815

    return Hub


def listed(file: str, body: bytes) -> dict:
    """Describe a file as the hub does: weights are stored apart, by their SHA-256."""
    git = hashlib.sha1(b"blob %d\0" % len(body) + body).hexdigest()
    entry = {"type": "file", "path": file, "rfilename": file, "size": len(body)}
    entry |= {"oid": git, "blobId": git}
    if file.endswith(".safetensors"):
        digest = hashlib.sha256(body).hexdigest()
        entry["lfs"] = {"oid": digest, "sha256": digest, "size": len(body), "pointerSize": 130}
    return entry


@contextmanager
def serving(handler: type, port: int = 0, faults: tuple = ()):
    """Run a server, and stop it at the end."""
    server = Server(handler, port, faults)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()
