import Quantities

/// Reads a table, CSV (RFC 4180) or JSON Lines, as it streams in; plain, gzip or zstd.
///
/// Rows arrive at `emit` in the order of the file and before its end is known to
/// be well: commit them only when the function has returned. Memory is bounded
/// by `options.limits` whatever the file holds; the time is linear in its size.
///
/// - Parameters:
///   - row: the record, which tells the table.
///   - name: the file's path, for messages only.
///   - device: the device that the name of a per-device drop gives: the column may then be absent,
///     and must not contradict. Nil: the file is not named after a device.
///   - options: snapshot or delta, delimiter, limits.
///   - read: gives the next piece of the file, empty at its end.
///   - emit: takes a record and the line that it began at.
///   - reject: takes a row that can't be used.
/// - Returns: counts and warnings.
/// - Throws: `FeedError` when the file must be refused as a whole; what the closures throw.
package func readTable<Row: TableRow>(
    _ row: Row.Type, from name: String, device: String? = nil,
    options: TableOptions = TableOptions(), read: ReadBytes,
    emit: (Row, _ line: Int) throws -> Void, reject: (RejectedRow) throws -> Void
) throws -> TableSummary {
    guard !options.delta || Row.hasDelta else {
        throw FeedError(
            code: "E_DELTA", file: name, message: "the table \(Row.table) has no delta form",
            hint: "import the whole table, without --delta")
    }
    return try withoutActuallyEscaping(read) { read in
        try withoutActuallyEscaping(emit) { emit in
            try withoutActuallyEscaping(reject) { reject in
                let run = TableRun<Row>(
                    name: name, limits: options.limits, read: read, emit: emit, reject: reject)
                return try readTable(run, device, options)
            }
        }
    }
}

/// Tells the format by the first byte that says something.
private func readTable<Row: TableRow>(
    _ run: TableRun<Row>, _ device: String?, _ options: TableOptions
) throws -> TableSummary {
    var buffer = InputBuffer(
        Input(name: run.name, limits: options.input), fillBytes: options.limits.fillBytes)
    try buffer.skipByteOrderMark(of: run.name, run.read)
    switch try buffer.firstVisibleByte(run.read) {
    case nil:
        throw emptyFile(run.name)
    case UInt8(ascii: "{"):
        return try JSONLinesReader(run, buffer, device: device, options: options).rows()
    case UInt8(ascii: "["):
        throw FeedError(
            code: "E_FORMAT", file: run.name, line: 1, message: "the file is a JSON array",
            hint: "write JSON Lines: one object a line, without brackets and commas around them")
    case UInt8(ascii: "<"):
        throw FeedError(
            code: "E_FORMAT", file: run.name, line: 1, message: "the file is XML, not a table",
            hint: "catalogue feeds are imported with 'mediaplan import catalogue'")
    default:
        return try CSVReader(run, buffer, device: device, options: options).rows()
    }
}
