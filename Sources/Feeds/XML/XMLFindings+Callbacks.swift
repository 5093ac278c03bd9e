import CLibXML2

// The C side of the parser. Every callback gets the parser's `XMLFindings` as
// its first argument and copies what it is shown before it returns.

/// The table of callbacks.
func xmlFindingsHandler() -> xmlSAXHandler {
    var handler = unsafe xmlSAXHandler()
    unsafe handler.initialized = UInt32(XML_SAX2_MAGIC)
    unsafe handler.serror = reported
    unsafe handler.startElementNs = started
    unsafe handler.endElementNs = { userData, _, _, _ in unsafe findings(userData)?.end() }
    unsafe handler.entityDecl = { userData, name, _, _, _, _ in
        unsafe declared(userData, "entity", name)
    }
    unsafe handler.unparsedEntityDecl = { userData, name, _, _, _ in
        unsafe declared(userData, "entity", name)
    }
    unsafe handler.attributeDecl = { userData, _, name, _, _, defaultValue, tree in
        // The callback owns the list of an enumerated type.
        unsafe xmlFreeEnumeration(tree)
        if unsafe defaultValue != nil { unsafe declared(userData, "default for attribute", name) }
    }
    return unsafe handler
}

/// The findings behind a callback's first argument.
private func findings(_ userData: UnsafeMutableRawPointer?) -> XMLFindings? {
    // Safe: the pointer was made from the parser's own findings, which live as long as the parser.
    unsafe userData.map { unsafe Unmanaged<XMLFindings>.fromOpaque($0).takeUnretainedValue() }
}

/// A declaration inside the document that could change what it says.
private func declared(
    _ userData: UnsafeMutableRawPointer?, _ what: String, _ name: UnsafePointer<xmlChar>?
) {
    guard let findings = unsafe findings(userData) else { return }
    findings.stop(
        "E_XML_DECLARATION", findings.line, 0,
        "the document declares the \(what) '\(unsafe text(name))'",
        hint: "feeds are taken without declarations of their own: send it without them")
}

/// An error or a warning of libxml2.
private let reported: xmlStructuredErrorFunc = { userData, error in
    guard let findings = unsafe findings(userData), let error = unsafe error else { return }
    let message = unsafe error.pointee.message.map { unsafe String(cString: $0) } ?? "unknown error"
    let isEntity = unsafe [
        Int32(XML_ERR_UNDECLARED_ENTITY.rawValue), Int32(XML_WAR_UNDECLARED_ENTITY.rawValue),
    ].contains(error.pointee.code)
    unsafe findings.stop(
        isEntity ? "E_XML_ENTITY" : "E_XML", Int(error.pointee.line), Int(error.pointee.int2),
        "not well-formed XML: " + oneLine(message),
        hint: isEntity ? "write the character itself, or as a number such as &#233;" : nil)
}

/// A start tag, its attributes as 5-tuples: name, prefix, namespace, begin and end of the value.
private let started: startElementNsSAX2Func = {
    userData, name, _, namespace, _, _, count, defaulted, attributes in
    guard let findings = unsafe findings(userData) else { return }
    let (line, column) = findings.tagStart()
    if defaulted > 0 {
        findings.stop("E_XML_DECLARATION", line, column, "a declaration adds attributes to a tag")
    }
    var element = unsafe XMLElement(
        name: text(name), namespace: text(namespace), attributes: [], line: line, column: column)
    for i in 0..<Int(count) {
        // Safe: `attributes` holds five pointers for each of `count` attributes.
        guard let attributes = unsafe attributes else { break }
        element.attributes.append(
            unsafe XMLAttribute(
                name: text(attributes[5 * i]), namespace: text(attributes[5 * i + 2]),
                value: value(attributes[5 * i + 3], attributes[5 * i + 4])))
    }
    findings.start(element)
}

/// A C string of libxml2's, which is UTF-8; empty when it is null.
private func text(_ pointer: UnsafePointer<xmlChar>?) -> String {
    // Safe: names and namespaces end with a NUL and live during the callback.
    unsafe pointer.map { unsafe String(cString: $0) } ?? ""
}

/// The value between two pointers.
///
/// Where entities aren't replaced, libxml2 leaves every `&` of a value as
/// `&#38;` for a tree builder that would read it again (parser.c,
/// `xmlParseAttValueComplex`); no other `&` can stand there.
private func value(_ begin: UnsafePointer<xmlChar>?, _ end: UnsafePointer<xmlChar>?) -> String {
    guard let begin = unsafe begin, let end = unsafe end else { return "" }
    // Safe: libxml2 gives `begin <= end` in one buffer that lives during the callback.
    let bytes = unsafe UnsafeBufferPointer(start: begin, count: end - begin)
    let text = unsafe String(decoding: bytes, as: UTF8.self)
    return text.utf8.contains(UInt8(ascii: "&")) ? text.replacing("&#38;", with: "&") : text
}

/// A message of libxml2 without its line break.
private func oneLine(_ message: String) -> String {
    String(message.split(whereSeparator: \.isNewline).joined(separator: " "))
}
