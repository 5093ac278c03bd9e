import Catalogue
import Fleet
import Quantities
import Schedule
import TestSupport

// Each rule broken in at least three ways. All but what is named stays right, so
// nothing but that rule may be found.

extension Mutation {
    static let all =
        rates + cause + storage + eligibility + reachability + weakBoxes + nothingTwice

    static let rates: [Mutation] = [
        Mutation(.rates, "a device sends too much", ["device ann", "slot 1", "2700000", "1800000"])
        {
            $0.one.settings.maxIncoming = 3
            $0.change(to: Village.cid, Village.alpha, slot: 5) { $0.slot = 1 }
        },
        Mutation(.rates, "a device receives too much", ["device bob", "receives", "slot 0"]) {
            $0.one.fleet.devices[Int(Village.bob)].downKbps = 31
        },
        Mutation(.rates, "an origin sends too much", ["origin hub", "slot 2"]) {
            $0.one.fleet.origins[0].egressKbps = 47
            $0.change(to: Village.hal, Village.alpha, slot: 4) {
                $0.slot = 2
                $0.chunks = 0..<4
            }
        },
        Mutation(.rates, "an origin's night is too small", ["origin hub", "night", "7200000"]) {
            $0.one.fleet.origins[0].nightlyBytes = 8 * Village.chunk - 1
        },
        Mutation(.rates, "an edge carries too much downwards", ["south", "downwards", "slot 4"]) {
            $0.one.fleet.sites[2].downKbps = 23
        },
        Mutation(.rates, "an edge carries too much upwards", ["north", "upwards", "slot 1"]) {
            $0.one.fleet.sites[1].upKbps = 7
        },
        Mutation(.rates, "a link between a site and a device", ["link", "north", "cid", "slot 1"]) {
            let cap = Link(from: .site(1), to: .device(Village.cid), kbps: 8, isCapacity: true)
            $0.one.fleet.links = [cap, cap]
            $0.one.fleet.links[1].kbps = 7
            $0.one.fleet.links.append(
                Link(from: .site(1), to: .device(Village.cid), kbps: 1, isCapacity: false))
        },
        Mutation(.rates, "a link between two sites", ["link", "root", "south"]) {
            $0.one.fleet.links = [Link(from: .site(0), to: .site(2), kbps: 15, isCapacity: true)]
        },
        Mutation(.rates, "outside the destination's window", ["dot", "0-2", "slot 3"]) {
            $0.transfers.append(Village.fetch(to: Village.dot, Village.gamma, 1..<2, slot: 3))
            $0.removals.append(
                Removal(device: Village.dot, item: Village.old, chunks: 1..<2, slot: 3))
        },
        Mutation(.rates, "outside the source's window", ["dot", "0-2", "slot 3"]) {
            $0.change(to: Village.hal, Village.gamma, slot: 2) { $0.slot = 3 }
        },
    ]

    static let cause: [Mutation] = [
        Mutation(.cause, "sent in the slot in which it comes", ["bob", "chunks 2-3", "slot 1"]) {
            let one = $0.index(to: Village.cid, Village.alpha, slot: 1)
            $0.transfers[one].chunks = 2..<4
            $0.transfers.remove(at: $0.index(to: Village.cid, Village.alpha, slot: 2))
            $0.transfers.remove(at: $0.index(to: Village.cid, Village.alpha, slot: 5))
        },
        Mutation(.cause, "sent before it comes", ["bob", "chunk 1", "slot 0"]) {
            $0.change(to: Village.cid, Village.alpha, slot: 1) { $0.slot = 0 }
        },
        Mutation(.cause, "sent and never had", ["cid", "chunk 1", "slot 3"]) {
            $0.change(to: Village.cid, Village.gamma, slot: 1) { $0.chunks = 0..<1 }
            $0.transfers.remove(at: $0.index(to: Village.cid, Village.alpha, slot: 5))
            $0.transfers.append(
                Village.move(from: Village.ann, to: Village.cid, Village.alpha, 3..<4, slot: 4))
        },
        Mutation(.cause, "only a part of it had", ["chunk 1", "slot 2", "dot"]) {
            $0.change(to: Village.hal, Village.gamma, slot: 2) { $0.chunks = 0..<2 }
            $0.transfers.remove(at: $0.index(to: Village.hal, Village.gamma, slot: 3))
        },
    ]

    static let storage: [Mutation] = [
        Mutation(.storage, "the wish area overflows", ["cid", "wish area", "slot 5"]) {
            $0.one.fleet.devices[Int(Village.cid)].wishBytes = 6 * Village.chunk - 1
        },
        Mutation(.storage, "the cache area overflows", ["dot", "cache area", "slot 1"]) {
            $0.removals.removeFirst()
        },
        Mutation(.storage, "room is made too late", ["dot", "cache area", "slot 1"]) {
            $0.removals[0].slot = 2
        },
        Mutation(.storage, "a bought item is removed", ["bob", "own", "bought"]) {
            $0.removals.append(
                Removal(device: Village.bob, item: Village.own, chunks: 0..<1, slot: 3))
        },
        Mutation(.storage, "a listed item is removed", ["ann", "alpha", "licence"]) {
            $0.removals.append(
                Removal(device: Village.ann, item: Village.alpha, chunks: 0..<1, slot: 5))
        },
        Mutation(.storage, "a listed item is removed before its licence ends", ["eve", "slot 4"]) {
            $0.one.fleet.devices[Int(Village.eve)].picks = [Village.gamma]
            $0.removals.append(
                Removal(device: Village.eve, item: Village.gamma, chunks: 0..<1, slot: 4))
        },
        Mutation(.storage, "what came for a wish is removed", ["hal", "gamma", "list"]) {
            $0.removals.append(
                Removal(device: Village.hal, item: Village.gamma, chunks: 0..<1, slot: 3))
        },
        Mutation(.storage, "what isn't there is removed", ["cid", "old", "chunk 0"]) {
            $0.removals.append(
                Removal(device: Village.cid, item: Village.old, chunks: 0..<1, slot: 3))
        },
        Mutation(.storage, "removed twice", ["dot", "old", "chunk 0", "slot 2"]) {
            $0.removals.append(
                Removal(device: Village.dot, item: Village.old, chunks: 0..<1, slot: 2))
        },
        Mutation(.storage, "removed when it is to be sent", ["dot", "gamma", "chunk 0", "slot 2"]) {
            $0.removals[1].slot = 2
        },
    ]

    static let eligibility: [Mutation] = [
        Mutation(.eligibility, "before the licence", ["gamma", "slot 0", "1 to 4"]) {
            $0.change(to: Village.cid, Village.gamma, slot: 1) { $0.slot = 0 }
        },
        Mutation(.eligibility, "after the licence", ["gamma", "slot 5", "1 to 4"]) {
            $0.change(to: Village.hal, Village.gamma, slot: 3) { $0.slot = 5 }
        },
        Mutation(.eligibility, "in a territory where it may not be", ["gus", "delta"]) {
            $0.transfers.append(Village.fetch(to: Village.gus, Village.delta, 0..<1, slot: 1))
        },
        Mutation(.eligibility, "to a suspended account", ["eve", "alpha"]) {
            $0.transfers.append(Village.fetch(to: Village.eve, Village.alpha, 0..<1, slot: 5))
        },
        Mutation(.eligibility, "to an account of another country", ["hal", "gamma", "slot 2"]) {
            $0.one.fleet.devices[Int(Village.hal)].account = 3
        },
        Mutation(.eligibility, "barred from peer-to-peer", ["beta", "bob", "origin"]) {
            $0.transfers.append(
                Village.move(
                    from: Village.bob, to: Village.dot, Village.beta, 0..<1, slot: 2, .source))
        },
    ]

