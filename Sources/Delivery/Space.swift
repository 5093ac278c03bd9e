import Quantities

/// Which items get the room on the disk, when there is not enough for all.
///
/// With `free` bytes free and `coming` bytes that removals will give back, items that are not
/// complete are taken in this order: those that the manifest completes, other wishes, the rest; the
/// one that lacks least first; by key. Each is chosen if what it lacks fits beside what was chosen
/// before, where the partial files of items that are not chosen count as free. So an item that fits
/// is never kept out by a greater one of its kind. Partial files are given back, the greatest
/// first, only as far as the chosen need them: otherwise they stay for a later night.
///
/// Cost: O(n log n) in the items that are not complete; run when room or wishes change.
struct Space: Hashable, Sendable {
    struct Candidate: Hashable, Sendable {
        let stock: Int
        let key: String
        let completes: Bool
        let isWish: Bool
        let missingBytes: Int64
        /// What giving it up would free; 0 for what may not be removed.
        let partialBytes: Int64

        fileprivate var rank: Int { completes ? 0 : isWish ? 1 : 2 }
    }

    struct Choice: Hashable, Sendable {
        /// Stocks, best first.
        var chosen: [Int] = []
        /// Stocks whose partial files are to be deleted.
        var dropped: [Int] = []
    }

    /// Bytes that may still be written, as far as is known.
    var freeBytes: Int64 = 0
    /// The disk was full although it should not have been: so many times; until then only what was
    /// deleted since counts as free, on the steady clock.
    var surprises: Int64 = 0
    var fullUntilMs: Int64?
    /// Deleted, and not confirmed yet.
    var leavingBytes: Int64 = 0

    mutating func wasFull(_ steadyMs: Int64, _ policy: Policy) {
        freeBytes = min(freeBytes, 0)
        fullUntilMs = steadyMs + policy.fullMs << min(surprises, 6)
        surprises += 1
    }

    /// The disk says what is free after something was deleted.
    mutating func said(_ bytes: Int64, _ steadyMs: Int64) {
        if let fullUntilMs, steadyMs < fullUntilMs {
            freeBytes = min(bytes, freeBytes + leavingBytes)
        } else {
            freeBytes = bytes
        }
        leavingBytes = 0
    }

    static func choose(_ candidates: [Candidate], freeBytes: Int64, comingBytes: Int64) -> Choice {
        let ordered = candidates.sorted {
            ($0.rank, $0.missingBytes, $0.key) < ($1.rank, $1.missingBytes, $1.key)
        }
        var room = freeBytes + comingBytes + ordered.reduce(0) { $0 + $1.partialBytes }
        var choice = Choice()
        var rest: [Candidate] = []
        var need: Int64 = 0
        for candidate in ordered {
            let whole = candidate.missingBytes + candidate.partialBytes
            guard whole <= room else {
                rest.append(candidate)
                continue
            }
            room -= whole
            need += candidate.missingBytes
            choice.chosen.append(candidate.stock)
        }
        var lacking = need - freeBytes - comingBytes
        for loser in rest.sorted(by: { ($0.partialBytes, $1.key) > ($1.partialBytes, $0.key) })
        where lacking > 0 && loser.partialBytes > 0 {
            lacking -= loser.partialBytes
            choice.dropped.append(loser.stock)
        }
        return choice
    }
}
