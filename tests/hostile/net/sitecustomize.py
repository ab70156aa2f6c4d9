"""The network as a hostile one would have it, inside the real program: names answer what the test says, addresses of
the outside lead to loopback or nowhere, and every address that is dialled is noted. Nothing leaves this machine."""

import json
import os
import socket
import threading
import time
from ipaddress import ip_address

if settings := os.environ.get("HOSTILE_NET"):
    with open(settings, encoding="utf-8") as file:  # noqa: PTH123 — every process starts with this: few imports
        NET = json.load(file)
    ASKED: dict[str, int] = {}
    LOCK = threading.Lock()
    getaddrinfo, connect = socket.getaddrinfo, socket.socket.connect

    def note(**what: object) -> None:
        line = json.dumps(what) + "\n"
        descriptor = os.open(NET["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(descriptor, line.encode())
        os.close(descriptor)

    def answer(host, port, family=0, type=0, proto=0, flags=0):  # noqa: A002 — as the original
        try:
            ip_address(host)
        except ValueError:
            pass
        else:
            return getaddrinfo(host, port, family, type, proto, flags)
        with LOCK:
            turn = ASKED[host] = ASKED.get(host, 0) + 1
        note(name=host)
        known = NET["names"].get(host)
        if known is None:
            raise socket.gaierror(socket.EAI_NONAME, "unknown name")
        time.sleep(known["after"])
        answers = known["answers"]
        found = []
        for address in answers[min(turn, len(answers)) - 1]:
            found += getaddrinfo(address, port, 0, type, proto, flags)
        return found

    def dial(self, address):
        if self.family not in (socket.AF_INET, socket.AF_INET6):
            return connect(self, address)
        host, port = address[0], address[1]
        note(dialled=host, port=port)
        if host in NET["routes"]:
            if self.family == socket.AF_INET:
                return connect(self, ("127.0.0.1", NET["routes"][host]))
        elif ip_address(host.partition("%")[0]).is_loopback:
            return connect(self, address)
        raise ConnectionRefusedError(host)

    socket.getaddrinfo = answer
    socket.socket.connect = dial
