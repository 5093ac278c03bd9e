/// The texts that minisign reads and writes, in its classic form.
///
/// The classic form (`Ed`) signs the file's own bytes; minisign, signify and
/// openssl verify it. The newer one (`ED`) signs a BLAKE2b digest and only
/// minisign takes it.
struct MinisignText: Hashable, Sendable {
    static let algorithm = Array("Ed".utf8)
    /// A signature file is no longer than this, in bytes.
    static let longest = 16_384

    /// 8 bytes.
    var keyID: [UInt8]
    /// 64 bytes: over the signed file.
    var signature: [UInt8]
    /// What the second signature binds to the first: one line.
    var trustedComment: String
    /// 64 bytes: over ``signature`` and the bytes of ``trustedComment``.
    var commentSignature: [UInt8]

    /// The four lines of a manifest's `.minisig` file.
    var file: [UInt8] { file(of: "manifest") }

    /// The four lines of a `.minisig` file; `subject` says in the untrusted comment what is signed.
    func file(of subject: String) -> [UInt8] {
        let first = Base64.encode(MinisignText.algorithm + keyID + signature)
        return Array(
            """
            untrusted comment: mediaplan \(subject), key \(MinisignText.hexadecimal(ofKeyID: keyID))
            \(first)
            trusted comment: \(trustedComment)
            \(Base64.encode(commentSignature))

            """.utf8)
    }
}

extension MinisignText {
    /// Reads the four lines of a `.minisig` file; nil for anything else.
    init?(file: [UInt8]) {
        guard file.count <= MinisignText.longest, let lines = MinisignText.lines(file, count: 4),
            MinisignText.comment(lines[0], after: "untrusted comment: ") != nil,
            let first = Base64.decode(lines[1]), first.count == 74,
            Array(first[..<2]) == MinisignText.algorithm,
            let comment = MinisignText.comment(lines[2], after: "trusted comment: "),
            let second = Base64.decode(lines[3]), second.count == 64
        else { return nil }
        self.init(
            keyID: Array(first[2..<10]), signature: Array(first[10...]), trustedComment: comment,
            commentSignature: second)
    }

    /// The bytes of a key file: a comment line, then `count` bytes in base 64.
    static func blob(ofKeyFile text: [UInt8], count: Int) throws(KeyFault) -> [UInt8] {
        guard text.count <= longest, let lines = lines(text, count: 2),
            comment(lines[0], after: "untrusted comment: ") != nil,
            let blob = Base64.decode(lines[1]), blob.count == count
        else { throw .malformed }
        return blob
    }

    /// Exactly `count` lines; the last line feed may be missing.
    private static func lines(_ text: [UInt8], count: Int) -> [ArraySlice<UInt8>]? {
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.count == count ? lines : nil
    }

    private static func comment(_ line: ArraySlice<UInt8>, after prefix: String) -> String? {
        guard line.starts(with: prefix.utf8) else { return nil }
        return String(validating: line.dropFirst(prefix.utf8.count), as: UTF8.self)
    }

    /// The id as minisign prints it: a little-endian number in upper-case digits, without
    /// leading zeros.
    static func hexadecimal(ofKeyID keyID: [UInt8]) -> String {
        let number = keyID.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return String(number, radix: 16, uppercase: true)
    }
}
