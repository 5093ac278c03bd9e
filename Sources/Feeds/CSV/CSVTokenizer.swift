// Cuts CSV bytes (RFC 4180) into rows and fields: the hot loop of all imports.
//
// Problem: rows of a file that may hold anything, in linear time and with a
// bounded memory, such that one stray quote costs one row and not the file.
//
// Idea: scan a row from its first byte; note where each field lies, copy
// nothing. A quoted field that isn't closed within the limit, or is followed by
// something other than a delimiter or a line end, is a fault of the row; the
// caller then drops its first line only and scans anew from the next one.
//
// Cost: linear. A line is scanned a second time only if a row that began above
// it failed, and then the quotes on the line above opened a field there. Lines
// with an odd number of quotes end every row that reaches them, so no line is
// reached by more than one failed row, or the row hits its limit first.

/// What a scan found.
enum CSVScan {
    /// A row: its length without the line end, with it, and what it holds.
    case row(length: Int, lengthWithEnd: Int, traits: RowTraits)
    /// More input may end the row.
    case incomplete
    /// Not a row; what is wrong, and with which field (from 1).
    case fault(message: String, field: Int)
}

/// What is peculiar about a row.
struct RowTraits {
    /// Line breaks inside of quoted fields.
    var innerLines = 0
    /// Something that isn't ASCII.
    var hasHighBytes = false
    var hasNUL = false
    /// Doubled quotes, still doubled.
    var hasEscapes = false
    /// A line break ended it, not the end of the input.
    var isTerminated = false
}

/// Finds the end of a row and the places of its fields.
struct CSVTokenizer {
    let delimiter: UInt8
    /// The longest quoted field in bytes.
    let fieldBytes: Int
    /// The fields of the last row, as positions from the row's first byte, quotes left out.
    private(set) var fields: [TableFields.Field] = []

    init(delimiter: UInt8, fieldBytes: Int) {
        self.delimiter = delimiter
        self.fieldBytes = fieldBytes
    }

    /// Scans the row that begins at `start`; `isWhole` says that nothing follows `bytes`. O(row).
    mutating func scan(_ bytes: [UInt8], from start: Int, isWhole: Bool) -> CSVScan {
        fields.removeAll(keepingCapacity: true)
        var traits = RowTraits()
        var i = start
        while true {
            let opening = i
            if i < bytes.count, bytes[i] == quote {
                if let failure = quoted(bytes, &i, start, isWhole, &traits) { return failure }
            } else if let failure = unquoted(bytes, &i, start, isWhole, &traits) {
                return failure
            }
            if i < bytes.count, bytes[i] == delimiter {
                i += 1
            } else {
                return ended(bytes, at: i, start, opening, &traits)
            }
        }
    }

    /// Scans up to the delimiter or line feed that ends the field; leaves `i` there.
    private mutating func unquoted(
        _ bytes: [UInt8], _ i: inout Int, _ start: Int, _ isWhole: Bool, _ traits: inout RowTraits
    ) -> CSVScan? {
        let opening = i
        var bits: UInt8 = 0
        while i < bytes.count {
            let byte = bytes[i]
            if byte == delimiter || byte == lineFeed { break }
            if byte == quote { return fault("a quote inside a field that isn't quoted") }
            if byte == 0 { traits.hasNUL = true }
            bits |= byte
            i += 1
        }
        if i == bytes.count, !isWhole { return .incomplete }
        if bits >= 0x80 { traits.hasHighBytes = true }
        fields.append(TableFields.Field(start: opening - start, end: i - start))
        return nil
    }

    /// Scans a quoted field and a carriage return after it; leaves `i` at the delimiter or line
    /// feed.
    private mutating func quoted(
        _ bytes: [UInt8], _ i: inout Int, _ start: Int, _ isWhole: Bool, _ traits: inout RowTraits
    ) -> CSVScan? {
        let opening = i
        var bits: UInt8 = 0
        i += 1
        while true {
            guard i - opening <= fieldBytes else { return fault(unclosed) }
            guard i < bytes.count else { return isWhole ? fault(unclosed) : .incomplete }
            let byte = bytes[i]
            if byte == quote {
                guard i + 1 < bytes.count || isWhole else { return .incomplete }
                guard i + 1 < bytes.count, bytes[i + 1] == quote else { break }
                traits.hasEscapes = true
                i += 1
            } else if byte == lineFeed {
                traits.innerLines += 1
            } else if byte == 0 {
                traits.hasNUL = true
            }
            bits |= byte
            i += 1
        }
        if bits >= 0x80 { traits.hasHighBytes = true }
        fields.append(TableFields.Field(start: opening + 1 - start, end: i - start))
        i += 1
        return closed(bytes, &i, isWhole)
    }

    /// What may follow a closing quote: a delimiter, a line end, the end.
    private func closed(_ bytes: [UInt8], _ i: inout Int, _ isWhole: Bool) -> CSVScan? {
        if i < bytes.count, bytes[i] == carriageReturn {
            if i + 1 == bytes.count, !isWhole { return .incomplete }
            if i + 1 == bytes.count || bytes[i + 1] == lineFeed { i += 1 }
        }
        if i == bytes.count { return isWhole ? nil : .incomplete }
        guard bytes[i] == delimiter || bytes[i] == lineFeed else {
            return .fault(
                message: "something between a closing quote and the end of the field",
                field: fields.count)
        }
        return nil
    }

    /// The row that ends at `i`, a line feed or the end; `opening` is where its last field began.
    private mutating func ended(
        _ bytes: [UInt8], at i: Int, _ start: Int, _ opening: Int, _ traits: inout RowTraits
    ) -> CSVScan {
        var length = i - start
        if i > opening, bytes[i - 1] == carriageReturn {
            length -= 1
            fields[fields.count - 1].end = min(fields[fields.count - 1].end, length)
        }
        traits.isTerminated = i < bytes.count
        return .row(
            length: length, lengthWithEnd: min(i + 1, bytes.count) - start, traits: traits)
    }

    private func fault(_ message: String) -> CSVScan {
        .fault(message: message, field: fields.count + 1)
    }
}

private let unclosed = "a quoted field that isn't closed"
let quote = UInt8(ascii: "\"")
let lineFeed = UInt8(ascii: "\n")
let carriageReturn = UInt8(ascii: "\r")
