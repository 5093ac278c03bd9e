import CLibXML2

/// What the callbacks of one parser found: its user data.
@safe final class XMLFindings {
    /// How many elements may be open.
    private static let maxDepth = 64
    /// Set right after the parser was made; outlives every callback.
    var context: xmlParserCtxtPtr?
    private(set) var fault: XMLFault?
    private var events: [XMLEvent] = []
    private var depth = 0

    /// The events so far; forgets them.
    func takeEvents() -> [XMLEvent] {
        defer { events.removeAll(keepingCapacity: true) }
        return events
    }

    /// The line that the parser has come to.
    var line: Int {
        // Safe: null or a live context, whose input is null or live.
        guard let input = unsafe context?.pointee.input else { return 0 }
        return unsafe Int(input.pointee.line)
    }

    func start(_ element: XMLElement) {
        depth += 1
        if depth > XMLFindings.maxDepth {
            return stop(
                "E_XML_DEPTH", element.line, element.column, "more than 64 elements are nested")
        }
        if fault == nil { events.append(.start(element)) }
    }

    func end() {
        depth -= 1
        if fault == nil { events.append(.end) }
    }

    /// Notes the first fault and makes the parser ignore the rest.
    func stop(_ code: String, _ line: Int, _ column: Int, _ message: String, hint: String? = nil) {
        guard fault == nil else { return }
        fault = XMLFault(code: code, line: line, column: column, message: message, hint: hint)
        // Safe: the context is alive, as it is calling back.
        if let context = unsafe context { unsafe xmlStopParser(context) }
    }

    /// Where the tag begins that the parser has just read.
    ///
    /// libxml2 tells where a tag ends. A tag holds no `<` but its first byte
    /// (XML 1.0, 2.4 and 3.1), so the last one before that place begins it.
    func tagStart() -> (line: Int, column: Int) {
        // Safe: during a callback the input is alive, and `base <= cur`, both in its buffer.
        guard let input = unsafe context?.pointee.input, let base = unsafe input.pointee.base,
            let current = unsafe input.pointee.cur
        else { return (0, 0) }
        var line = unsafe Int(input.pointee.line)
        var at = unsafe current
        while unsafe at > base {
            unsafe at -= 1
            if unsafe at.pointee == lineFeed { line -= 1 }
            if unsafe at.pointee == UInt8(ascii: "<") { break }
        }
        var column = 1
        while unsafe at > base {
            unsafe at -= 1
            if unsafe at.pointee == lineFeed { return (line, column) }
            column += 1
        }
        return (line, line == 1 && column <= 80 ? column : 0)
    }
}

/// Why a document is refused.
struct XMLFault {
    var code: String
    var line: Int
    var column: Int
    var message: String
    var hint: String?

    func error(in file: String) -> FeedError {
        FeedError(
            code: code, file: file, line: line, column: column, message: message, hint: hint)
    }
}
