import Glibc

/// A document and its signature in two files, replaced so that a death at any moment leaves a pair
/// that belongs together: the new files are there, beside the old ones, before either is replaced.
enum SignedPair {
    /// Replaces `path` and `path.minisig`.
    static func replace(
        _ path: String, _ document: [UInt8], _ signature: [UInt8], mode: mode_t = 0o644
    ) throws(AgentError) {
        try SmallFiles.replace("\(path).new", with: document, mode: mode)
        try SmallFiles.replace("\(path).minisig.new", with: signature, mode: mode)
        for name in [path, "\(path).minisig"] where rename("\(name).new", name) != 0 {
            throw fileError("write", name)
        }
        guard Descriptor(folder: SmallFiles.folder(of: path))?.sync() == true else {
            throw fileError("write", path)
        }
    }

    /// What may belong together, after a death in the middle of ``replace``: who reads it takes the
    /// first that verifies. Files that are missing or can't be read give nothing.
    static func candidates(_ path: String, limit: Int) -> [(document: [UInt8], signature: [UInt8])]
    {
        let names = [
            (path, "\(path).minisig"), (path, "\(path).minisig.new"),
            ("\(path).new", "\(path).minisig.new"),
        ]
        return names.compactMap { document, signature in
            guard
                let signature = try? SmallFiles.read(
                    signature, limit: ManifestIntake.signatureLimit),
                let document = try? SmallFiles.read(document, limit: limit)
            else { return nil }
            return (document, signature)
        }
    }
}
