import Catalogue
package import Quantities

// Metalink 4 (RFC 5854): what lets aria2c and other download programs fetch and check items.
//
// Readers are strict in places where the RFC isn't: aria2 refuses a whole document for one name
// that leads out of the folder, for a priority that isn't a number from 1 on, and for a foreign
// element under the root. So names are safe ones, priorities are 1, 2, 3 …, and there are no
// extensions. Hashes carry no dates: equal inputs give equal bytes.

/// A list of files to download, each with its hashes and where it lies.
package struct Metalink: Hashable, Sendable {
    /// In the order in which they are fetched.
    package var files: [File]

    package init(files: [File]) { self.files = files }

    /// One file.
    package struct File: Hashable, Sendable {
        /// What it is called on the disk of who downloads it: an item key, so that every name is a
        /// single safe part of a path.
        package var name: String
        /// For people; empty: left out.
        package var identity: String
        /// Of the content; empty: left out.
        package var version: String
        package var sizeBytes: Int64
        /// SHA-256 of the whole.
        package var sha256: Digest
        /// SHA-256 of each piece; nil when the file isn't cut into pieces of one length.
        package var pieces: Pieces?
        /// Where it lies, the best first.
        package var urls: [String]

        /// Digests of pieces of one length, the last one of which may be shorter.
        package struct Pieces: Hashable, Sendable {
            package var lengthBytes: Int64
            /// In order.
            package var digests: [Digest]

            package init(lengthBytes: Int64, digests: [Digest]) {
                self.lengthBytes = lengthBytes
                self.digests = digests
            }
        }

        package init(
            name: String, identity: String = "", version: String = "", sizeBytes: Int64,
            sha256: Digest, pieces: Pieces? = nil, urls: [String]
        ) {
            self.name = name
            self.identity = identity
            self.version = version
            self.sizeBytes = sizeBytes
            self.sha256 = sha256
            self.pieces = pieces
            self.urls = urls
        }

        /// An item as it lies at origins.
        ///
        /// - Parameters:
        ///   - key: the item key.
        ///   - index: of the item.
        ///   - baseURLs: of the origins, without a last slash, the best first; none: the address
        ///     is relative to the origin's folder.
        package init(key: String, index: ChunkIndex, baseURLs: [String]) {
            let path = "blobs/\(index.blob.hex)"
            self.init(
                name: key, identity: index.title, version: index.version,
                sizeBytes: index.layout.totalBytes, sha256: index.blob, pieces: index.pieces,
                urls: baseURLs.isEmpty ? [path] : baseURLs.map { "\($0)/\(path)" })
        }
    }

    /// The document, UTF-8.
    package var xml: [UInt8] {
        var text = XMLText()
        text.line(0, #"<?xml version="1.0" encoding="UTF-8"?>"#)
        text.line(0, #"<metalink xmlns="urn:ietf:params:xml:ns:metalink">"#)
        text.line(1, "<generator>mediaplan</generator>")
        for file in files { text.add(file) }
        text.line(0, "</metalink>")
        return text.bytes
    }
}

extension ChunkIndex {
    /// The chunks as pieces of a Metalink: nil unless all of them but the last are full.
    package var pieces: Metalink.File.Pieces? {
        let layout = layout
        guard layout.shortChunks.allSatisfy({ $0 == layout.count - 1 }) else { return nil }
        return Metalink.File.Pieces(lengthBytes: chunkBytes, digests: chunks)
    }
}

/// Lines of XML.
private struct XMLText {
    var bytes: [UInt8] = []

    mutating func line(_ depth: Int, _ text: String) {
        bytes.append(contentsOf: repeatElement(0x20, count: 2 * depth))
        bytes.append(contentsOf: text.utf8)
        bytes.append(0x0A)
    }

    mutating func element(_ depth: Int, _ name: String, _ text: String, attributes: String = "") {
        if text.isEmpty { return }
        line(depth, "<\(name)\(attributes)>\(XMLText.escaped(text))</\(name)>")
    }

    mutating func add(_ file: Metalink.File) {
        line(1, #"<file name="\#(XMLText.escaped(file.name))">"#)
        element(2, "identity", file.identity)
        element(2, "version", file.version)
        element(2, "size", String(file.sizeBytes))
        element(2, "hash", file.sha256.hex, attributes: #" type="sha-256""#)
        if let pieces = file.pieces {
            line(2, #"<pieces length="\#(pieces.lengthBytes)" type="sha-256">"#)
            for digest in pieces.digests { element(3, "hash", digest.hex) }
            line(2, "</pieces>")
        }
        for (position, url) in file.urls.enumerated() {
            element(2, "url", url, attributes: #" priority="\#(position + 1)""#)
        }
        line(1, "</file>")
    }

    /// What XML 1.0 has no way to write becomes U+FFFD.
    static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "\u{0}"..."\u{1F}", "\u{7F}", "\u{FFFE}", "\u{FFFF}":
                escaped.append("\u{FFFD}")
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
