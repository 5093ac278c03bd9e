import Transport

/// Where documents come from: manifests, catalogues, indexes.
enum Place: Hashable, Sendable {
    /// A folder, which may not be there all the time.
    case folder(String)
    /// An HTTP server and the path below which they lie, without a last slash.
    case web(Address, path: String)

    /// Reads a whole path or an `http://` address; nil for anything else.
    init?(_ text: String) {
        if text.hasPrefix("/") {
            self = .folder(text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text)
            return
        }
        guard let web = Place.web(url: text) else { return nil }
        self = .web(web.address, path: web.path)
    }

    /// Address and path of an `http://` URL, the path without a last slash; nil for anything else.
    static func web(url: String) -> (address: Address, path: String)? {
        let scheme = "http://"
        guard url.lowercased().hasPrefix(scheme) else { return nil }
        let rest = url.dropFirst(scheme.count)
        let host = rest.prefix { $0 != "/" }
        var path = rest.dropFirst(host.count)
        while path.hasSuffix("/") { path.removeLast() }
        guard let address = Address(text: String(host), defaultPort: 80),
            path.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
        else { return nil }
        return (address, String(path))
    }
}
