"""Starts moto on a free port of 127.0.0.1 and prints the port. Ends with whoever started it.

usage: moto-server.py MAJOR MINOR   (the oldest version that fits; exit code 3 if this one does not)
"""

import importlib.metadata
import logging
import os
import sys
import threading

# No compiled copy beside the source: the folder is the repository's.
compiles, sys.dont_write_bytecode = sys.dont_write_bytecode, True
import moto_speed  # noqa: E402

sys.dont_write_bytecode = compiles

required = tuple(int(part) for part in sys.argv[1:3])
try:
    version = importlib.metadata.version("moto")
    found = tuple(int(part) for part in version.split(".")[:2])
    if found[0] != required[0] or found < required:
        raise ImportError(f"moto {version} is installed")
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(3)


def end_with_parent() -> None:
    # The parent holds the other end of our standard input: it closes however the parent ends, SIGKILL included.
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()
moto_speed.hurry()
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
os.environ["MOTO_PORT"] = str(server.port)
print(server.port, flush=True)
server.serve_forever()
