import Quantities

/// A CableLabs package (VOD Metadata 1.1, MD-SP-VOD-CONTENT1.1) of one title.
extension World {
    func appendPackage(_ number: Int, to text: inout Text) {
        let title = titles[number]
        text +=
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE ADI SYSTEM \"ADI.DTD\">\n<ADI>\n"
        text += "  <Metadata>\n"
        appendAMS(title, "package", letters: "PACK", indent: "    ", to: &text)
        text.data("Metadata_Spec_Version", "CableLabsVOD1.1", indent: "    ")
        text += "  </Metadata>\n  <Asset>\n    <Metadata>\n"
        appendAMS(title, "title", letters: "TITL", indent: "      ", to: &text)
        appendTitleData(title, to: &text)
        text += "    </Metadata>\n"
        for file in title.files { appendAsset(title, file, to: &text) }
        text += "  </Asset>\n</ADI>\n"
    }

    private func appendAMS(
        _ title: SyntheticTitle, _ kind: String, letters: String, indent: String,
        to text: inout Text
    ) {
        let parts = title.id.split(separator: "/")
        text += indent + "<AMS Provider=\"\(parts[0])\" Product=\"MOD\" Asset_Name=\""
        text.escaped("\(title.name) (\(kind))")
        text += "\" Version_Major=\"1\" Version_Minor=\"0\" Description=\""
        text.escaped(title.name)
        text += "\" Creation_Date=\"\(title.licenceStart.utcDate)\" Provider_ID=\"\(parts[0])\""
        text += " Asset_ID=\"\(letters)\(parts[1].dropFirst(4))\" Asset_Class=\"\(kind)\"/>\n"
    }

    /// Licence dates have no zone here, as in the field.
    private func appendTitleData(_ title: SyntheticTitle, to text: inout Text) {
        let indent = "      "
        text.data("Type", "title", indent: indent)
        text.data("Title_Brief", String(title.name.prefix(19)), indent: indent)
        text.data("Title", title.name, indent: indent)
        text.data("Rating", "NR", indent: indent)
        text.data("Run_Time", "01:\(String(20 + title.number % 40, width: 2)):00", indent: indent)
        text.data("Licensing_Window_Start", "\(title.licenceStart.utcDate)", indent: indent)
        let end = title.licenceEnd.map { "\($0)".dropLast() } ?? "2099-12-31T23:59:59"
        text.data("Licensing_Window_End", String(end), indent: indent)
    }

    private func appendAsset(
        _ title: SyntheticTitle, _ file: SyntheticTitle.File, to text: inout Text
    ) {
        let letters = ["movie": "MOVI", "preview": "PREV"][file.kind] ?? "POST"
        let indent = "        "
        text += "    <Asset>\n      <Metadata>\n"
        appendAMS(title, file.kind, letters: letters, indent: indent, to: &text)
        text.data("Type", file.kind, indent: indent)
        if title.sizeIsKnown { text.data("Content_FileSize", "\(file.sizeBytes)", indent: indent) }
        text.data("Content_CheckSum", checksum(of: file), indent: indent)
        text += "      </Metadata>\n      <Content Value=\"\(file.name)\"/>\n    </Asset>\n"
    }

    /// 32 digits, as of an MD5 digest; made up from the file's size and the seed.
    private func checksum(of file: SyntheticTitle.File) -> String {
        var random = SplitMix64(seed: seed, .checksum, Int(file.sizeBytes))
        return (0..<8).map { _ in
            let digits = String(random.below(1 << 16), radix: 16)
            return String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}

extension Text {
    /// An `App_Data` element.
    fileprivate mutating func data(_ name: String, _ value: String, indent: String) {
        self += indent + "<App_Data App=\"MOD\" Name=\"\(name)\" Value=\""
        escaped(value)
        self += "\"/>\n"
    }
}
