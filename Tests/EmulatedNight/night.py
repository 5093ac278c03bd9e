#!/usr/bin/env python3
"""One night on one machine, planned and carried out by the real programs.

Boxes at two sites and an origin live in network namespaces of their own, joined by links whose
rates are shaped. Files are ingested, the catalogue is signed, the planner plans, nginx is the
origin, an agent runs in every box. Faults come on top: a source is killed and comes back, a
link is cut, a source sends bytes that it doesn't hold, the origin goes away for a while. In the end
every wish must lie on its box byte for byte, no other byte may have been published, and the
reports must tell the store so.

Needs root, ip, tc, nginx, minisign. Everything is made in a folder and in namespaces of its own,
and taken away at the end. Prints one JSON object.
"""
import argparse, contextlib, csv, datetime, hashlib, json, math, os, random, shutil, signal
import subprocess, sys, tempfile, time

SITES = "AB"
ORIGIN = "10.79.0.1"
# Name, KiB, holders (share of the boxes), wanters (share of the boxes).
ITEMS = [("alpha", 1536, 0, 1.0), ("beta", 1024, 0.25, 0.5), ("gamma", 768, 0.07, 0.25),
         ("delta", 2048, 0.25, 0.4)]


def sh(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, **options)
    if done.returncode:
        raise SystemExit(f"night: {' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


class Night:
    def __init__(self, options):
        self.o = options
        self.prefix = f"mpe{os.getpid() % 100000}-"
        self.root = tempfile.mkdtemp(prefix="mediaplan-night.")
        self.workspace = f"{self.root}/w"
        self.origin = f"{self.root}/origin"
        self.boxes = [f"b{i}" for i in range(options.boxes)]
        self.processes = {}
        draw = random.Random(options.seed)
        self.holds = {b: [] for b in self.boxes}
        self.wants = {b: [] for b in self.boxes}
        for name, _, holders, wanters in ITEMS:
            some = draw.sample(self.boxes, math.ceil(holders * len(self.boxes)))
            for box in some:
                self.holds[box].append(name)
            rest = [b for b in self.boxes if b not in some]
            for box in draw.sample(rest, min(len(rest), math.ceil(wanters * len(self.boxes)))):
                self.wants[box].append(name)
        for box in self.boxes:
            draw.shuffle(self.wants[box])

    # Content and plan

    def ingest(self):
        draw = random.Random(self.o.seed + 1)
        files = []
        for name, kib, _, _ in ITEMS:
            path = f"{self.root}/{name}.ts"
            with open(path, "wb") as file:
                file.write(draw.randbytes(kib << 10))
            files.append(path)
        self.mediaplan("init", self.workspace)
        self.settings(slot="1s", length=f"{self.o.seconds}s", overtime=f"{self.o.overtime}s",
                      start='"00:00:00"', fleet="trial", effort="0", profile=self.o.profile,
                      chunk_bytes="32768")
        titles = "".join(
            f'<title id="{name}" major="1"><file name="{name}.ts" kind="movie" '
            f'size="{kib << 10}"/></title>' for name, kib, _, _ in ITEMS)
        self.drop("catalogue/trial.xml", '<catalogue xmlns="urn:mediaplan:catalogue:1" '
                  f'extent="full">{titles}</catalogue>')
        self.mediaplan("import", "-w", self.workspace, "catalogue",
                       f"{self.workspace}/drop/catalogue/trial.xml")
        self.mediaplan("ingest", "-w", self.workspace, "--origin", self.origin, *files)
        sh("minisign", "-G", "-W", "-s", f"{self.root}/key", "-p", f"{self.root}/key.pub")
        os.chmod(f"{self.root}/key", 0o600)
        self.mediaplan("catalogue", "sign", "--origin", self.origin, "--fleet", "trial",
                       "--key", f"{self.root}/key")
        self.blobs = {}
        for name in os.listdir(f"{self.origin}/indexes"):
            index = json.load(open(f"{self.origin}/indexes/{name}"))
            self.blobs[index["title"]] = index["blob"]

    def mediaplan(self, *arguments):
        return sh(self.o.mediaplan, *arguments)

    def settings(self, **values):
        path = f"{self.workspace}/mediaplan.yaml"
        lines = open(path).read().split("\n")
        for name, value in values.items():
            at = [k for k, line in enumerate(lines) if line.startswith(f"  {name}:")]
            assert len(at) == 1, (name, at)
            lines[at[0]] = f"  {name}: {value}"
        with open(path, "w") as file:
            file.write("\n".join(lines))

    def drop(self, name, text):
        path = f"{self.workspace}/drop/{name}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)

    def table(self, name, header, rows):
        self.drop(f"{name}/{name}.csv",
                  "\n".join([header] + [",".join(map(str, row)) for row in rows]) + "\n")

    def site(self, box):
        return SITES[int(box[1:]) % 2]

    def address(self, box):
        return f"10.79.{1 + SITES.index(self.site(box))}.{int(box[1:]) + 1}"

    def plan(self):
        # Payload: what headers leave of the line, and a little for what is not paced.
        kbps = lambda mbit: int(mbit * 1000 / 1.06)
        self.table("sites", "site,parent,territory,timezone,up_kbps,down_kbps,cost_per_gb",
                   [("C", "", "PT", "UTC", "", "", 0)]
                   + [(s, "C", "PT", "UTC", kbps(self.o.site), kbps(self.o.site), 1)
                      for s in SITES])
        self.table("origins", "origin,site,egress_kbps,base_url,cost_per_gb",
                   [("o", "C", kbps(self.o.origin_up), f"http://{ORIGIN}:8080", 1)])
        self.table("accounts", "account,status", [("a", "active")])
        self.table("devices", "device,account,site,wish_bytes,cache_bytes,up_kbps,down_kbps,"
                   "address,accepts,state",
                   [(b, "a", self.site(b), 1 << 30, 1 << 30, kbps(self.o.up), kbps(self.o.down),
                     f"{self.address(b)}:7080", "yes", "active") for b in self.boxes])
        self.table("holdings", "device,item,chunks",
                   [(b, name, "all") for b in self.boxes for name in self.holds[b]])
        self.table("wishes", "device,title,rank",
                   [(b, name, rank + 1) for b in self.boxes
                    for rank, name in enumerate(self.wants[b])])
        self.starts = math.ceil(time.time()) + 5
        utc = lambda seconds: datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
        self.settings(start=f'"{utc(self.starts):%H:%M:%S}"')
        self.mediaplan("nightly", "-w", self.workspace, "--night", f"{utc(self.starts):%F}",
                       "--now", f"{utc(self.starts - 20):%FT%TZ}")

    # Network

    def network(self):
        p = self.prefix
        lines = [f"ip netns add {p}sw", f"ip netns add {p}o"]
        lines += [f"ip netns add {p}{b}" for b in self.boxes]
        for bridge in ("C", *SITES):
            lines += [f"ip -n {p}sw link add br{bridge} type bridge",
                      f"ip -n {p}sw link set br{bridge} up"]
        for s in SITES:
            lines += [f"ip -n {p}sw link add {s}c type veth peer name {s}s",
                      f"ip -n {p}sw link set {s}c master brC up",
                      f"ip -n {p}sw link set {s}s master br{s} up",
                      shaped(f"{p}sw", f"{s}c", self.o.site), shaped(f"{p}sw", f"{s}s", self.o.site)]
        lines += self.host("o", "C", ORIGIN, self.o.origin_up, self.o.origin_up)
        for b in self.boxes:
            lines += self.host(b, self.site(b), self.address(b), self.o.up, self.o.down)
        sh("sh", "-ec", "\n".join(lines))

    def host(self, name, bridge, address, up, down):
        ns, sw = self.prefix + name, f"{self.prefix}sw"
        return [f"ip link add v{name} netns {sw} type veth peer name eth0 netns {ns}",
                f"ip -n {sw} link set v{name} master br{bridge} up",
                f"ip -n {ns} link set lo up", f"ip -n {ns} addr add {address}/16 dev eth0",
                f"ip -n {ns} link set eth0 up",
                shaped(ns, "eth0", up), shaped(sw, f"v{name}", down)]

    def start(self, name, *command):
        log = open(f"{self.root}/{name}.log", "ab")
        self.processes[name] = subprocess.Popen(
            ["ip", "netns", "exec", self.prefix + name, *command], stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, start_new_session=True)

    def end(self, name, number):
        process = self.processes.get(name)
        if process and process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            process.wait(timeout=10)

    def serve(self):
        run = f"{self.root}/nginx"
        os.makedirs(run, exist_ok=True)
        temporary = "".join(f"{kind}_temp_path {run}/{kind}; "
                            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        with open(f"{run}/conf", "w") as file:
            file.write(f"daemon off; master_process off; pid {run}/pid; error_log {run}/err;\n"
                       f"events {{}}\nhttp {{ access_log {run}/access; {temporary}sendfile on; "
                       f"server {{ listen {ORIGIN}:8080; root {self.origin}; }} }}\n")
        self.start("o", "nginx", "-p", run, "-c", f"{run}/conf")

    # Boxes

    def state(self, box):
        return f"{self.root}/{box}"

    def enrol(self, box):
        sh(self.o.agent, "enroll", "-s", self.state(box), "--fleet", "trial", "--device", box,
           "--manifest-key", f"{self.workspace}/keys/manifest.pub",
           "--catalogue-key", f"{self.root}/key.pub", "--listen", "0.0.0.0:7080",
           "--reserve-bytes", "0")
        os.makedirs(f"{self.state(box)}/items", exist_ok=True)
        for name in self.holds[box]:
            shutil.copy(f"{self.origin}/blobs/{self.blobs[name]}",
                        f"{self.state(box)}/items/{name}@1")

    def run(self, box):
        name = hashlib.sha256(box.encode()).hexdigest()[:2]
        self.start(box, self.o.agent, "once", "-s", self.state(box),
                   f"{self.workspace}/published/current/{name}/{box}.json")

    # Faults

    def faults(self):
        """When (a share of the planned night), what is done, and its name."""
        holders = lambda name: [b for b in self.boxes if name in self.holds[b]]
        liar, dead = holders("delta")[0], holders("beta")[-1]
        cut = next(b for b in self.boxes if b not in (liar, dead))
        self.named = {"lie": liar, "kill": dead, "cut": cut, "origin": "o"}
        sw = f"{self.prefix}sw"
        return [
            (0.02, "lie", lambda: self.corrupt(liar, "delta")),
            (0.30, "kill", lambda: self.end(dead, signal.SIGKILL)),
            (0.45, "kill", lambda: self.run(dead)),
            (0.35, "cut", lambda: sh("ip", "-n", sw, "link", "set", f"v{cut}", "down")),
            (0.55, "cut", lambda: sh("ip", "-n", sw, "link", "set", f"v{cut}", "up")),
            (0.10, "origin", lambda: self.end("o", signal.SIGKILL)),
            (0.25, "origin", self.serve),
        ]

    def corrupt(self, box, name):
        """Flips a byte in each fourth chunk of what a box checked before."""
        path = f"{self.state(box)}/items/{name}@1"
        before = os.stat(path)
        with open(path, "r+b") as file:
            for at in range(100, before.st_size, 4 * 32768):
                file.seek(at)
                byte = file.read(1)
                file.seek(at)
                file.write(bytes([byte[0] ^ 1]))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    # What came of it

    def judge(self):
        missing, wrong, waste, got = [], [], 0, 0
        for box in self.boxes:
            folder = f"{self.state(box)}/items"
            for name in self.wants[box]:
                if not os.path.exists(f"{folder}/{name}@1"):
                    missing.append(f"{box}/{name}")
            for file in os.listdir(folder):
                name = file.split("@")[0]
                digest = hashlib.sha256(open(f"{folder}/{file}", "rb").read()).hexdigest()
                if digest != self.blobs[name] and (box, name) != (self.named.get("lie"), "delta"):
                    wrong.append(f"{box}/{name}")
            for path in reports(f"{self.state(box)}/reports"):
                for line in open(path):
                    row = json.loads(line)
                    waste += row.get("waste_bytes", 0)
                    got += row["bytes"]
                self.drop(f"reports/{box}.jsonl", open(path).read())
        imported = self.mediaplan("import", "-w", self.workspace, "reports",
                                  f"{self.workspace}/drop/reports")
        held = list(csv.DictReader(self.mediaplan(
            "show", "holdings", "-w", self.workspace, "--format", "csv").splitlines()))
        wished = sum(len(wants) for wants in self.wants.values())
        planned = list(csv.DictReader(
            self.mediaplan("export", "plan", "-w", self.workspace).splitlines()))
        return dict(
            boxes=len(self.boxes), wishes=wished, missing=missing, wrong=wrong, bytes=got,
            waste_bytes=waste, transfers=len(planned), holdings=len(held),
            expected_holdings=wished + sum(len(holds) for holds in self.holds.values()),
            faults=sorted(self.named), imported=imported.strip().split("\n")[-1])

    def spend(self):
        self.named = {}
        self.ingest()
        self.network()
        self.serve()
        for box in self.boxes:
            self.enrol(box)
        self.plan()
        for box in self.boxes:
            self.run(box)
        wanted = self.o.faults.split(",") if self.o.faults else []
        due = sorted(((at, name, act) for at, name, act in self.faults() if name in wanted),
                     key=lambda fault: fault[0])
        self.named = {name: self.named[name] for name in wanted}
        for at, _, act in due:
            time.sleep(max(0, self.starts + at * self.o.seconds - time.time()))
            act()
        until = self.starts + self.o.seconds + self.o.overtime + 20
        while time.time() < until and any(
                self.processes[b].poll() is None for b in self.boxes):
            time.sleep(0.1)
        return self.judge()

    def close(self):
        for name in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.end(name, signal.SIGTERM)
            self.end(name, signal.SIGKILL)
        for name in ("sw", "o", *self.boxes):
            subprocess.run(["ip", "netns", "del", self.prefix + name], capture_output=True)
        if self.o.keep:
            print(f"night: kept {self.root}", file=sys.stderr)
        else:
            shutil.rmtree(self.root, ignore_errors=True)


def shaped(ns, device, mbit):
    """tc's words for a link of `mbit` Mbit/s with a queue of a tenth of a second."""
    burst = max(16000, int(mbit * 1000))
    limit = int(mbit * 12500) + burst
    return (f"tc -n {ns} qdisc replace dev {device} root tbf rate {mbit}mbit "
            f"burst {burst} limit {limit}")


def reports(folder):
    for path, _, names in os.walk(folder):
        for name in sorted(names):
            if name.endswith(".jsonl"):
                yield f"{path}/{name}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mediaplan", required=True)
    parser.add_argument("--agent", required=True)
    parser.add_argument("--boxes", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=16, help="length of the planned night")
    parser.add_argument("--overtime", type=int, default=12)
    parser.add_argument("--profile", default="min-time")
    parser.add_argument("--faults", default="", help="of lie, kill, cut, origin; with commas")
    for name, mbit in (("up", 2.0), ("down", 10.0), ("origin-up", 10.0), ("site", 12.0)):
        parser.add_argument(f"--{name}", type=float, default=mbit, help="Mbit/s")
    parser.add_argument("--keep", action="store_true", help="leaves the folder")
    night = Night(parser.parse_args())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        print(json.dumps(night.spend()))
    finally:
        night.close()


if __name__ == "__main__":
    main()
