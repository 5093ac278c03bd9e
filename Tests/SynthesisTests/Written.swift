import Quantities

@testable import Synthesis

/// The files of a synthetic fleet, read back: the tests' own small readers.
struct Written {
    let night: CivilDate
    private(set) var bytes: [String: [UInt8]] = [:]
    private(set) var paths: [String] = []

    init(
        _ devices: Int, _ titles: Int, seed: UInt64 = 1, shuffled: UInt64? = nil,
        night: CivilDate = CivilDate(year: 2026, month: 11, day: 23)!
    ) throws {
        self.night = night
        let fleet = SyntheticFleet(
            devices: devices, titles: titles, seed: seed, night: night, shuffled: shuffled)
        for file in fleet.files {
            paths.append(file.path)
            var whole: [UInt8] = []
            try file.write { whole += $0 }
            bytes[file.path] = whole
        }
    }

    func text(_ path: String) -> String { String(decoding: bytes[path] ?? [], as: UTF8.self) }

    /// A table's rows by column; refuses anything that RFC 4180 doesn't allow.
    func rows(_ table: String) throws -> [[String: String]] {
        var lines = try CSV.records(bytes[table + ".csv"] ?? [])
        guard !lines.isEmpty else { throw CSV.Fault.noHeader }
        let header = lines.removeFirst()
        guard Set(header).count == header.count else { throw CSV.Fault.doubleColumn }
        return try lines.map { fields in
            guard fields.count == header.count else { throw CSV.Fault.ragged(fields) }
            return Dictionary(uniqueKeysWithValues: zip(header, fields))
        }
    }
}

enum CSV {
    enum Fault: Error {
        case noHeader
        case doubleColumn
        case ragged([String])
        case strayQuote
        case openQuote
        case noLineEnd
    }

    static func records(_ bytes: [UInt8]) throws -> [[String]] {
        var records: [[String]] = []
        var record: [String] = []
        var field: [UInt8] = []
        var quoted = false
        var position = 0
        func here(_ offset: Int = 0) -> UInt8? {
            position + offset < bytes.count ? bytes[position + offset] : nil
        }
        while let byte = here() {
            position += 1
            switch byte {
            case UInt8(ascii: "\"") where quoted:
                if here() == UInt8(ascii: "\"") {
                    field.append(byte)
                    position += 1
                } else {
                    quoted = false
                    guard here() == UInt8(ascii: ",") || here() == 10 else {
                        throw Fault.strayQuote
                    }
                }
            case _ where quoted: field.append(byte)
            case UInt8(ascii: "\""):
                guard field.isEmpty else { throw Fault.strayQuote }
                quoted = true
            case UInt8(ascii: ","), 10:
                record.append(String(decoding: field, as: UTF8.self))
                field = []
                if byte == 10 {
                    records.append(record)
                    record = []
                }
            default: field.append(byte)
            }
        }
        guard !quoted else { throw Fault.openQuote }
        guard field.isEmpty, record.isEmpty else { throw Fault.noLineEnd }
        return records
    }
}
