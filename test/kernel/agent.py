#!/usr/bin/env python3
"""Sends and observes for the kernel tests: the few things Node has no API for.

One JSON command a line on stdin, one JSON answer a line on stdout. The agent knows nothing of routing or rules: it puts frames on the
far ends of the node's veths, opens sockets on the node, and hands back what the kernel reported. Standard library only; needs root.

Everything happens on one CPU: a frame written to a veth then goes through that CPU's queue of received packets. On an idle machine it is
processed to its end inside the system call; on a busy one ksoftirqd may do it later. So a look waits for a frame of its own, which is queued
behind, and looks again until a round has brought nothing new. ARP and ND requests of the node are answered meanwhile.
"""
import ctypes
import errno
import hashlib
import json
import os
import re
import select
import socket
import struct
import sys
import time

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
NETLINK_ROUTE, NETLINK_NETFILTER = 0, 12
NFNL_CTNETLINK, NFNL_LOG, NFNL_NFTABLES = 1, 4, 10
NFNLGRP_NFTRACE = 9
NFT_MSG_GETRULE, NFT_MSG_TRACE = 7, 17
# an ethertype for experiments (IEEE 802)
BARRIER = b"\x88\xb5"
# only a machine that has come to a standstill takes so long
BARRIER_SECONDS = 30
NFPROTO = {0: "unspec", 1: "inet", 2: "ip", 5: "netdev", 10: "ip6"}
VERDICTS = {-1: "continue", -2: "break", -3: "jump", -4: "goto", -5: "return", 0: "drop", 1: "accept", 2: "stolen", 3: "queue", 4: "repeat"}
ROUTE_TYPES = ("unspec", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit", "throw", "nat")


def checked(result):
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def enter(namespace):
    fd = os.open("/run/netns/" + namespace, os.O_RDONLY)
    try:
        checked(LIBC.setns(fd, CLONE_NEWNET))
    finally:
        os.close(fd)


def write_sysctl(key, value):
    """Dots and slashes change places, as in sysctl(8). False where the kernel has no such key or refuses the value."""
    try:
        with open("/proc/sys/" + key.translate(str.maketrans("./", "/.")), "w") as file:
            file.write(value)
        return True
    except OSError:
        return False


# ---------------------------------------------------------------- netlink
def attributes(data, offset=0):
    """{type: value} of the attributes from `offset` to the end; flags in the type are cut off."""
    found = {}
    while offset + 4 <= len(data):
        length, kind = struct.unpack_from("=HH", data, offset)
        if length < 4:
            break
        found[kind & 0x3FFF] = data[offset + 4 : offset + length]
        offset += (length + 3) & ~3
    return found


def attribute(kind, value):
    return struct.pack("=HH", len(value) + 4, kind) + value + b"\0" * (-len(value) % 4)


def text(value):
    return value.rstrip(b"\0").decode()


class Netlink:
    def __init__(self, protocol, group=None):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
        self.socket.setsockopt(socket.SOL_SOCKET, 33, 1 << 25)  # SO_RCVBUFFORCE
        self.socket.bind((0, 0))
        if group is not None:
            self.socket.setsockopt(270, 1, group)  # SOL_NETLINK, NETLINK_ADD_MEMBERSHIP
        self.sequence = 0

    def ask(self, kind, flags, body):
        """(payloads, errno) of one request."""
        self.sequence += 1
        self.socket.send(struct.pack("=IHHII", 16 + len(body), kind, flags | 1, self.sequence, 0) + body)
        payloads = []
        while True:
            for kind_, sequence, payload in self._messages(self.socket.recv(1 << 18)):
                if sequence != self.sequence:
                    continue
                if kind_ == 3:  # NLMSG_DONE
                    return payloads, 0
                if kind_ == 2:  # NLMSG_ERROR
                    return payloads, -struct.unpack_from("=i", payload)[0]
                payloads.append(payload)
                if not flags & 0x304:  # neither a dump nor an acknowledgement follows
                    return payloads, 0

    def waiting(self):
        """[(kind, payload)] that are there now."""
        found = []
        while True:
            try:
                data = self.socket.recv(1 << 18, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return found
            found += [(kind, payload) for kind, _, payload in self._messages(data)]

    @staticmethod
    def _messages(data):
        offset = 0
        while offset + 16 <= len(data):
            length, kind, _, sequence, _ = struct.unpack_from("=IHHII", data, offset)
            yield kind, sequence, data[offset + 16 : offset + length]
            offset += (length + 3) & ~3


def trace_event(payload):
    """One NFT_MSG_TRACE as a dict without its empty members."""
    a = attributes(payload, 4)
    number = lambda kind: struct.unpack(">I", a[kind])[0] if kind in a else None
    verdict = attributes(a[5]) if 5 in a else {}
    code = struct.unpack(">i", verdict[1])[0] if 1 in verdict else None
    policy = number(16)
    event = {
        "id": number(6),
        "family": NFPROTO.get(payload[0]),
        "table": text(a[1]) if 1 in a else None,
        "chain": text(a[2]) if 2 in a else None,
        "kind": {1: "policy", 2: "return", 3: "rule"}.get(number(4)),
        "handle": struct.unpack(">Q", a[3])[0] if 3 in a else None,
        # a drop may carry an errno in its upper half
        "verdict": None if code is None else VERDICTS.get(code, VERDICTS.get(code & 0xFF)),
        "policy": None if policy is None else VERDICTS.get(policy),
        "mark": number(14),
        "iif": number(10),
        "oif": number(12),
        "network": a[8].hex() if 8 in a else None,
        "transport": a[9].hex() if 9 in a else None,
    }
    return {key: value for key, value in event.items() if value is not None}


# ----------------------------------------------------------------- tracefs
def ksoftirqd():
    """Process ids of the threads that do the queued work of the CPUs this process may run on."""
    names = {"ksoftirqd/%d" % cpu for cpu in os.sched_getaffinity(0)}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/comm" % pid) as file:
                if file.read().strip() in names:
                    yield int(pid)
        except OSError:
            pass  # it has ended


class DropTracer:
    """Why the kernel freed a packet (skb:kfree_skb), in a trace instance of our own that sees this process, and ksoftirqd of its CPU."""

    PATTERN = re.compile(r"kfree_skb: .*location=(\S+) reason: (\w+)")

    def __init__(self):
        call = lambda *a: checked(LIBC.syscall(*[ctypes.c_long(x) if isinstance(x, int) else x for x in a]))
        context = call(430, b"tracefs", 0)  # fsopen
        call(431, context, 6, None, None, 0)  # fsconfig(FSCONFIG_CMD_CREATE)
        self.root = call(432, context, 0, 0)  # fsmount: attached nowhere
        os.close(context)
        self.name = "instances/ekspath-%d" % os.getpid()
        os.mkdir(self.name, dir_fd=self.root)
        self.directory = os.open(self.name, os.O_RDONLY | os.O_DIRECTORY, dir_fd=self.root)
        self._write("set_event_pid", " ".join(str(pid) for pid in (os.getpid(), *ksoftirqd())))
        self._write("events/skb/kfree_skb/enable", "1")
        self.pipe = os.open("trace_pipe", os.O_RDONLY | os.O_NONBLOCK, dir_fd=self.directory)

    def _write(self, name, value):
        fd = os.open(name, os.O_WRONLY | os.O_TRUNC, dir_fd=self.directory)
        os.write(fd, value.encode())
        os.close(fd)

    def waiting(self):
        data = b""
        while True:
            try:
                chunk = os.read(self.pipe, 1 << 16)
            except BlockingIOError:
                break
            if not chunk:
                break
            data += chunk
        # a barrier's own end
        return [m.group(2) for m in self.PATTERN.finditer(data.decode(errors="replace")) if m.group(2) != "UNHANDLED_PROTO"]

    def close(self):
        self._write("events/skb/kfree_skb/enable", "0")
        os.close(self.pipe)
        os.close(self.directory)
        os.rmdir(self.name, dir_fd=self.root)
        os.close(self.root)


# -------------------------------------------------------------- neighbours
def far_mac(address):
    """The MAC under which an address answers on the far side. `address` in network order, 4 or 16 bytes."""
    return b"\x02\x04" + address if len(address) == 4 else b"\x02\x06" + hashlib.sha1(address).digest()[:4]


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def neighbour_answer(frame):
    """The frame that answers an ARP request or a neighbour solicitation; None for any other."""
    kind = frame[12:14]
    if kind == b"\x08\x06" and frame[20:22] == b"\0\x01":
        target, mac = frame[38:42], far_mac(frame[38:42])
        return frame[6:12] + mac + kind + b"\0\x01\x08\0\x06\x04\0\x02" + mac + target + frame[22:32]
    if kind == b"\x86\xdd" and frame[20] == 58 and frame[54] == 135 and any(frame[22:38]):
        target = frame[62:78]
        mac = far_mac(target)
        body = b"\x88\0\0\0\x60\0\0\0" + target + b"\x02\x01" + mac  # solicited, override
        pseudo = target + frame[22:38] + struct.pack(">II", len(body), 58)
        body = body[:2] + struct.pack(">H", checksum(pseudo + body)) + body[4:]
        return frame[6:12] + mac + kind + struct.pack(">IHBB", 6 << 28, len(body), 58, 255) + target + frame[22:38] + body
    return None


# ------------------------------------------------------------------- agent
class Agent:
    def __init__(self):
        self.home = os.open("/proc/self/ns/net", os.O_RDONLY)
        self.sockets = []
        self.trace = self.far = None
        self.barriers = 0
        try:
            self.drops = DropTracer()
        except OSError:
            self.drops = None

    def attach(self, node, far, legacy=False):
        """Opens everything on a node. The process stays in the node's namespace."""
        enter(far)
        self.far = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))  # ETH_P_ALL
        self.far.setsockopt(socket.SOL_SOCKET, 33, 1 << 23)
        self.far.setsockopt(263, 23, 1)  # SOL_PACKET, PACKET_IGNORE_OUTGOING
        self.far.setblocking(False)
        enter(node)
        self.trace = Netlink(NETLINK_NETFILTER, NFNLGRP_NFTRACE)
        self.control = Netlink(NETLINK_NETFILTER)
        self.routing = Netlink(NETLINK_ROUTE)
        self.log = self._open_log() if legacy else None
        self.indexes = {name: index for index, name in socket.if_nameindex()}
        self.recent = ["/proc/net/xt_recent/" + name for name in os.listdir("/proc/net/xt_recent")] if os.path.isdir("/proc/net/xt_recent") else []
        return {"interfaces": {index: name for name, index in self.indexes.items()}, "handles": self._handles(), "dropReasons": self.drops is not None}

    def _open_log(self):
        """Group 0 of nfnetlink_log, where the legacy backend traces to."""
        log = Netlink(NETLINK_NETFILTER)
        for family in (2, 10):
            write_sysctl("net.netfilter.nf_log.%d" % family, "nfnetlink_log")
        for config in (attribute(1, b"\x01"), attribute(2, struct.pack(">IBB", 128, 2, 0)), attribute(5, struct.pack(">I", 1))):
            _, error = log.ask(NFNL_LOG << 8 | 1, 4, struct.pack(">BBH", 0, 0, 0) + config)  # bind, copy 128 bytes, do not batch
            if error:
                raise OSError(error, "nfnetlink_log")
        return log

    def _handles(self):
        """{"ip filter FORWARD": [handle of rule 1, …]} of all tables, those of iptables-nft too."""
        found = {}
        for family in (1, 2, 5, 10):
            payloads, error = self.control.ask(NFNL_NFTABLES << 8 | NFT_MSG_GETRULE, 0x300, struct.pack(">BBH", family, 0, 0))
            if error:
                raise OSError(error, "NFT_MSG_GETRULE")
            for payload in payloads:
                a = attributes(payload, 4)
                key = "%s %s %s" % (NFPROTO[family], text(a[1]), text(a[2]))
                found.setdefault(key, []).append(struct.unpack(">Q", a[3])[0])
        return found

    def forget(self):
        """No connections, no recent lists. Hands back what was still to be read."""
        self._close_sockets()
        collected = self._collect()
        self.control.ask(NFNL_CTNETLINK << 8 | 2, 4, struct.pack(">BBH", 0, 0, 0))
        for path in self.recent:
            with open(path, "w") as file:
                file.write("/\n")
        return collected

    def _resolve(self):
        """Every neighbour answers, also where the node's rules stop or rewrite its questions (ND is IP, and meets them): a packet that waits for one
        never reaches its device, and keeps its connection, with the address NAT gave it. True where one had not.
        """
        found = False
        for payload in self.routing.ask(30, 0x300, struct.pack("=BBHiHBB", 0, 0, 0, 0, 0, 0, 0))[0]:  # RTM_GETNEIGH
            family, _, _, index, state, flags, kind = struct.unpack_from("=BBHiHBB", payload)
            address = attributes(payload, 12).get(1)
            if state & 1 and address is not None:  # NUD_INCOMPLETE
                header = struct.pack("=BBHiHBB", family, 0, 0, index, 2, flags, kind)  # NUD_REACHABLE
                self.routing.ask(28, 0x104, header + attribute(1, address) + attribute(2, far_mac(address)))  # RTM_NEWNEIGH, replace
                found = True
        return found

    def _close_sockets(self):
        for s in self.sockets:
            s.close()
        self.sockets = []

    def listen(self, ports):
        """Somebody takes datagrams on these ports, of both families: a port unreachable error is a packet of its own that marks may come of."""
        for port in ports:
            s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
            self.sockets.append(s)
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind(("::", port))
        return {}

    def inject(self, interface, frame):
        """A frame comes in by `interface`."""
        self.far.sendto(bytes.fromhex(frame), (interface, 0))
        return self._collect()

    def emit(self, family, protocol, kind, destination, source=None, sport=0, dport=0, mark=0, tos=0, ttl=None, device=None, payload=""):
        """A socket of the node sends. `kind`: `stream` connects, `datagram` sends the payload, `raw` sends it as a whole IP packet."""
        domain = socket.AF_INET if family == 4 else socket.AF_INET6
        code = None
        if kind == "raw":
            s = socket.socket(domain, socket.SOCK_RAW, socket.IPPROTO_RAW)
        elif kind == "stream":
            s = socket.socket(domain, socket.SOCK_STREAM)
        elif protocol == 17:
            s = socket.socket(domain, socket.SOCK_DGRAM)
        else:
            s = socket.socket(domain, socket.SOCK_RAW, protocol)
        self.sockets.append(s)
        s.setblocking(False)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        if mark:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, struct.pack("=I", mark))
        if device:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
        if kind != "raw" and family == 4:
            if tos:
                s.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, tos)
            if ttl is not None:
                s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
        elif kind != "raw":
            if tos:
                s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, tos)
            if ttl is not None:
                s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, ttl)
        data = bytes.fromhex(payload)
        try:
            if source is not None or (sport and kind != "raw"):
                s.bind((source or ("0.0.0.0" if family == 4 else "::"), sport if protocol in (6, 17) and kind != "raw" else 0))
            if kind == "stream":
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                code = s.connect_ex((destination, dport))
                code = None if code in (0, errno.EINPROGRESS) else code
            else:
                s.sendto(data, (destination, dport if protocol == 17 and kind != "raw" else 0))
        except OSError as error:
            code = error.errno
        return {**self._collect(), "errno": errno.errorcode.get(code) if code else None}

    def _collect(self):
        """All that the kernel said, once it has nothing more to do."""
        events, frames, log, drops = [], [], [], []
        fresh = True
        while fresh:
            received = self._frames_before_barrier()
            traced = [trace_event(payload) for kind, payload in self.trace.waiting() if kind == NFNL_NFTABLES << 8 | NFT_MSG_TRACE]
            fresh = bool(received or traced) or self._resolve()
            for frame, interface in received:
                answer = neighbour_answer(frame)
                if answer is None:
                    frames.append([interface, frame.hex()])
                else:
                    self.far.sendto(answer, (interface, 0))
            events += traced
        if self.log is not None:
            log = [row for kind, payload in self.log.waiting() if kind == NFNL_LOG << 8 for row in self._log_row(payload)]
        if self.drops is not None:
            drops = self.drops.waiting()
        return {"events": events, "frames": frames, "log": log, "drops": drops}

    def _frames_before_barrier(self):
        """[(frame, interface)] that came out on the far side until all that was queued on this CPU is done.

        The far side's loopback device shares the CPU's queue, first in first out, with every veth and with the node's loopback device.
        """
        self.barriers += 1
        barrier = bytes(12) + BARRIER + struct.pack(">I", self.barriers)
        self.far.sendto(barrier, ("lo", 0))
        received = []
        deadline = time.monotonic() + BARRIER_SECONDS
        while True:
            try:
                frame, address = self.far.recvfrom(65536)
            except BlockingIOError:
                if not select.select([self.far], [], [], max(0, deadline - time.monotonic()))[0]:
                    raise TimeoutError("the kernel's queue is not worked off")
                continue
            if frame[12:14] != BARRIER:
                received.append((frame, address[0]))
            elif frame == barrier:
                return received

    @staticmethod
    def _log_row(payload):
        a = attributes(payload, 4)
        prefix = text(a[10]) if 10 in a else ""
        if prefix.startswith("TRACE: ") and 9 in a:
            mark = struct.unpack(">I", a[2])[0] if 2 in a else 0
            yield {"family": NFPROTO.get(payload[0]), "prefix": prefix[7:].strip(), "packet": a[9].hex(), "mark": mark}

    def route(self, family, destination, source=None, iif=None, oif=None, mark=0, tos=0, protocol=None, sport=None, dport=None):
        """RTM_GETROUTE with RTM_F_FIB_MATCH: the table and the prefix that the kernel's lookup ends in."""
        domain, bits = (socket.AF_INET, 32) if family == 4 else (socket.AF_INET6, 128)
        body = struct.pack("=BBBBBBBBI", domain, bits, bits if source else 0, tos, 0, 0, 0, 0, 0x2000 | 0x1000)
        body += attribute(1, socket.inet_pton(domain, destination))
        if source:
            body += attribute(2, socket.inet_pton(domain, source))
        for kind, name in ((3, iif), (4, oif)):
            if name:
                body += attribute(kind, struct.pack("=I", self.indexes[name]))
        body += attribute(25, struct.pack("=I", 0))  # RTA_UID: transit counts as root
        if mark:
            body += attribute(16, struct.pack("=I", mark))
        if protocol in (1, 6, 17, 58):
            body += attribute(27, struct.pack("=B", protocol))
            if sport and dport and protocol in (6, 17):
                body += attribute(28, struct.pack(">H", sport)) + attribute(29, struct.pack(">H", dport))
        payloads, code = self.routing.ask(26, 0, body)
        if code or not payloads:
            return {"error": errno.errorcode.get(code, str(code))}
        header, a = payloads[0], attributes(payloads[0], 12)
        answer = {"type": ROUTE_TYPES[header[7]], "length": header[1], "table": struct.unpack("=I", a[15])[0] if 15 in a else header[4]}
        if 1 in a:
            answer["prefix"] = socket.inet_ntop(domain, a[1])
        if 4 in a:
            index = struct.unpack("=I", a[4])[0]
            answer["interface"] = next((name for name, i in self.indexes.items() if i == index), None)
        if 5 in a:
            answer["gateway"] = socket.inet_ntop(domain, a[5])
        return answer

    def sysctl(self, key, value):
        return {"written": write_sysctl(key, value)}

    def detach(self):
        self._close_sockets()
        for link in (self.trace, self.control, self.routing, self.log):
            if link is not None:
                link.socket.close()
        if self.far is not None:
            self.far.close()
        self.trace = self.far = None
        checked(LIBC.setns(self.home, CLONE_NEWNET))
        return {}


def main():
    if len(sys.argv) > 1:
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {allowed[int(sys.argv[1]) % len(allowed)]})
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -10)  # each question waits for an answer: a busy machine must not make it wait for its turn as well
    except OSError:
        pass
    agent = Agent()
    operations = {name: getattr(agent, name) for name in ("attach", "forget", "listen", "inject", "emit", "route", "sysctl", "detach")}
    try:
        for line in sys.stdin:
            command = json.loads(line)
            try:
                answer = operations[command.pop("op")](**command)
            except Exception as error:  # the caller decides what a failure means
                answer = {"failure": "%s: %s" % (type(error).__name__, error)}
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
    finally:
        if agent.drops is not None:
            agent.drops.close()


if __name__ == "__main__":
    main()
