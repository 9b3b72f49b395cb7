"""Asks the running kernel what it makes of classic BPF programs.

Reads questions back to back until the end of input, all numbers in the order of this host:

    u16 number of instructions, u16 unused, u32 number of packets, struct sock_filter records,
    then for each packet a u32 length and its bytes

and answers each with numbers of 32 bits: the errno that attaching the program ended with (0: attached) and, where it is
attached, for each packet how many bytes of it arrived, -1 when it was dropped. A program is attached to one end of a Unix
datagram socket pair and the packets are sent from the other: that needs no privilege.
"""
import array
import ctypes
import socket
import struct
import sys

SO_ATTACH_FILTER = 26
RECORD_BYTES = 8
LONGEST_PACKET = 1 << 17

header = struct.Struct("=HHI")
length = struct.Struct("=I")
fprog = struct.Struct("HP")

questions = sys.stdin.buffer.read()
kept = ctypes.create_string_buffer(questions, len(questions) or 1)
base = ctypes.addressof(kept)
view = memoryview(questions)
answers = array.array("i")
near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
far.setblocking(False)
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
            try:
                answers.append(len(far.recv(LONGEST_PACKET)))
            except BlockingIOError:
                answers.append(-1)
        at += size
sys.stdout.buffer.write(answers.tobytes())
