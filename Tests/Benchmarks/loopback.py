#!/usr/bin/env python3
"""One connection on loopback, memory to memory: mediaplan's transport, curl, aria2c, nginx.

    loopback.py [MEGABYTES]        2000 unless given; needs three times that in /dev/shm

Builds `Loopback.swift` with the modules that it needs, optimised, in a package of its own below
the system's folder for temporary files, which is kept for the next time. Each row is the best of
three: megabytes a second, and processor seconds per gigabyte of client, server and both. Every
client but `curl` alone checks SHA-256: `Loopback` and `aria2c` piece by piece, `curl` afterwards
by `openssl`.
"""

import hashlib, os, pathlib, resource, shutil, signal, socket, subprocess, sys, tempfile, time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MEGABYTES = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
SHM = pathlib.Path(tempfile.mkdtemp(prefix="loopback-", dir="/dev/shm"))
BLOCKS = [4 << 20, 256 << 10]
SIZE = MEGABYTES * 1_000_000 // BLOCKS[0] * BLOCKS[0]

PACKAGE = """// swift-tools-version: 6.2
import PackageDescription
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]
let package = Package(
    name: "loopback",
    dependencies: [.package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2")],
    targets: [
        .target(name: "Quantities", swiftSettings: strict),
        .systemLibrary(name: "CLinuxEvents"),
        .target(
            name: "Transport", dependencies: ["Quantities", "CLinuxEvents"],
            swiftSettings: strict),
        .executableTarget(
            name: "Loopback",
            dependencies: ["Transport", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
    ], swiftLanguageModes: [.v6])
"""


def build():
    package = pathlib.Path(tempfile.gettempdir()) / "mediaplan-loopback"
    (package / "Sources" / "Loopback").mkdir(parents=True, exist_ok=True)
    (package / "Package.swift").write_text(PACKAGE)
    for name in ["Quantities", "CLinuxEvents", "Transport"]:
        link = package / "Sources" / name
        if link.is_symlink():
            link.unlink()
        link.symlink_to(ROOT / "Sources" / name)
    shutil.copy(HERE / "Loopback.swift", package / "Sources" / "Loopback" / "Loopback.swift")
    subprocess.run(["swift", "build", "-c", "release", "--product", "Loopback"], cwd=package, check=True, stdout=sys.stderr)
    return str(package / ".build" / "release" / "Loopback")


def make_file():
    with open(SHM / "item", "wb") as file:
        for number in range(SIZE // (1 << 20)):
            file.write(hashlib.shake_128(str(number).encode()).digest(1 << 10) * (1 << 10))


class Server:
    def __init__(self, command, port=None):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE if port is None else None)
        self.port = int(self.process.stdout.readline()) if port is None else port
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.05)

    def cpu(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def nginx():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = SHM / "nginx"
    folder.mkdir()
    conf = folder / "conf"
    temp = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
    conf.write_text(f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error;"
        f"{'user root; ' if os.getuid() == 0 else ''}events {{}} http {{ access_log off; sendfile on; {temp}"
        f"server {{ listen 127.0.0.1:{port}; root {SHM}; }} }}")
    return Server(["nginx", "-c", str(conf)], port)


def timed(commands):
    """Seconds and the processor seconds of the commands, one after the other."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    for command in commands:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def row(name, server, commands):
    best = None
    for _ in range(3):
        for out in SHM.glob("out*"):
            out.unlink()
        cpu = server.cpu()
        seconds, client = timed(commands)
        result = (seconds, client, server.cpu() - cpu)
        best = min(best or result, result)
    gigabytes = SIZE / 1e9
    seconds, client, served = best
    print(f"{name:44} {SIZE / 1e6 / seconds:6.0f} {client / gigabytes:7.2f} {served / gigabytes:7.2f} {(client + served) / gigabytes:7.2f}", flush=True)


def metalink(port, digests, block):
    hashes = "".join(f"<hash>{line}</hash>" for line in digests.split())
    (SHM / "item.meta4").write_text(
        f'<metalink xmlns="urn:ietf:params:xml:ns:metalink"><file name="out"><size>{SIZE}</size>'
        f'<pieces length="{block}" type="sha-256">{hashes}</pieces>'
        f"<url>http://127.0.0.1:{port}/item</url></file></metalink>")
    return ["aria2c", "--no-conf", "-q", "-d", str(SHM), "-M", str(SHM / "item.meta4"), "-x1", "-s1", "-V", "--file-allocation=none", "--follow-metalink=false"]


def main():
    program = build()
    make_file()
    out = str(SHM / "out")
    ours, other = Server([program, "serve", str(SHM)]), nginx()
    print(f"{SIZE / 1e6:.0f} MB{'':36} {'MB/s':>6} {'client':>7} {'server':>7} {'both':>7}")
    try:
        for block in BLOCKS:
            digests = subprocess.run([program, "digests", str(SHM / "item"), str(block)], check=True, capture_output=True, text=True).stdout
            (SHM / "digests").write_text(digests)
            for name, server in [("Transport", ours), ("nginx", other)]:
                fetch = [program, "fetch", str(server.port), "item", str(block), str(SHM / "digests"), out]
                row(f"Transport from {name}, {block >> 10} KiB blocks", server, [fetch])
            row(f"aria2c from nginx, {block >> 10} KiB pieces", other, [metalink(other.port, digests, block)])
        check = ["openssl", "dgst", "-sha256", out]
        for name, server in [("Transport", ours), ("nginx", other)]:
            curl = ["curl", "-s", "-o", out, f"http://127.0.0.1:{server.port}/item"]
            row(f"curl from {name}, unchecked", server, [curl])
            row(f"curl from {name}, then openssl", server, [curl, check])
    finally:
        ours.close()
        other.close()


try:
    main()
finally:
    shutil.rmtree(SHM)
