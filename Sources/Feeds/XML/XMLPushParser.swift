import CLibXML2

/// Cuts a document into tags with libxml2's push parser, and refuses every document that could
/// surprise.
///
/// Only `XML_PARSE_NONET` is set: no entity is replaced, no DTD loaded, no
/// default attribute applied, nothing recovered, no limit lifted. What the
/// parser tolerates and a feed can't afford is refused here as well:
///
/// - every error *and* warning that libxml2 reports: an undeclared entity in a
///   document with an unread DTD is only an error, and its character is lost;
/// - declarations of entities and of attributes with defaults, so that nothing
///   ever expands and no internal subset adds a `Verb="DELETE"`;
/// - a tag, comment or instruction longer than ``pendingBytes``: libxml2 compares
///   every two attributes of a tag, which takes minutes for a tag of megabytes.
///
/// The events of a piece are collected and handed out after it, so that Swift
/// errors never cross C frames. Memory: one piece and its events.
@safe final class XMLPushParser {
    /// The longest tag, in bytes of UTF-8.
    static let pendingBytes = 128 << 10
    private static let sliceBytes = 16 << 10
    /// libxml2's own tables, which must be set up before two threads parse at once.
    private static let setUp: Void = xmlInitParser()

    private let name: String
    private let findings = XMLFindings()
    private let context: xmlParserCtxtPtr

    /// - Parameters:
    ///   - name: the file, for messages.
    ///   - head: the first bytes of the document, at least four unless it is shorter; not parsed
    ///     yet.
    /// - Throws: `FeedError` when libxml2 has no memory.
    init(name: String, head: [UInt8]) throws {
        _ = XMLPushParser.setUp
        self.name = name
        // Safe: libxml2 copies the handler table and the four bytes before it returns. The user
        // data is `findings`, which this object keeps alive, and the callbacks are only called from
        // calls of this object.
        var handler = unsafe xmlFindingsHandler()
        let userData = unsafe Unmanaged.passUnretained(findings).toOpaque()
        let context = unsafe head.withUnsafeBytes { bytes in
            unsafe xmlCreatePushParserCtxt(
                &handler, userData, bytes.bindMemory(to: CChar.self).baseAddress,
                Int32(min(4, bytes.count)), nil)
        }
        guard let context = unsafe context else {
            throw FeedError(code: "E_XML", file: name, message: "no memory for an XML parser")
        }
        unsafe self.context = context
        unsafe findings.context = context
        unsafe xmlCtxtUseOptions(context, Int32(XML_PARSE_NONET.rawValue))
    }

    deinit {
        // Safe: created in `init`, freed once. Without a tree builder there is no document to free.
        unsafe xmlFreeParserCtxt(context)
    }

    /// Parses `piece` and hands out the tags that became complete, those before a fault included.
    ///
    /// - Parameters:
    ///   - piece: what comes next; not empty.
    ///   - take: gets each tag in order.
    /// - Throws: `FeedError` with the place of the first fault; what `take` throws.
    func parse(_ piece: ArraySlice<UInt8>, _ take: (XMLEvent) throws -> Void) throws {
        var rest = piece
        while !rest.isEmpty {
            let slice = rest.prefix(XMLPushParser.sliceBytes)
            rest = rest.dropFirst(slice.count)
            try parse(slice, isLast: false, take)
            // Safe: a context between two calls has an input; `cur` and `end` point into its
            // buffer, in this order.
            let input = unsafe context.pointee.input
            guard let input = unsafe input,
                unsafe input.pointee.end - input.pointee.cur <= XMLPushParser.pendingBytes
            else { throw tooLong }
        }
    }

    /// Ends the document.
    ///
    /// - Parameter take: gets each tag in order.
    /// - Throws: `FeedError` when the document isn't whole; what `take` throws.
    func finish(_ take: (XMLEvent) throws -> Void) throws {
        try parse([], isLast: true, take)
    }

    private func parse(
        _ slice: ArraySlice<UInt8>, isLast: Bool, _ take: (XMLEvent) throws -> Void
    ) throws {
        // Safe: libxml2 copies the bytes into its own buffer before it returns.
        let code = unsafe slice.withUnsafeBytes { bytes in
            unsafe xmlParseChunk(
                context, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count),
                isLast ? 1 : 0)
        }
        for event in findings.takeEvents() { try take(event) }
        if var fault = findings.fault {
            if isLast, fault.code == "E_XML" {
                fault.code = "E_TRUNCATED"
                fault.hint = "the document seems to be cut off: fetch it again"
            }
            throw fault.error(in: name)
        }
        guard code == 0 else {
            throw FeedError(code: "E_XML", file: name, message: "libxml2 refused it (\(code))")
        }
    }

    private var tooLong: FeedError {
        FeedError(
            code: "E_XML_SIZE", file: name, line: findings.line,
            message: "a tag or comment is longer than \(XMLPushParser.pendingBytes) bytes")
    }
}
