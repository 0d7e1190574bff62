"""The filter of system calls (Linux seccomp): what is not on its list fails, with “operation not permitted”.

Set through the C library. Where the kernel, the processor or a container's rules offer no filter, `allow` says so and
changes nothing; the other locks hold without it. A filter stays for good, and a later one can only forbid more.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import re
import struct
import sys
from typing import Final

# each: its name, and its number on x86_64 and aarch64 (“-”: none), as in Linux' asm/unistd_64.h, asm-generic/unistd.h
COMPUTING: Final = """
read 0 63, write 1 64, readv 19 65, writev 20 66, pread64 17 67, close 3 57, lseek 8 62, fstat 5 80,
fcntl 72 25, poll 7 -, ppoll 271 73, select 23 -, pselect6 270 72, sendto 44 206, recvfrom 45 207,
sendmsg 46 211, recvmsg 47 212, shutdown 48 210, mmap 9 222, munmap 11 215, mprotect 10 226, mremap 25 216,
madvise 28 233, brk 12 214, futex 202 98, set_robust_list 273 99, rseq 334 293, membarrier 324 283,
restart_syscall 219 128, sched_yield 24 124, sched_getaffinity 204 123, rt_sigaction 13 134,
rt_sigprocmask 14 135, rt_sigreturn 15 139, sigaltstack 131 132, exit 60 93, exit_group 231 94,
clock_gettime 228 113, clock_getres 229 114, clock_nanosleep 230 115, nanosleep 35 101, gettimeofday 96 169,
times 100 153, getrusage 98 165, sysinfo 99 179, uname 63 160, getpid 39 172, gettid 186 178, getuid 102 174,
geteuid 107 175, getgid 104 176, getegid 108 177, getrandom 318 278
"""
# … and what opening a database to read, and setting limits, needs besides `open` and `openat`
OPENING: Final = (
    COMPUTING
    + """,
stat 4 -, lstat 6 -, newfstatat 262 79, statx 332 291, access 21 -, faccessat 269 48, faccessat2 439 439,
readlink 89 -, readlinkat 267 78, getcwd 79 17, getdents64 217 61, statfs 137 43, fstatfs 138 44,
flock 73 32, fadvise64 221 223, setuid 105 146, setgid 106 144, setgroups 116 159, getrlimit 97 163,
setrlimit 160 164, prlimit64 302 261, alarm 37 -, setitimer 38 103, prctl 157 167
"""
)

_MACHINES: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # as the kernel names them (linux/audit.h)
_OPENS: Final = {"x86_64": {2: 1, 257: 2}, "aarch64": {56: 2}}  # open, openat: which argument has the flags
_TO_CHANGE: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06  # of the filter's language (linux/bpf_common.h)
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000 | errno.EPERM  # its answers (linux/seccomp.h)
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16  # offsets in what it reads, struct seccomp_data
_SET_SECCOMP, _FILTER, _SET_NO_NEW_PRIVS = 22, 2, 38  # of prctl


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def allow(calls: str) -> bool:
    """From now on only `calls`, COMPUTING or OPENING, for this process and for good. False: there is no filter here.

    The calling process has one thread: a filter holds for the thread that sets it and those that it starts.
    """
    machine = platform.machine()
    if not sys.platform.startswith("linux") or machine not in _MACHINES:
        return False
    code = _compiled(calls, machine)
    control = ctypes.CDLL(None, use_errno=True).prctl
    program = _Program(len(code) // 8, code)
    unprivileged = control(_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    return unprivileged and bool(control(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)


def _compiled(calls: str, machine: str) -> bytes:
    """The filter as the kernel reads it; only reading opens are among OPENING."""
    code = [_step(_LOAD, _MACHINE), _step(_EQUAL, _MACHINES[machine], 1, 0), _step(_RETURN, _FAIL)]
    code.append(_step(_LOAD, _NUMBER))
    for numbers in re.findall(r"\w+ (\d+|-) (\d+|-)", calls):
        number = numbers[list(_MACHINES).index(machine)]
        if number != "-":
            code += [_step(_EQUAL, int(number), 0, 1), _step(_RETURN, _ALLOW)]
    for number, argument in _OPENS[machine].items() if calls is OPENING else ():
        code += [_step(_EQUAL, number, 0, 4), _step(_LOAD, _ARGUMENTS + 8 * argument)]
        code += [_step(_ANY_BIT, _TO_CHANGE, 1, 0), _step(_RETURN, _ALLOW), _step(_RETURN, _FAIL)]
    return b"".join([*code, _step(_RETURN, _FAIL)])


def _step(operation: int, operand: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("=HBBI", operation, if_so, if_not, operand)
