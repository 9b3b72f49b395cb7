"""Asks the running kernel what it makes of classic BPF programs: kernel-oracle.py unix | raw | datagram

Reads questions back to back until the end of input, all numbers in the order of this host:

    u16 number of instructions, u16 unused, u32 number of packets, struct sock_filter records,
    then for each packet a u32 length and its bytes

and answers each with numbers of 32 bits: the errno that attaching the program ended with (0: attached) and, where it is
attached, for each packet how many bytes of it arrived, -1 when it was dropped.

unix: the program sits on one end of a Unix datagram socket pair and the packets are sent from the other; that needs no
privilege. raw, datagram: it sits on a packet socket at one end of a veth pair and the packets are Ethernet frames sent into
the other; that needs a network namespace of its own, which `unshare --net` gives.
"""
import array
import ctypes
import os
import socket
import struct
import subprocess
import sys

SO_ATTACH_FILTER = 26
SO_MARK = 36
ETH_P_ALL = 3
RECORD_BYTES = 8
LONGEST_PACKET = 1 << 17
# What kernel-oracle.ts says of the receiving end.
RECEIVER = ("index", "71", "address", "02:00:5e:10:00:02")
MARK = 0x1234ABCD


def unix_pair():
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    return near, far, lambda: None


def packet_pair(kind):
    def configure(*words):
        subprocess.run(["ip", *words], check=True)

    configure("link", "add", "name", "far", *RECEIVER, "type", "veth", "peer", "name", "near")
    for name in ("near", "far"):
        with open(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6", "w") as setting:
            setting.write("1")
        configure("link", "set", name, "arp", "off", "up")
    os.sched_setaffinity(0, {0})
    near, last, far = (socket.socket(socket.AF_PACKET, of, 0) for of in (socket.SOCK_RAW, socket.SOCK_RAW, kind))
    near.setsockopt(socket.SOL_SOCKET, SO_MARK, MARK)
    near.bind(("near", 0))
    # The socket bound first gets a frame last: when it has one, the other has had its chance.
    last.bind(("far", ETH_P_ALL))
    last.settimeout(10)
    far.bind(("far", ETH_P_ALL))
    return near, far, lambda: last.recv(LONGEST_PACKET)


header = struct.Struct("=HHI")
length = struct.Struct("=I")
fprog = struct.Struct("HP")

near, far, arrived = {
    "unix": unix_pair,
    "raw": lambda: packet_pair(socket.SOCK_RAW),
    "datagram": lambda: packet_pair(socket.SOCK_DGRAM),
}[sys.argv[1]]()
far.setblocking(False)
questions = sys.stdin.buffer.read()
kept = ctypes.create_string_buffer(questions, len(questions) or 1)
base = ctypes.addressof(kept)
view = memoryview(questions)
answers = array.array("i")
at = 0
while at < len(questions):
    instructions, _, packets = header.unpack_from(questions, at)
    at += header.size
    refused = 0
    try:
        far.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, fprog.pack(instructions, base + at))
    except OSError as error:
        refused = error.errno
    answers.append(refused)
    at += instructions * RECORD_BYTES
    for _ in range(packets):
        size, = length.unpack_from(questions, at)
        at += length.size
        if not refused:
            near.send(view[at:at + size])
            arrived()
            try:
                answers.append(len(far.recv(LONGEST_PACKET)))
            except BlockingIOError:
                answers.append(-1)
        at += size
sys.stdout.buffer.write(answers.tobytes())
