import Quantities

/// The native catalogue, one element a title.
extension World {
    func appendCatalogueHead(to text: inout Text) {
        text += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<catalogue xmlns=\"urn:mediaplan:catalogue:1\">\n"
    }

    /// Nothing for a title that a package describes.
    func appendTitle(_ number: Int, to text: inout Text) {
        let title = titles[number]
        guard !title.isPackage else { return }
        text += "  <title id=\"\(title.id)\" version=\"1\""
        if !title.peerToPeer { text += " peer-to-peer=\"no\"" }
        text += ">\n    <name>"
        text.escaped(title.name)
        text += "</name>\n"
        if let alias = title.alias { text += "    <alias>\(alias)</alias>\n" }
        text += "    <licence start=\"\(title.licenceStart)\""
        if let end = title.licenceEnd { text += " end=\"\(end)\"" }
        text += "/>\n"
        switch title.territories {
        case .everywhere: break
        case .only(let place): text += "    <territories only=\"\(place)\"/>\n"
        case .except(let place): text += "    <territories except=\"\(place)\"/>\n"
        }
        appendItem(of: title, to: &text)
        text += "  </title>\n"
    }

    private func appendItem(of title: SyntheticTitle, to text: inout Text) {
        text += "    <item"
        if let digest = title.indexDigest {
            text += " chunk-bytes=\"\(SyntheticTitle.chunkBytes)\" index-sha256=\""
            text.hex(digest)
            text += "\""
        }
        text += ">\n"
        for file in title.files {
            text += "      <file kind=\"\(file.kind)\" name=\"\(file.name)\""
            if title.sizeIsKnown { text += " size=\"\(file.sizeBytes)\"" }
            text += "/>\n"
        }
        text += "    </item>\n"
    }
}

extension Text {
    /// `digits` as lower-case hexadecimal.
    mutating func hex(_ bytes: [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        for byte in bytes { self += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    }
}
