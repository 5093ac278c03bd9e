#!/usr/bin/env python3
"""execute.py MANIFESTS DEVICES ORIGIN [PUBLIC-KEY]: carries out one night's manifests, byte by byte.

MANIFESTS is a published folder of XX/DEVICE.json; with PUBLIC-KEY minisign must accept each. DEVICES
holds a folder for each device, in it a file for each item that it holds, named by its key; ORIGIN
holds every item under its path (mediaplan-manifest(5)). All transfers of a slot read what was there
when the slot began; removals take effect first. What arrives must equal the origin's copy, and so
must every item that a manifest promises to complete; else the exit status is 1.
"""
import json, os, pathlib, re, subprocess, sys


def unique(pairs):
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def load(folder, key):
    manifests = {}
    for path in sorted(pathlib.Path(folder).glob("*/*.json")):
        if key and subprocess.run(["minisign", "-Vqm", path, "-p", key]).returncode:
            raise ValueError(f"{path}: the signature is wrong")
        m = json.loads(path.read_bytes(), object_pairs_hook=unique)
        if (m["schema"], m["version"][:2]) != ("mediaplan-manifest", "3."):
            raise ValueError(f"{path}: a format that isn't known")
        expand(m)
        if manifests.setdefault(m["device"], m) is not m:
            raise ValueError(f"{path}: a second manifest for {m['device']}")
    same = "fleet", "night", "plan", "sequence", "starts", "slot_seconds"
    if len({tuple(m[name] for name in same) for m in manifests.values()}) != 1:
        raise ValueError("the manifests aren't of one publication")
    return manifests


def expand(m):
    """Replaces the numbers in a manifest's rows by what they stand for."""
    def piece(slot, number, first, last):
        item = m["items"][number]
        chunk, *files = item["cut"]
        sizes = [min(chunk, size - at) for size in files for at in range(0, size, chunk)]
        if not 0 <= first <= last < len(sizes):
            raise ValueError(f"{item['key']} has no chunks {first} to {last}")
        return {"slot": slot, "item": item["key"], "size": sum(sizes), "path": item.get("path"),
                "offset": sum(sizes[:first]), "bytes": sum(sizes[first:last + 1])}
    for member in "fetch", "serve":
        m[member] = [piece(slot, item, first, last) | {"end": m["ends"][end], "kbps": kbps}
                     for slot, item, end, first, last, kbps in m[member]]
    m["remove"] = [piece(*row) for row in m["remove"]]
    key = lambda number: m["items"][number]["key"]
    m["standby"] = [[key(item), m["ends"][end]] for item, end, _ in m["standby"]]
    m["fallbacks"] = [[i["key"], m["ends"][e]] for i in m["items"] for e in i.get("fallbacks", [])]


def agree(manifests):
    """Both ends of a transfer or a fall-back must say the same of it, and one of them connect."""
    names = ["slot", "item", "offset", "bytes", "kbps"]
    said = lambda row, *ends: json.dumps([row[n] for n in names] + [row["end"]["token"], *ends])
    received, sent = [], []
    for d, m in manifests.items():
        received += [said(f, f["end"]["id"], d, "address" in f["end"])
                     for f in m["fetch"] if "base_url" not in f["end"]]
        sent += [said(s, d, s["end"]["id"], "address" not in s["end"]) for s in m["serve"]]
        received += [json.dumps([e["token"], key, e["id"], d]) for key, e in m["fallbacks"]
                     if "base_url" not in e]
        sent += [json.dumps([e["token"], key, d, e["id"]]) for key, e in m["standby"]]
    if sorted(received) != sorted(sent):
        raise ValueError(f"the two ends disagree: {set(received) ^ set(sent)}")
    return manifests


def place(devices, device, item):
    if "/" in item or item[:1] in ("", "."):
        raise ValueError(f"{item} isn't an item key")
    name = re.sub(rb"^[.-]|[^A-Za-z0-9._-]", lambda b: b"~%02X" % b[0][0], device.encode())
    return pathlib.Path(devices, name.decode(), item)


def read(path, piece):
    with open(path, "rb") as file:
        data = os.pread(file.fileno(), piece["bytes"], piece["offset"])
    if len(data) != piece["bytes"]:
        raise ValueError(f"{path} lacks bytes")
    return data


def write(path, piece, data):
    path.parent.mkdir(exist_ok=True)
    with open(path, "r+b" if path.exists() else "w+b") as file:
        os.truncate(file.fileno(), piece["size"])
        os.pwrite(file.fileno(), data, piece["offset"])


def carry_out(manifests, devices, origin):
    fetches = [(f["slot"], d, f) for d, m in manifests.items() for f in m["fetch"]]
    removals = [(r["slot"], d, r) for d, m in manifests.items() for r in m["remove"]]
    whole = [(d, i) for d, m in manifests.items() for i in m["items"] if i.get("completes")]
    copy = lambda piece: pathlib.Path(origin, piece["path"])
    for now in sorted({at for at, _, _ in fetches + removals}):
        for _, d, r in (r for r in removals if r[0] == now):
            write(place(devices, d, r["item"]), r, bytes(r["bytes"]))
        slot = [(d, f, f["end"]) for at, d, f in fetches if at == now]
        sent = [read(copy(f) if "base_url" in s else place(devices, s["id"], f["item"]), f)
                for d, f, s in slot]
        for (d, f, s), data in zip(slot, sent):
            if data != read(copy(f), f):
                raise ValueError(f"{s['id']} sent {d} wrong bytes of {f['item']} at {now}")
            write(place(devices, d, f["item"]), f, data)
    for d, item in whole:
        if place(devices, d, item["key"]).read_bytes() != copy(item).read_bytes():
            raise ValueError(f"{d} was promised the whole of {item['key']}")
    return len(fetches), sum(f["bytes"] for _, _, f in fetches), len(whole)


if __name__ == "__main__":
    try:
        manifests = agree(load(sys.argv[1], "".join(sys.argv[4:5])))
        print("%d transfers, %d bytes, %d items" % carry_out(manifests, *sys.argv[2:4]))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as problem:
        sys.exit(f"execute.py: {type(problem).__name__}: {problem}")
