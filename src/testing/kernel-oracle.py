"""Asks the running kernel what it makes of classic BPF programs.

Reads lines {"program": hex of struct sock_filter records, "packets": [hex, ...]} and answers each with
{"takes": bool, "lengths": [bytes that arrived or null for a dropped packet, ...]}. A program is attached to one end of
a Unix datagram socket pair and the packets are sent from the other: that needs no privilege.
"""
import ctypes
import json
import socket
import struct
import sys

SO_ATTACH_FILTER = 26
RECORD_BYTES = 8


def ask(program, packets):
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with near, far:
        records = ctypes.create_string_buffer(program, len(program) or 1)
        fprog = struct.pack("HP", len(program) // RECORD_BYTES & 0xFFFF, ctypes.addressof(records))
        try:
            far.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, fprog)
        except OSError:
            return {"takes": False, "lengths": []}
        far.setblocking(False)
        lengths = []
        for packet in packets:
            near.send(packet)
            try:
                lengths.append(len(far.recv(1 << 17)))
            except BlockingIOError:
                lengths.append(None)
        return {"takes": True, "lengths": lengths}


for line in sys.stdin:
    question = json.loads(line)
    answer = ask(bytes.fromhex(question["program"]), [bytes.fromhex(packet) for packet in question["packets"]])
    print(json.dumps(answer))
