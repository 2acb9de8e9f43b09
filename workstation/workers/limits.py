"""What a worker process may use, and how long one job may take (memory, processor time, no core files).

On Linux the worker limits itself before it sees a foreign byte; on Windows, where processes cannot, the parent
puts it into a Job Object that also ends it when the parent ends.
"""

from __future__ import annotations

import ctypes
import math
import sys
import time
from dataclasses import dataclass
from typing import Final

MIB: Final = 1 << 20
_M_TRIM_THRESHOLD: Final = -1  # mallopt(3)
_M_MMAP_THRESHOLD: Final = -3
_KEPT_BLOCK_BYTES: Final = 32 * MIB  # the largest that glibc takes
_KEPT_BYTES: Final = 64 * MIB
_CPU_SECONDS_OVER_DEADLINE: Final = 5  # an orphan that hangs dies by itself, a slow but living job does not


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one job may cost."""

    memory_bytes: int = 3072 * MIB  # address space on Linux, committed memory on Windows
    deadline_s: float = 10.0  # for any job
    deadline_s_per_10_megapixels: float = 1.0  # on top of it
    start_s: float = 60.0  # from starting a worker until it can work: imports on a slow, busy machine
    grace_s: float = 0.3  # how long a called-off job may go on before its worker is given up

    def deadline(self, pixels: int) -> float:
        """Seconds that a job on `pixels` picture elements may take."""
        return self.deadline_s + self.deadline_s_per_10_megapixels * pixels / 1e7


def limit_own_process(memory_bytes: int) -> None:
    """Bind the calling process to its memory and forbid core files; does nothing on Windows."""
    if sys.platform == "win32":
        return
    import resource  # not there on Windows

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def limit_own_next_job(seconds: float) -> None:
    """Let the kernel end the calling process if the coming job uses far more processor time than its deadline.

    The limit is moved only when what is left of it would not last: a frame takes less than a millisecond.
    """
    if sys.platform == "win32":
        return
    import resource  # not there on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    used = time.process_time()
    if soft != resource.RLIM_INFINITY and 0 < soft - used - seconds < _CPU_SECONDS_OVER_DEADLINE:
        return
    soft = math.ceil(used + seconds) + _CPU_SECONDS_OVER_DEADLINE - 1
    if hard == resource.RLIM_INFINITY or soft < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def keep_freed_memory() -> None:
    """Let the C library keep what decoders free for the next frame; else every frame pays for fresh pages again.

    A frame of 512 x 512 pixels took 1.4 ms to unpack instead of 0.9 ms.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # glibc, not musl
        mallopt(_M_MMAP_THRESHOLD, _KEPT_BLOCK_BYTES)
        mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)


if sys.platform == "win32":
    from ctypes import wintypes

    _EXTENDED_LIMIT_INFORMATION: Final = 9  # JobObjectExtendedLimitInformation
    _LIMIT_PROCESS_MEMORY: Final = 0x0100
    _LIMIT_ACTIVE_PROCESS: Final = 0x0008
    _LIMIT_DIE_ON_UNHANDLED_EXCEPTION: Final = 0x0400  # no error box of the operating system
    _LIMIT_KILL_ON_JOB_CLOSE: Final = 0x2000
    _PROCESS_TERMINATE: Final = 0x0001
    _PROCESS_SET_QUOTA: Final = 0x0100

    class _BasicLimits(ctypes.Structure):
        _fields_ = (
            ("PerProcessUserTimeLimit", ctypes.c_int64),
            ("PerJobUserTimeLimit", ctypes.c_int64),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        )

    class _IoCounters(ctypes.Structure):
        _fields_ = tuple(
            (name, ctypes.c_uint64)
            for name in (
                "ReadOperationCount",
                "WriteOperationCount",
                "OtherOperationCount",
                "ReadTransferCount",
                "WriteTransferCount",
                "OtherTransferCount",
            )
        )

    class _ExtendedLimits(ctypes.Structure):
        _fields_ = (
            ("BasicLimitInformation", _BasicLimits),
            ("IoInfo", _IoCounters),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        )

    def _kernel32() -> ctypes.WinDLL:
        kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel32.CreateJobObjectW.argtypes = (ctypes.c_void_p, wintypes.LPCWSTR)
        kernel32.CreateJobObjectW.restype = wintypes.HANDLE
        kernel32.SetInformationJobObject.argtypes = (
            wintypes.HANDLE,
            ctypes.c_int,
            ctypes.c_void_p,
            wintypes.DWORD,
        )
        kernel32.SetInformationJobObject.restype = wintypes.BOOL
        kernel32.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
        kernel32.OpenProcess.restype = wintypes.HANDLE
        kernel32.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        kernel32.AssignProcessToJobObject.restype = wintypes.BOOL
        kernel32.CloseHandle.argtypes = (wintypes.HANDLE,)
        kernel32.CloseHandle.restype = wintypes.BOOL
        return kernel32


class Confinement:
    """The parent's hold on a worker: a Job Object on Windows, nothing elsewhere (the worker limits itself).

    Raises
    ------
    OSError
        Windows refused to make or fill the Job Object; the worker must then not be used.
    """

    def __init__(self, process_id: int, memory_bytes: int) -> None:
        self._job: int | None = None
        if sys.platform == "win32":
            self._job = self._confine(process_id, memory_bytes)

    if sys.platform == "win32":

        @staticmethod
        def _confine(process_id: int, memory_bytes: int) -> int:
            kernel32 = _kernel32()
            job = kernel32.CreateJobObjectW(None, None)
            if not job:
                raise ctypes.WinError(ctypes.get_last_error())
            limits = _ExtendedLimits()
            limits.BasicLimitInformation.LimitFlags = (
                _LIMIT_PROCESS_MEMORY
                | _LIMIT_ACTIVE_PROCESS
                | _LIMIT_DIE_ON_UNHANDLED_EXCEPTION
                | _LIMIT_KILL_ON_JOB_CLOSE
            )
            limits.BasicLimitInformation.ActiveProcessLimit = 1
            limits.ProcessMemoryLimit = memory_bytes
            process = kernel32.OpenProcess(_PROCESS_TERMINATE | _PROCESS_SET_QUOTA, False, process_id)
            done = (
                process
                and kernel32.SetInformationJobObject(
                    job, _EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), ctypes.sizeof(limits)
                )
                and kernel32.AssignProcessToJobObject(job, process)
            )
            error = ctypes.get_last_error()
            if process:
                kernel32.CloseHandle(process)
            if not done:
                kernel32.CloseHandle(job)
                raise ctypes.WinError(error)
            return int(job)

    def close(self) -> None:
        """Let go; on Windows this ends whatever still runs in the Job Object."""
        if sys.platform == "win32" and self._job is not None:
            _kernel32().CloseHandle(self._job)
        self._job = None
