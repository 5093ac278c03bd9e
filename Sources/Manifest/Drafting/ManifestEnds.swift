/// The ends of one manifest as its text lists them: each once, with its token and who connects.
///
/// A device may stand in several places: what it sends, what it gets, and what it is a fall-back
/// for have tokens of their own. The order is that of the first mention, in the order in which
/// ``ManifestContent`` has fetches, serves, standbys and items' fall-backs.
struct ManifestEnds {
    /// One end.
    struct Entry: Hashable {
        /// With its token; empty for an origin.
        var end: ManifestContent.End
        /// Whether the device opens the connection to it.
        var connects: Bool
    }

    private(set) var entries: [Entry] = []
    private var numbers: [Entry: Int64] = [:]
    private var last: (entry: Entry, number: Int64)?

    init(_ content: ManifestContent) {
        for fetch in content.fetch { _ = number(of: fetch) }
        for serve in content.serve { _ = number(of: serve) }
        for standby in content.standby { _ = number(of: standby) }
        for item in content.items {
            for fallback in item.fallbacks { _ = number(of: fallback) }
        }
    }

    mutating func number(of fetch: ManifestContent.Fetch) -> Int64 {
        number(of: Entry(end: fetch.source, connects: fetch.movement.role == .connect))
    }

    mutating func number(of serve: ManifestContent.Serve) -> Int64 {
        number(of: Entry(end: serve.destination, connects: serve.movement.role == .connect))
    }

    mutating func number(of standby: ManifestContent.Standby) -> Int64 {
        var end = standby.destination
        end.token = standby.token
        return number(of: Entry(end: end, connects: false))
    }

    mutating func number(of fallback: ManifestContent.End) -> Int64 {
        number(of: Entry(end: fallback, connects: true))
    }

    /// What is named is mostly what was named last.
    private mutating func number(of entry: Entry) -> Int64 {
        if let last, last.entry == entry { return last.number }
        let number = numbers[entry] ?? Int64(entries.count)
        if number == entries.count {
            entries.append(entry)
            numbers[entry] = number
        }
        last = (entry, number)
        return number
    }
}
