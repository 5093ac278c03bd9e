import Fleet
import GRDB
import Quantities

/// Reads links whose ends are known.
struct LinkReader {
    private var unknown = Tally()

    mutating func read(_ database: Database, sites: IdentifierIndex, devices: IdentifierIndex)
        throws -> [Link]
    {
        func end(_ id: String) -> Link.End? {
            devices.position(of: id).map { .device($0) } ?? sites.position(of: id).map { .site($0) }
        }
        var links: [Link] = []
        try FleetRows.forEachLink(database) { record in
            guard let from = end(record.from), let to = end(record.to) else {
                unknown.add("from '\(record.from)' to '\(record.to)'")
                return
            }
            links.append(
                Link(
                    from: from, to: to, kbps: record.kbps, isCapacity: record.isCapacity,
                    paced: record.paced))
        }
        return links
    }

    var notes: [Diagnostic] {
        unknown.notes("W_UNKNOWN_END", "links") { count, example in
            "\(count) links have an end that is neither a device nor a site, such as \(example)"
        }
    }
}
