#!/usr/bin/env python3
"""Made-up fleets of several sizes: how close the plans are to the bound, how long each step takes.

    planning.py [--program FILE] [--boxes N,N,…] [--seeds S,S,…] [--profile P] [--effort TASKS]
                [--folder DIR] [--keep]

FILE is a `mediaplan` built with `swift build -c release --product mediaplan`, else the one in
`.build/release`. Each fleet is made by `mediaplan synth` (titles: a tenth of the boxes, 120 to
50,000), then imported, planned, audited and published by `mediaplan nightly`, in DIR (else below
the system's folder for temporary files), which needs about 45 kB for each box and is emptied
unless told to keep it. Prints one row a fleet, as a table in Markdown: share of the wished value
that is served, gap to the bound in percent, seconds by step, seconds in all, most memory in MB.
Gaps follow from boxes and seed alone; they say little where nearly all wishes are served.
"""

import argparse, json, os, pathlib, shutil, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NIGHT, NOW = "2026-11-25", "2026-11-24T18:00:00Z"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    numbers = lambda text: [int(number) for number in text.split(",")]
    parser.add_argument("--program", default=str(ROOT / ".build/release/mediaplan"))
    parser.add_argument("--boxes", type=numbers, default=[200, 3000, 30000])
    parser.add_argument("--seeds", type=numbers, default=[1, 2, 3])
    parser.add_argument("--profile", default="balanced")
    parser.add_argument("--effort")
    parser.add_argument("--folder")
    parser.add_argument("--keep", action="store_true")
    return parser.parse_args()


def run(*command):
    """Runs a command; its standard output, or the end of it all with what it said."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: status {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout


def night(options, boxes, seed, folder):
    """Makes a fleet and plans its night; one row of the table."""
    titles = min(50000, max(120, boxes // 10))
    run(options.program, "init", folder)
    run(options.program, "synth", f"{folder}/drop", "--devices", str(boxes), "--titles",
        str(titles), "--seed", str(seed), "--night", NIGHT)
    more = ["--effort", options.effort] if options.effort else []
    lines = [json.loads(line) for line in run(
        options.program, "nightly", "-w", folder, "--now", NOW, "--night", NIGHT, "--profile",
        options.profile, "--json", *more).splitlines()]
    end = lines[-1]
    plan = next(line for line in lines if line.get("message_type") == "plan")
    steps = [end["import_seconds"]] + [
        plan[f"{step}_seconds"] for step in ("snapshot", "plan", "audit")]
    rest = end["seconds"] - sum(steps)
    return [f"{boxes:,}", seed, f"{100 * end['served_share']:.1f}", f"{100 * end['gap']:.2f}"] + [
        f"{seconds:.2f}" for seconds in steps + [rest, end["seconds"]]] + [
        f"{end['peak_memory_bytes'] / 1e6:,.0f}"]


def main():
    options = arguments()
    if not os.access(options.program, os.X_OK):
        sys.exit(f"'{options.program}' isn't a program: build it with "
                 "`swift build -c release --product mediaplan`, or name it with --program")
    if options.folder and not os.path.isdir(options.folder):
        sys.exit(f"'{options.folder}' isn't a folder")
    head = ["boxes", "seed", "served %", "gap %", "import", "read", "plan", "audit",
            "publish", "in all", "MB"]
    print("| " + " | ".join(head) + " |\n|" + " ---: |" * len(head), flush=True)
    for boxes in options.boxes:
        for seed in options.seeds:
            folder = tempfile.mkdtemp(prefix="planning-", dir=options.folder)
            try:
                row = night(options, boxes, seed, os.path.join(folder, "fleet"))
                print("| " + " | ".join(map(str, row)) + " |", flush=True)
            finally:
                if not options.keep:
                    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
