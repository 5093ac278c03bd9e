/// Finds where a head ends while its bytes come in, and refuses at once what can't become one.
///
/// A line ends with CR LF and nothing else; no other CR, LF or NUL is allowed anywhere. A head ends
/// with the first empty line. RFC 9112, 2.2, lets a reader be more lenient; two readers that are
/// lenient differently are how requests are smuggled.
struct HeadScanner {
    private let maxBytes: Int
    private var count = 0
    private var lineBytes = 0
    private var isAfterCR = false

    init(maxBytes: Int) { self.maxBytes = maxBytes }

    /// Whether nothing has come yet.
    var isEmpty: Bool { count == 0 }

    /// Takes the next bytes; returns how many of them belong to the head when they end it, nil when
    /// all do and more must come.
    mutating func take(_ bytes: UnsafeRawBufferPointer) throws(HeadFault) -> Int? {
        for (place, byte) in bytes.enumerated() {
            count += 1
            if count > maxBytes { throw HeadFault("a head of more than \(maxBytes) bytes") }
            if isAfterCR {
                guard byte == 10 else { throw HeadFault("a CR without LF in the head") }
                isAfterCR = false
                if lineBytes == 0 { return place + 1 }
                lineBytes = 0
                continue
            }
            switch byte {
            case 13: isAfterCR = true
            case 10: throw HeadFault("an LF without CR in the head")
            case 0: throw HeadFault("a zero byte in the head")
            default: lineBytes += 1
            }
        }
        return nil
    }
}
