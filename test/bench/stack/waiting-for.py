"""Asks an address again and again until its answer begins as it should; ends after two minutes."""
import socket
import sys
import time

address, port, question, beginning = sys.argv[1:]
end = time.monotonic() + 120
while time.monotonic() < end:
    try:
        with socket.create_connection((address, int(port)), timeout=0.2) as connection:
            connection.settimeout(2)
            connection.sendall(question.encode())
            if connection.recv(64).startswith(beginning.encode()):
                sys.exit(0)
    except OSError:
        pass
    time.sleep(0.02)
sys.exit(f"{address}:{port} did not answer")
