"""The console over loopback as a browser meets it, with the council's sign-in page beside it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

from tests.console.council import MANAGER, Person
from tests.console.office import Office, Reply


@dataclass
class Served:
    """An office and its address; whoever comes to the council's page next is `person`."""

    office: Office
    base: str
    person: Person = MANAGER


@contextmanager
def served(office_at: Callable[[str], Office]) -> Iterator[Served]:
    """For as long as the block runs, on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    base = f"http://127.0.0.1:{server.server_port}"
    one = Served(office_at(base), base)
    server.RequestHandlerClass = _handler(one)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(one: Served) -> type[BaseHTTPRequestHandler]:
    lock = Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/authorize"):
                self._answer(
                    Reply(302, {"Location": one.office.council.sign_in(self.path, one.person)}, {}, "")
                )
                return
            if self.path.startswith("/end-session"):
                self._answer(Reply(302, {"Location": one.office.council.sign_out(self.path)}, {}, ""))
                return
            self._ask("GET")

        def do_POST(self) -> None:
            self._ask("POST")

        def log_message(self, *_: object) -> None:
            """Says nothing."""

        def _ask(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            with lock:  # as a container of Lambda's, one at a time
                self._answer(one.office.answer(method, self.path, headers, body))

        def _answer(self, reply: Reply) -> None:
            content = reply.content
            self.send_response(reply.status)
            for name, value in (*reply.headers.items(), *reply.raw_cookies):
                if name.lower() != "set-cookie" or (name, value) in reply.raw_cookies:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler
