import Catalogue
import Content
import Manifest
import Quantities

// What lies on the disk, and which index an item has: nothing of an item is asked for before its
// index is trusted. Everyone who may have an index is asked, devices first; again and again, with
// growing pauses.

extension Delivery {
    mutating func began(_ shelf: [Event.Shelved], _ freeBytes: Int64) {
        guard stage == .waiting else { return }
        stage = .running
        stirred = true
        space.freeBytes = freeBytes
        copies = Copies(shelf)
        for shelved in shelf {
            guard let number = numbers[shelved.item] else { continue }
            stocks[number].bought = shelved.bought
            for chunk in shelved.chunks.ranges.joined() where chunk < stocks[number].layout.count {
                stocks[number].put(chunk)
            }
        }
        for shelved in shelf where shelved.index != nil && numbers[shelved.item] != nil {
            learned(shelved.item, shelved.index)
        }
        roomChanged = true
        for number in stocks.indices { finishIfWhole(number) }
    }

    mutating func learned(_ item: String, _ index: ChunkIndex?) {
        guard let number = numbers[item], stage == .running, stocks[number].index == nil else {
            return
        }
        stirred = true
        stocks[number].indexAsked = false
        guard let index, stocks[number].learn(index) else {
            let wait = policy.backOff(
                attempt: stocks[number].indexAttempts, key: Policy.key(item) ^ ends.key)
            stocks[number].nextIndexMs = now.steadyMs + wait
            return
        }
        let found = copies.find(stocks[number], number: number)
        for copy in found { stocks[number].taken.insert(copy.chunk) }
        copies.waiting += found
        roomChanged = true
    }

    mutating func askIndexes() {
        for number in stocks.indices {
            guard stocks[number].index == nil, stocks[number].isOpen, !stocks[number].indexAsked,
                let digest = stocks[number].facts.index
            else { continue }
            guard stocks[number].nextIndexMs <= now.steadyMs else {
                consider(steadyMs: stocks[number].nextIndexMs)
                continue
            }
            stocks[number].indexAsked = true
            stocks[number].indexAttempts += 1
            actions.append(
                .needIndex(
                    item: stocks[number].key, digest: digest, ends: indexHolders(number)))
        }
    }

    /// Who may have an item's index: sources and fall-backs, devices first, each once.
    private func indexHolders(_ number: Int) -> [ManifestContent.End] {
        var seen: Set<Int> = []
        var found: [ManifestContent.End] = []
        for piece in pieces.all where piece.stock == number && piece.connects {
            var end = piece.source
            end.token = piece.token
            if !ends[piece.end].banned, !end.address.isEmpty, seen.insert(piece.end).inserted {
                found.append(end)
            }
        }
        for fallback in stocks[number].fallbacks
        where fallback.isReachable && !ends[fallback.end].banned
            && seen.insert(fallback.end).inserted
        {
            found.append(fallback.address)
        }
        return found.filter { $0.kind == .device } + found.filter { $0.kind == .origin }
    }
}
