"""Solves small instances of the planning model exactly, as mixed integer programs.

    python3 exact.py < instances.jsonl > results.jsonl

One instance a line in, one result a line out, in the same order. It is a second
opinion for tests: written from the model page (Schedule.docc/Model.md), it shares
no code with the planner or the audit. Windows and licences arrive as slot numbers;
all else (dusk, lists, ranks, worth, what may move) is worked out here.

Variables: x[s,d,c,t], chunk c goes from s to d in slot t; y[s,d,t], the two ends
meet; g[d,c,t], d removes c at the start of t; u[d,i] and f[d,i], wished item i is
begun and completed. Everything is in bytes and integers; each row is divided by
its greatest common divisor. A solution is rounded and its worth counted again in
integers, so what is printed is exact or says that it isn't.

Exit code 3: the package highspy (HiGHS) is missing.
"""

import json
import os
import sys
from fractions import Fraction
from math import gcd

try:
    import highspy
    import numpy
except ImportError as problem:
    print(f"exact.py needs the package highspy: {problem}", file=sys.stderr)
    sys.exit(3)

GB = 10**9
SECONDS_LIMIT = 30.0


def half_even(x):
    """The integer nearest to a fraction, ties to the even one."""
    return round(x)


class Instance:
    """What the inputs say, in the model page's terms."""

    def __init__(self, data):
        self.data = data
        self.slots = data["slots"]
        self.devices = data["devices"]
        self.origins = data["origins"]
        self.sites = data["sites"]
        self.items = data["items"]
        self.titles = data["titles"]
        for device in self.devices:
            self.complete_device(device)
        for index in range(len(self.devices)):
            self.dusk(index)
            self.number_wishes(index)

    def complete_device(self, device):
        account = device["account"]
        territory = self.sites[device["site"]].get("territory")
        takes_part = device["active"] and account["status"] != "closed"
        device["W"] = set(device["window"]) if takes_part else set()
        contradicts = (
            account.get("territory") is not None
            and territory is not None
            and account["territory"] != territory
        )
        device["sends"] = bool(device["W"]) and device["up"] > 0
        device["receives"] = (
            bool(device["W"])
            and device["down"] > 0
            and account["status"] == "active"
            and not contradicts
        )
        device["territory"] = territory

    def may_keep(self, device, item):
        rule = self.titles[self.items[item]["title"]]["territories"]
        if rule["kind"] == "everywhere":
            return True
        if device["territory"] is None:
            return False
        return (device["territory"] in rule["list"]) == (rule["kind"] == "only")

    def licence(self, item):
        return set(self.titles[self.items[item]["title"]]["licence"])

    def barred(self, item):
        return not self.titles[self.items[item]["title"]]["peerToPeer"]

    def size(self, item, chunk):
        return self.items[item]["chunks"][chunk]

    def is_current(self, item):
        return self.titles[self.items[item]["title"]]["item"] == item

    def dusk(self, index):
        """Moves listed items to the wish area on paper; sums the areas."""
        device = self.devices[index]
        wished = [self.titles[w["title"]]["item"] for w in device["wishes"]]
        picked = [self.titles[t]["item"] for t in device["picks"]]
        device["wished"] = {i for i in wished if i >= 0}
        device["listed"] = {i for i in wished + picked if i >= 0}
        for holding in device["holdings"]:
            item = holding["item"]
            sizes = [self.size(item, c) for c in holding["chunks"]] if item >= 0 else []
            holding["bytes"] = sum(sizes) if item >= 0 else holding["unknownBytes"]
        used = {"wish": 0, "cache": 0}
        for holding in device["holdings"]:
            used[holding["area"]] += holding["bytes"]
        for item in wished:
            for holding in device["holdings"]:
                if item < 0 or holding["item"] != item or holding["area"] != "cache":
                    continue
                if used["wish"] + holding["bytes"] <= device["wishBytes"]:
                    holding["area"] = "wish"
                    used["wish"] += holding["bytes"]
                    used["cache"] -= holding["bytes"]
        device["used"] = used
        device["held"] = {
            (h["item"], c) for h in device["holdings"] if h["item"] >= 0 for c in h["chunks"]
        }
        device["bought"] = {h["item"] for h in device["holdings"] if h["bought"]}

    def removable_from(self, index, item):
        """First slot in which the device may remove what it held of the item at dusk; None: never."""
        device = self.devices[index]
        if item < 0 or item in device["bought"]:
            return None
        if item not in device["listed"]:
            return 0
        ended = self.titles[self.items[item]["title"]]["licenceEnded"]
        return ended[0] if ended else None

    def missing(self, index, item):
        held = self.devices[index]["held"]
        return [c for c in range(len(self.items[item]["chunks"])) if (item, c) not in held]

    def number_wishes(self, index):
        """Worth and missing bytes of each eligible wish."""
        device = self.devices[index]
        settings = self.data["settings"]
        base, gain = Fraction(*settings["base"]), Fraction(*settings["gain"])
        decay, days = Fraction(*settings["decay"]), settings["days"]
        waited = days if device.get("nights") is None else min(max(device["nights"], 0), days)
        device["eligible"] = []
        for wish in device["wishes"]:
            item = self.titles[wish["title"]]["item"]
            if item < 0 or not self.missing(index, item) or not self.items[item]["sendable"]:
                continue
            if not device["receives"] or not self.may_keep(device, item):
                continue
            if not self.licence(item):
                continue
            rank = len(device["eligible"])
            worth = half_even(10**6 * (base + gain * Fraction(waited, days)) * decay**rank)
            lacking = sum(self.size(item, c) for c in self.missing(index, item))
            device["eligible"].append({"item": item, "worth": worth, "missing": lacking})

    # The tree.

    def chain(self, site):
        chain = []
        while site >= 0:
            chain.append(site)
            site = self.sites[site]["parent"]
        return chain

    def path(self, source, destination):
        """Edges upwards and downwards between two sites."""
        up, down = self.chain(source), self.chain(destination)
        shared = set(up) & set(down)
        return [s for s in up if s not in shared], [s for s in down if s not in shared]

    def site_of(self, source):
        return self.devices[source]["site"] if source >= 0 else self.origins[-1 - source]["site"]

    def at_end(self, device, end):
        """Whether a device belongs to an end of a link."""
        if end["kind"] == "device":
            return end["index"] == device
        return end["index"] in self.chain(self.devices[device]["site"])


