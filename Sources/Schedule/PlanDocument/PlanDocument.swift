package import Quantities

/// One night's plan as a file of its own.
///
/// It holds all that is needed to read it after later imports have moved every position.
///
/// The file is binary and compact, about 10 bytes a transfer:
///
///     magic (8 bytes) · version · length of the body · body · checksum (8 bytes)
///
/// Integers are LEB128 varints (`ByteWriter`), signed ones zigzag; rows are
/// written as differences from the row before, names once. The checksum is
/// FNV-1a over all that comes before it: any one changed byte changes it, for
/// each of its steps can be undone. It guards against accidents, not malice;
/// bytes that pass it are still checked, so that every position in a decoded
/// document lies in its tables.
package struct PlanDocument: Hashable, Sendable {
    package var plan: Plan
    /// What the workspace had decided when it was made.
    package var settings: PlanSettings
    /// What the planner says it is worth.
    package var figures: Figures
    /// SHA-256 of what it was made from.
    package var snapshotDigest: Digest
    /// What the positions in the plan mean.
    package var names: PlanNames

    package init(
        plan: Plan, settings: PlanSettings, figures: Figures, snapshotDigest: Digest,
        names: PlanNames
    ) {
        self.plan = plan
        self.settings = settings
        self.figures = figures
        self.snapshotDigest = snapshotDigest
        self.names = names
    }
}

/// The identifiers of a fleet and a catalogue, each table in the order of its positions.
package struct PlanNames: Hashable, Sendable {
    /// As `Fleet.devices`.
    package var devices: [String]
    /// As `Fleet.sites`.
    package var sites: [String]
    /// As `Fleet.origins`.
    package var origins: [String]
    /// As `Catalogue.titles`.
    package var titles: [String]
    /// As `Catalogue.items`.
    package var items: [PlanItem]

    package init(
        devices: [String] = [], sites: [String] = [], origins: [String] = [],
        titles: [String] = [], items: [PlanItem] = []
    ) {
        self.devices = devices
        self.sites = sites
        self.origins = origins
        self.titles = titles
        self.items = items
    }
}

/// What a plan must remember of an item: its name, and how it is cut, so that transfers have bytes.
package struct PlanItem: Hashable, Sendable {
    /// Position of its title in ``PlanNames/titles``.
    package var title: Int32
    package var version: String
    /// The size of a full chunk in bytes, positive.
    package var chunkBytes: Int64
    /// Sizes of its files in order, positive.
    package var fileBytes: [Int64]

    package init(title: Int32, version: String, chunkBytes: Int64, fileBytes: [Int64]) {
        self.title = title
        self.version = version
        self.chunkBytes = chunkBytes
        self.fileBytes = fileBytes
    }
}

/// Why bytes are not a plan document.
package struct PlanDocumentError: Error, Hashable, Sendable {
    /// What kind of failure it is, stable for programs.
    package enum Code: String, Hashable, Sendable {
        /// They begin as something else.
        case notAPlan = "E_PLAN_FORMAT"
        /// A later program wrote them.
        case newerVersion = "E_PLAN_NEWER"
        /// They end too early.
        case truncated = "E_PLAN_TRUNCATED"
        /// They were changed, or say what no plan can.
        case corrupt = "E_PLAN_CORRUPT"
    }

    package var code: Code
    /// One sentence, lower case, no full stop.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension PlanDocumentError: CustomStringConvertible {
    /// `message [CODE]`.
    package var description: String { "\(message) [\(code.rawValue)]" }
}

/// What writer and reader agree on.
enum PlanFormat {
    /// Not a text, so that no tool mends its line ends.
    static let magic: [UInt8] = [0x89, 0x6D, 0x70, 0x6C, 0x61, 0x6E, 0x0D, 0x0A]
    static let version: UInt64 = 1
    static let checksumBytes = 8

    /// FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv).
    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }
}
