"""A mail server with one mailbox, as much of IMAP4 (RFC 3501) as the shop speaks."""

import re
import socketserver
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class Letter:
    content: bytes
    is_seen: bool = False


@dataclass
class MailServer:
    """``letters`` by UID; ``breaks_at`` names a command at which the connection is cut."""

    letters: dict[int, Letter] = field(default_factory=dict)
    breaks_at: str = ""
    port: int = 0

    def receive(self, message: EmailMessage) -> Letter:
        letter = Letter(message.as_bytes())
        self.letters[len(self.letters) + 1] = letter
        return letter

    def __enter__(self) -> "MailServer":
        mailbox = self

        class Handler(_Session):
            server_side = mailbox

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Session(socketserver.StreamRequestHandler):
    server_side: MailServer

    def handle(self) -> None:
        self._say("* OK ready")
        while line := self.rfile.readline():
            tag, command = line.decode().strip().split(" ", 1)
            name = command.removeprefix("UID ").split(" ")[0].upper()
            if name == self.server_side.breaks_at:
                return
            answer = getattr(self, f"_{name.lower()}")(command)
            self._say(f"{tag} {answer or 'OK done'}")
            if name == "LOGOUT":
                return

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def _capability(self, _command: str) -> None:
        self._say("* CAPABILITY IMAP4rev1")

    def _login(self, command: str) -> str:
        return "OK signed in" if command.split(" ", 1)[1] == 'prices "s p@ss"' else "NO [AUTHENTICATIONFAILED] wrong"

    def _select(self, command: str) -> str:
        if command.split(" ")[1] != '"INBOX"':
            return "NO no such mailbox"
        self._say(f"* {len(self.server_side.letters)} EXISTS")
        return "OK selected"

    def _search(self, command: str) -> None:
        sender = re.search(r'FROM "([^"]*)"', command)[1]
        found = [uid for uid, letter in self.server_side.letters.items() if sender.encode() in letter.content]
        self._say(" ".join(["* SEARCH", *map(str, found)]))

    def _fetch(self, command: str) -> None:
        uid = int(command.split(" ")[2])
        letter = self.server_side.letters[uid]
        head = letter.content.split(b"\n\n")[0] + b"\n\n"
        what, content = ("BODY[HEADER.FIELDS]", head) if "HEADER" in command else ("BODY[]", letter.content)
        size = f"RFC822.SIZE {len(letter.content)} " if "SIZE" in command else ""
        self.wfile.write(f"* 1 FETCH (UID {uid} {size}{what} {{{len(content)}}}\r\n".encode() + content + b")\r\n")

    def _store(self, command: str) -> None:
        self.server_side.letters[int(command.split(" ")[2])].is_seen = True

    def _logout(self, _command: str) -> None:
        self._say("* BYE")
