import Quantities

/// The native catalogue, one element a title.
extension World {
    /// Nothing for a title that a package describes.
    func appendTitle(_ number: Int, to text: inout Text) {
        let title = titles[number]
        guard !title.isPackage else { return }
        text += "  <title id=\"\(title.id)\" name=\""
        text.escaped(title.name)
        text += "\" major=\"1\" peer-to-peer=\"\(title.peerToPeer ? "yes" : "no")\""
        if let digest = title.indexDigest {
            text += " chunk-bytes=\"\(SyntheticTitle.chunkBytes)\" index=\""
            text.hex(digest)
            text += "\""
        }
        text += ">\n"
        if let alias = title.alias { text += "    <alias id=\"\(alias)\"/>\n" }
        text += "    <licence start=\"\(title.licenceStart)\""
        if let end = title.licenceEnd { text += " end=\"\(end)\"" }
        text += "/>\n"
        switch title.territories {
        case .everywhere: text += "    <territories/>\n"
        case .only(let place): text += "    <territories allow=\"\(place)\"/>\n"
        case .except(let place): text += "    <territories deny=\"\(place)\"/>\n"
        }
        for file in title.files {
            text += "    <file name=\"\(file.name)\" kind=\"\(file.kind)\""
            if title.sizeIsKnown { text += " size=\"\(file.sizeBytes)\"" }
            text += "/>\n"
        }
        text += "  </title>\n"
    }
}

extension Text {
    /// `bytes` as lower-case hexadecimal.
    mutating func hex(_ bytes: [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        for byte in bytes { self += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    }
}