class Program:
    """Columns and rows of one mixed integer program."""

    def __init__(self):
        self.costs, self.rows = [], []

    def column(self, gain=0.0):
        self.costs.append(gain)
        return len(self.costs) - 1

    def at_most(self, terms, bound):
        """sum of coefficient · column <= bound, all integers."""
        merged = {}
        for column, coefficient in terms:
            merged[column] = merged.get(column, 0) + coefficient
        merged = {k: v for k, v in merged.items() if v != 0}
        if not merged or sum(v for v in merged.values() if v > 0) <= bound:
            return
        divisor = 0
        for value in merged.values():
            divisor = gcd(divisor, value)
        self.rows.append(({k: v // divisor for k, v in merged.items()}, bound // divisor))

    def solve(self):
        """Values of the columns, and whether they are proven best; None when no solution was found."""
        solver = highspy.Highs()
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 1e-8),
            ("time_limit", SECONDS_LIMIT),
            ("random_seed", 1),
        ):
            solver.setOptionValue(option, value)
        count = len(self.costs)
        none = numpy.array([], dtype=numpy.int32)
        solver.addCols(
            count,
            -numpy.array(self.costs, dtype=numpy.float64),
            numpy.zeros(count),
            numpy.ones(count),
            0,
            none,
            none,
            numpy.array([], dtype=numpy.float64),
        )
        every = numpy.arange(count, dtype=numpy.int32)
        integer = numpy.full(count, 1, dtype=numpy.uint8)
        solver.changeColsIntegrality(count, every, integer)
        starts, indices, values, bounds = [], [], [], []
        for terms, bound in self.rows:
            starts.append(len(indices))
            indices.extend(terms.keys())
            values.extend(terms.values())
            bounds.append(bound)
        if self.rows:
            solver.addRows(
                len(self.rows),
                numpy.full(len(self.rows), -highspy.kHighsInf),
                numpy.array(bounds, dtype=numpy.float64),
                len(indices),
                numpy.array(starts, dtype=numpy.int32),
                numpy.array(indices, dtype=numpy.int32),
                numpy.array(values, dtype=numpy.float64),
            )
        solver.run()
        optimal = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        solution = [round(v) for v in solver.getSolution().col_value]
        if len(solution) != count:
            return None, False
        kept = all(sum(v * solution[k] for k, v in row.items()) <= bound for row, bound in self.rows)
        return (solution, optimal) if kept else (None, False)


class Model:
    """The program of one instance."""

    def __init__(self, instance):
        self.instance = instance
        self.program = Program()
        self.moves = {}  # (source, destination, item, chunk, slot) -> column
        self.removals = {}  # (device, item, chunk, slot) -> column
        self.admit(self.possible())
        self.index()
        self.storage()
        self.cause()
        self.capacities()
        self.ends()
        self.incomplete()

    # What may move at all.

    def possible(self):
        """Every move that each rule allows by itself and that can lead to a wish."""
        inst = self.instance
        found = set()
        for d, device in enumerate(inst.devices):
            for item in range(len(inst.items)):
                if not self.may_arrive(d, item):
                    continue
                for chunk in inst.missing(d, item):
                    for slot in device["W"] & inst.licence(item):
                        for s in range(-len(inst.origins), len(inst.devices)):
                            if self.may_move(s, d, item, chunk, slot):
                                found.add((s, d, item, chunk, slot))
        return self.useful(found)

    def may_arrive(self, d, item):
        inst = self.instance
        device = inst.devices[d]
        return (
            device["receives"]
            and inst.items[item]["sendable"]
            and inst.is_current(item)
            and inst.may_keep(device, item)
        )

    def may_move(self, s, d, item, chunk, slot):
        inst = self.instance
        size = inst.size(item, chunk)
        if s == d or size > inst.devices[d]["down"]:
            return False
        if s < 0:
            if size > inst.origins[-1 - s]["egress"]:
                return False
        else:
            sender = inst.devices[s]
            if inst.barred(item) or not sender["sends"] or slot not in sender["W"]:
                return False
            if size > sender["up"] or not (sender["accepts"] or inst.devices[d]["accepts"]):
                return False
        up, down = inst.path(inst.site_of(s), inst.devices[d]["site"])
        caps = [inst.sites[e].get("up") for e in up] + [inst.sites[e].get("down") for e in down]
        if s >= 0:
            caps += [l["bytes"] for l in inst.data["links"] if self.on_link(l, s, d)]
        return all(cap is None or size <= cap for cap in caps)

    def on_link(self, link, s, d):
        return self.instance.at_end(s, link["from"]) and self.instance.at_end(d, link["to"])

    def useful(self, found):
        """Drops moves whose source can't have the chunk then, and relays that could never pass it on."""
        inst = self.instance
        while True:
            earliest = {}
            for s, d, item, chunk, slot in found:
                key = (d, item, chunk)
                earliest[key] = min(earliest.get(key, slot), slot)
            last = {}
            for s, d, item, chunk, slot in found:
                key = (s, item, chunk)
                last[key] = max(last.get(key, slot), slot)

            def keep(move):
                s, d, item, chunk, slot = move
                if s >= 0 and (item, chunk) not in inst.devices[s]["held"]:
                    if earliest.get((s, item, chunk), inst.slots) >= slot:
                        return False
                if any(w["item"] == item for w in inst.devices[d]["eligible"]):
                    return True
                return last.get((d, item, chunk), -1) > slot

            kept = {move for move in found if keep(move)}
            if len(kept) == len(found):
                return sorted(kept)
            found = kept

    def price(self, s, d):
        """Undivided carried cost of a byte, in millionths of the currency per GB."""
        inst = self.instance
        up, down = inst.path(inst.site_of(s), inst.devices[d]["site"])
        cost = sum(inst.sites[e]["cost"] for e in up + down)
        return cost + (inst.origins[-1 - s]["cost"] if s < 0 else 0)

    def admit(self, moves):
        """A column for each move, with what it adds to the objective in units of value."""
        inst = self.instance
        alpha, beta = inst.data["settings"]["alpha"], inst.data["settings"]["beta"]
        for move in moves:
            s, d, item, chunk, _ = move
            size = inst.size(item, chunk)
            gain = sum(
                Fraction(w["worth"] * size, w["missing"])
                for w in inst.devices[d]["eligible"]
                if w["item"] == item
            )
            gain -= Fraction(alpha * size, GB) if s < 0 else 0
            gain -= Fraction(beta * size * self.price(s, d), 10**15)
            self.moves[move] = self.program.column(float(gain / 10**6))

    # Rules.

    def index(self):
        self.arrivals, self.departures = {}, {}
        for (s, d, item, chunk, slot), column in self.moves.items():
            self.arrivals.setdefault((d, item, chunk), []).append((slot, column))
            if s >= 0:
                self.departures.setdefault((s, item, chunk), []).append((slot, column))
        for columns in self.arrivals.values():
            self.program.at_most([(column, 1) for _, column in columns], 1)

    def removal_slots(self, d, item, chunk):
        """Slots at whose start the chunk may be removed, by where it came from."""
        inst = self.instance
        if (item, chunk) in inst.devices[d]["held"]:
            first = inst.removable_from(d, item)
            return [] if first is None else range(first, inst.slots)
        device = inst.devices[d]
        if item in device["listed"] or item in device["bought"]:
            return []
        return range(1, inst.slots)

    def storage(self):
        """Both areas at the end of every slot; a holding that is never sent goes as soon as it may."""
        inst = self.instance
        for d, device in enumerate(inst.devices):
            for area in ("wish", "cache"):
                limit = max(device[area + "Bytes"], device["used"][area])
                inside = [
                    (key, columns)
                    for key, columns in self.arrivals.items()
                    if key[0] == d and (key[1] in device["wished"]) == (area == "wish")
                ]
                if not inside:
                    continue
                removable, free = self.removable(d, area, [key for key, _ in inside])
                for end in range(inst.slots):
                    terms = [
                        (column, inst.size(item, chunk))
                        for (_, item, chunk), columns in inside
                        for slot, column in columns
                        if slot <= end
                    ]
                    for (item, chunk, slot), column in removable.items():
                        if slot <= end:
                            terms.append((column, -inst.size(item, chunk)))
                    freed = sum(size for slot, size in free if slot <= end)
                    self.program.at_most(terms, limit - device["used"][area] + freed)

    def removable(self, d, area, arriving):
        """Removal columns of one area of a device, and bytes that nothing depends on: (from slot, bytes)."""
        inst = self.instance
        device = inst.devices[d]
        columns, free = {}, []
        chunks = [
            (h["item"], c)
            for h in device["holdings"]
            if h["area"] == area and h["item"] >= 0
            for c in h["chunks"]
        ]
        for item, chunk in chunks:
            slots = self.removal_slots(d, item, chunk)
            if not slots:
                continue
            if (d, item, chunk) not in self.departures:
                free.append((slots[0], inst.size(item, chunk)))
                self.removals[(d, item, chunk, slots[0])] = None
                continue
            self.offer_removal(d, item, chunk, slots, columns)
        for _, item, chunk in arriving:
            self.offer_removal(d, item, chunk, self.removal_slots(d, item, chunk), columns)
        return columns, free

    def offer_removal(self, d, item, chunk, slots, columns):
        for slot in slots:
            column = self.program.column()
            columns[(item, chunk, slot)] = column
            self.removals[(d, item, chunk, slot)] = column

    def held_terms(self, d, item, chunk, slot):
        """What d has of a chunk at the start of a slot, after removals: constant and terms."""
        held = (item, chunk) in self.instance.devices[d]["held"]
        terms = [(c, 1) for t, c in self.arrivals.get((d, item, chunk), []) if t < slot]
        for t in range(slot + 1):
            column = self.removals.get((d, item, chunk, t))
            if column is not None:
                terms.append((column, -1))
        return int(held), terms

    def cause(self):
        """Nobody sends or removes what it doesn't have."""
        for (s, item, chunk), columns in self.departures.items():
            for slot, column in columns:
                constant, terms = self.held_terms(s, item, chunk, slot)
                negated = [(c, -v) for c, v in terms]
                self.program.at_most(negated + [(column, 1)], constant)
        for (d, item, chunk, slot), column in self.removals.items():
            if column is not None:
                constant, terms = self.held_terms(d, item, chunk, slot)
                self.program.at_most([(c, -v) for c, v in terms], constant)

    def capacities(self):
        """Rates of devices, origins, edges and links, slot by slot, and the origins' nights."""
        inst = self.instance
        sums = {}

        def count(key, limit, column, size):
            if limit is not None:
                sums.setdefault(key, (limit, []))[1].append((column, size))

        for (s, d, item, chunk, slot), column in self.moves.items():
            size = inst.size(item, chunk)
            count(("down", d, slot), inst.devices[d]["down"], column, size)
            if s >= 0:
                count(("up", s, slot), inst.devices[s]["up"], column, size)
                for number, link in enumerate(inst.data["links"]):
                    if self.on_link(link, s, d):
                        count(("link", number, slot), link["bytes"], column, size)
            else:
                origin = inst.origins[-1 - s]
                count(("egress", s, slot), origin["egress"], column, size)
                count(("night", s), origin.get("nightly"), column, size)
            up, down = inst.path(inst.site_of(s), inst.devices[d]["site"])
            for edge in up:
                count(("edge up", edge, slot), inst.sites[edge].get("up"), column, size)
            for edge in down:
                count(("edge down", edge, slot), inst.sites[edge].get("down"), column, size)
        for limit, terms in sums.values():
            self.program.at_most(terms, limit)

    def ends(self):
        """Distinct other ends per slot, where more could meet than may."""
        settings = self.instance.data["settings"]
        meetings = {}
        for (s, d, item, chunk, slot), column in self.moves.items():
            meetings.setdefault((s, d, slot), []).append(column)
        incoming, outgoing = {}, {}
        for s, d, slot in meetings:
            incoming.setdefault((d, slot), []).append((s, d, slot))
            if s >= 0:
                outgoing.setdefault((s, slot), []).append((s, d, slot))
        bounds = [(v, settings["maxIncoming"]) for v in incoming.values()]
        bounds += [(v, settings["maxOutgoing"]) for v in outgoing.values()]
        columns = {}
        for pairs, limit in bounds:
            if len(pairs) <= limit:
                continue
            for pair in pairs:
                if pair not in columns:
                    columns[pair] = self.program.column()
                    for move in meetings[pair]:
                        self.program.at_most([(move, 1), (columns[pair], -1)], 0)
            self.program.at_most([(columns[pair], 1) for pair in pairs], limit)

    def incomplete(self):
        """Of the wished items that a device receives bytes of, at most one stays incomplete."""
        inst = self.instance
        for d, device in enumerate(inst.devices):
            open_items = []
            for item in sorted(device["wished"]):
                chunks = inst.missing(d, item)
                arriving = [c for c in chunks if (d, item, c) in self.arrivals]
                if arriving and len(chunks) > 1:
                    open_items.append((item, chunks, arriving))
            if len(open_items) < 2:
                continue
            total = []
            for item, chunks, arriving in open_items:
                begun = self.program.column()
                total.append((begun, 1))
                for chunk in arriving:
                    columns = [(c, 1) for _, c in self.arrivals[(d, item, chunk)]]
                    self.program.at_most(columns + [(begun, -1)], 0)
                if len(arriving) == len(chunks):
                    done = self.program.column()
                    total.append((done, -1))
                    for chunk in chunks:
                        columns = [(c, -1) for _, c in self.arrivals[(d, item, chunk)]]
                        self.program.at_most(columns + [(done, 1)], 0)
            self.program.at_most(total, 1)

    # The answer.

    def result(self):
        inst = self.instance
        if not self.moves:
            return self.count([], [], True)
        solution, optimal = self.program.solve()
        if solution is None:
            return {"proven": False, "objective": 0, "value": 0, "transfers": [], "removals": []}
        moved = [move for move, column in self.moves.items() if solution[column] == 1]
        removed = [
            key
            for key, column in self.removals.items()
            if column is None or solution[column] == 1
        ]
        return self.count(moved, removed, optimal)

    def count(self, moved, removed, optimal):
        """Value and objective of a solution, in integers."""
        inst = self.instance
        settings = inst.data["settings"]
        arrived = {}
        origin_bytes = cost = 0
        for s, d, item, chunk, _ in moved:
            size = inst.size(item, chunk)
            arrived[(d, item)] = arrived.get((d, item), 0) + size
            origin_bytes += size if s < 0 else 0
            cost += size * self.price(s, d)
        value = wished = 0
        for d, device in enumerate(inst.devices):
            for wish in device["eligible"]:
                got = arrived.get((d, wish["item"]), 0)
                value += wish["worth"] * got // wish["missing"]
                wished += wish["worth"]
        exact = value - Fraction(settings["alpha"] * origin_bytes, GB)
        exact -= Fraction(settings["beta"] * cost, 10**15)
        return {
            "proven": optimal,
            "objective": exact.numerator // exact.denominator,
            "value": value,
            "wished": wished,
            "transfers": sorted([t, d, i, c, s] for s, d, i, c, t in moved),
            "removals": sorted([t, d, i, c] for d, i, c, t in removed),
        }


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # the solver's library greets on standard output
    for line in sys.stdin:
        if line.strip():
            print(json.dumps(Model(Instance(json.loads(line))).result()), file=answers, flush=True)


if __name__ == "__main__":
    main()
