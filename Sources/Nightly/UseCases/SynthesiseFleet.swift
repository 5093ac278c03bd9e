package import Quantities
import Synthesis

/// Writes the feeds and exports of a made-up fleet.
package enum SynthesiseFleet {
    /// How large, and when.
    package struct Request: Hashable, Sendable {
        /// Where the files go; it must hold none.
        package var folder: String
        /// Within ``SynthesiseFleet/deviceLimits``.
        package var devices: Int
        /// Within ``SynthesiseFleet/titleLimits``.
        package var titles: Int
        /// Equal seeds give equal files.
        package var seed: UInt64
        /// For which licences and wishes make sense.
        package var night: CivilDate
        /// Nil: rows in order; otherwise shuffled by this number.
        package var shuffled: UInt64?
        /// One of ``SynthesiseFleet/families``; nil: an ordinary fleet.
        package var family: String?

        package init(
            folder: String, devices: Int, titles: Int, seed: UInt64, night: CivilDate,
            shuffled: UInt64? = nil, family: String? = nil
        ) {
            self.folder = folder
            self.devices = devices
            self.titles = titles
            self.seed = seed
            self.night = night
            self.shuffled = shuffled
            self.family = family
        }
    }

    /// What was written.
    package struct Report: Hashable, Sendable {
        /// How many files.
        package var files = 0
        /// Their bytes together.
        package var bytes: Int64 = 0
    }

    /// How many devices there may be.
    package static let deviceLimits = SyntheticFleet.deviceLimits
    /// How many titles there may be.
    package static let titleLimits = SyntheticFleet.titleLimits
    /// Names of the kinds of fleets that mislead planners.
    package static let families = Family.allCases.map(\.rawValue)

    /// Writes the files as they are dropped into a workspace: `catalogue/`, `sites/`, `origins/`, …
    ///
    /// Each file gets its name when it is whole.
    ///
    /// - Parameters:
    ///   - request: within the limits.
    ///   - progress: told the file being written and the bytes so far.
    /// - Throws: when the folder holds files already, or something can't be written.
    /// - Returns: what was written.
    package static func run(_ request: Request, progress: (String, Int64) -> Void) throws -> Report
    {
        guard try FolderScan.files(in: request.folder).isEmpty else {
            throw NightlyError(
                .failed, "'\(request.folder)' holds files already; nothing was changed",
                hint: "name a new folder, so that two fleets don't mix")
        }
        let fleet = SyntheticFleet(
            devices: request.devices, titles: request.titles, seed: request.seed,
            night: request.night, shuffled: request.shuffled,
            family: request.family.flatMap { Family(rawValue: $0) })
        var report = Report()
        for file in fleet.files {
            let path = Files.path(request.folder, dropPath(file.path))
            try Files.makeFolder(Files.folder(of: path))
            try write(file, to: path) { bytes in
                report.bytes += bytes
                progress(file.path, report.bytes)
            }
            report.files += 1
        }
        return report
    }

    /// `catalogue.xml` and `adi/…` go below `catalogue/`, `sites.csv` becomes `sites/sites.csv`.
    private static func dropPath(_ path: String) -> String {
        if path.hasPrefix("adi/") { return "catalogue/\(path)" }
        return "\(path.prefix { $0 != "." })/\(path)"
    }

    private static func write(_ file: SyntheticFile, to path: String, written: (Int64) -> Void)
        throws
    {
        let temporary = path + ".tmp"
        let target = try OpenFile(creating: temporary, mode: 0o644)
        try file.write { bytes in
            try target.write(all: bytes)
            written(Int64(bytes.count))
        }
        try target.sync()
        try Files.rename(temporary, to: path)
    }
}