    static let reachability: [Mutation] = [
        Mutation(.reachability, "the source does not accept", ["bob", "cid", "slot 1"]) {
            $0.change(to: Village.cid, Village.alpha, slot: 1) { $0.initiator = .destination }
        },
        Mutation(.reachability, "the destination does not accept", ["hal", "slot 3"]) {
            $0.change(to: Village.hal, Village.gamma, slot: 3) { $0.initiator = .source }
        },
        Mutation(.reachability, "an origin opens", ["hub", "ann", "slot 2"]) {
            $0.change(to: Village.ann, Village.delta, slot: 2) { $0.initiator = .source }
        },
        Mutation(.reachability, "neither end accepts", ["cid", "hal", "slot 3"]) {
            $0.one.fleet.devices[Int(Village.cid)].accepts = false
            $0.change(to: Village.cid, Village.alpha, slot: 1) { $0.source = .device(Village.ann) }
            $0.change(to: Village.cid, Village.alpha, slot: 1) { $0.initiator = .destination }
            $0.change(to: Village.bob, Village.alpha, slot: 1) { $0.slot = 3 }
            $0.change(to: Village.cid, Village.alpha, slot: 2) { $0.source = .device(Village.ann) }
            $0.change(to: Village.cid, Village.alpha, slot: 2) { $0.initiator = .destination }
        },
    ]

    static let weakBoxes: [Mutation] = [
        Mutation(.weakBoxes, "too many senders, an origin among them", ["bob", "2 ends", "slot 0"])
        {
            $0.one.settings.maxIncoming = 1
            $0.change(to: Village.cid, Village.alpha, slot: 1) { $0.slot = 3 }
        },
        Mutation(.weakBoxes, "too many devices", ["cid", "2 ends", "slot 1"]) {
            $0.one.settings.maxIncoming = 1
            $0.change(to: Village.bob, Village.beta, slot: 0) { $0.slot = 3 }
        },
        Mutation(.weakBoxes, "too many receivers", ["ann", "sends to 2 ends", "slot 1"]) {
            $0.one.settings.maxOutgoing = 1
            $0.change(to: Village.bob, Village.alpha, slot: 1) { $0.chunks = 2..<3 }
            $0.transfers.append(
                Village.move(from: Village.ann, to: Village.cid, Village.alpha, 3..<4, slot: 1))
            $0.transfers.remove(at: $0.index(to: Village.cid, Village.alpha, slot: 5))
        },
        Mutation(.weakBoxes, "three senders where two may", ["cid", "3 ends", "slot 1"]) {
            $0.transfers.append(Village.fetch(to: Village.cid, Village.alpha, 3..<4, slot: 1))
            $0.transfers.remove(at: $0.index(to: Village.cid, Village.alpha, slot: 5))
        },
    ]

    static let nothingTwice: [Mutation] = [
        Mutation(.nothingTwice, "to a device that holds it", ["cid", "chunk 0", "dusk"]) {
            $0.change(to: Village.cid, Village.alpha, slot: 1) { $0.chunks = 0..<2 }
            $0.one.fleet.devices[Int(Village.ann)].upKbps = 24
        },
        Mutation(.nothingTwice, "twice from one source", ["bob", "chunk 1", "slot 3"]) {
            $0.transfers.append(
                Village.move(from: Village.ann, to: Village.bob, Village.alpha, 1..<2, slot: 3))
        },
        Mutation(.nothingTwice, "from two sources in one slot", ["hal", "chunk 1", "slot 3"]) {
            $0.transfers.append(Village.fetch(to: Village.hal, Village.gamma, 1..<2, slot: 3))
        },
        Mutation(.nothingTwice, "ranges that overlap", ["cid", "chunk 2", "slot 5"]) {
            $0.change(to: Village.cid, Village.alpha, slot: 5) { $0.chunks = 2..<4 }
        },
        Mutation(.nothingTwice, "again after it was removed", ["dot", "old", "chunk 0"]) {
            $0.transfers.append(Village.fetch(to: Village.dot, Village.old, 0..<1, slot: 2))
        },
    ]
}
