/// How finely a family's fleet is cut.
///
/// All is counted in units: a unit of bytes takes a unit of rate one unit of time. A coarse
/// fleet has one chunk and one slot to each, so that an exact program can solve it; a fine one
/// has hundreds of chunks and four slots.
enum Grain: Sendable {
    case coarse
    case fine

    /// Fleets of at most so many boxes are coarse.
    static let coarseDevices = 40
    /// A unit of rate: sends a unit of bytes and half a percent more in a unit of time.
    static let unitKbps: Int64 = 2_400

    var chunkBytes: Int64 { self == .coarse ? 256 << 20 : 4 << 20 }
    /// A unit of bytes.
    var unitBytes: Int64 { self == .coarse ? 256 << 20 : 1 << 30 }
    /// A unit of time.
    var unitMinutes: Int { self == .coarse ? 15 : 60 }
    /// Boxes at a site.
    var siteBoxes: Int { self == .coarse ? 3 : 100 }
    /// Titles that a box holds.
    var holdings: Int { self == .coarse ? 2 : 12 }
    /// Titles that a box wants.
    var wishes: Int { self == .coarse ? 3 : 10 }

    /// Hours from one unit of time to another after ten in the evening.
    func window(_ units: Range<Int>) -> String {
        clock(units.lowerBound) + "-" + clock(units.upperBound)
    }

    private func clock(_ units: Int) -> String {
        let minutes = (22 * 60 + units * unitMinutes) % (24 * 60)
        return String(minutes / 60, width: 2) + ":" + String(minutes % 60, width: 2)
    }
}
