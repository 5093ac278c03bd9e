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
        if (m["schema"], m["version"][:2]) != ("mediaplan-manifest", "2."):
            raise ValueError(f"{path}: a format that isn't known")
        if manifests.setdefault(m["device"], m) is not m:
            raise ValueError(f"{path}: a second manifest for {m['device']}")
    if len({(m["fleet"], m["night"], m["plan"], m["sequence"]) for m in manifests.values()}) != 1:
        raise ValueError("the manifests aren't of one publication")
    return manifests


def agree(manifests):
    """Both ends of a transfer or a fall-back must say the same of it, and one of them connect."""
    names = ["transfer", "item", "chunks", "offset", "bytes", "rate_kbps", "starts", "ends", "token"]
    said = lambda entry, *ends: json.dumps([entry[n] for n in names] + [*ends])
    received, sent = [], []
    for d, m in manifests.items():
        received += [said(f, f["source"]["id"], d, f["role"] == "connect")
                     for f in m["fetch"] if f["source"]["kind"] == "device"]
        sent += [said(s, d, s["destination"]["id"], s["role"] == "listen") for s in m["serve"]]
        received += [json.dumps([f["token"], key, f["id"], d]) for key, item in m["items"].items()
                     for f in item["fallbacks"] if f["kind"] == "device"]
        sent += [json.dumps([s["token"], s["item"], d, s["destination"]["id"]]) for s in m["standby"]]
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


def write(path, piece, data, size):
    path.parent.mkdir(exist_ok=True)
    with open(path, "r+b" if path.exists() else "w+b") as file:
        os.truncate(file.fileno(), size)
        os.pwrite(file.fileno(), data, piece["offset"])


def carry_out(manifests, devices, origin):
    fetches = [(f["starts"], d, f) for d, m in manifests.items() for f in m["fetch"]]
    removals = [(r["at"], d, r) for d, m in manifests.items() for r in m["remove"]]
    whole = [(d, k) for d, m in manifests.items() for k in m["items"] if m["items"][k]["completes"]]
    size = lambda device, piece: manifests[device]["items"][piece["item"]]["bytes"]
    copy = lambda device, key: pathlib.Path(origin, manifests[device]["items"][key]["path"])
    for now in sorted({at for at, _, _ in fetches + removals}):
        for _, d, r in (r for r in removals if r[0] == now):
            write(place(devices, d, r["item"]), r, bytes(r["bytes"]), size(d, r))
        slot = [(d, f, f["source"]) for at, d, f in fetches if at == now]
        sent = [read(place(devices, s["id"], f["item"]) if s["kind"] == "device"
                     else copy(d, f["item"]), f) for d, f, s in slot]
        for (d, f, s), data in zip(slot, sent):
            if data != read(copy(d, f["item"]), f):
                raise ValueError(f"{s['id']} sent {d} wrong bytes of {f['item']} at {now}")
            write(place(devices, d, f["item"]), f, data, size(d, f))
    for d, key in whole:
        if place(devices, d, key).read_bytes() != copy(d, key).read_bytes():
            raise ValueError(f"{d} was promised the whole of {key}")
    return len(fetches), sum(f["bytes"] for _, _, f in fetches), len(whole)


if __name__ == "__main__":
    try:
        manifests = agree(load(sys.argv[1], "".join(sys.argv[4:5])))
        print("%d transfers, %d bytes, %d items" % carry_out(manifests, *sys.argv[2:4]))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as problem:
        sys.exit(f"execute.py: {type(problem).__name__}: {problem}")
