"""Runs a command and waits for all that it has started; prints seconds by the clock (of the command itself)
and of the processors (of all), and exits as the command does. Linux, where orphans come to this process;
elsewhere what the command does not wait for is not counted."""

import ctypes
import json
import os
import resource
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

began = time.monotonic()
child = subprocess.Popen(sys.argv[1:], stdout=sys.stderr)
wall, status = 0.0, 0
while True:
    try:
        pid, ended = os.wait()
    except ChildProcessError:
        break
    if pid == child.pid:
        wall, status = time.monotonic() - began, os.waitstatus_to_exitcode(ended)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"wall": wall, "cpu": used.ru_utime + used.ru_stime}))
sys.exit(status)
