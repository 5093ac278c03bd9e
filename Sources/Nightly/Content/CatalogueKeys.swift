import Manifest

/// Reads the files of the keys that a catalogue is signed and judged with.
enum CatalogueKeys {
    /// A secret key, which nobody but its owner may be able to read.
    ///
    /// - Throws: of kind `untrusted`, saying so when it is the public one.
    static func secret(_ path: String) throws(NightlyError) -> SigningKey {
        guard Files.kind(path) == .file else {
            throw NightlyError(
                .untrusted, "there is no key '\(path)'",
                hint: "make one, offline, with minisign -G -W -s catalogue.key -p catalogue.pub")
        }
        let text = try Files.read(path, limit: CatalogueFiles.signatureLimit)
        guard (try? VerifyingKey(publicKeyFile: text)) == nil else {
            throw NightlyError(
                .untrusted, "'\(path)' is the public key", hint: "sign with the secret one")
        }
        guard Files.isPrivate(path) else {
            throw NightlyError(
                .untrusted, "'\(path)' can be read or changed by others than its owner",
                hint: "chmod 600 \(path)")
        }
        do { return try SigningKey(secretKeyFile: text) } catch {
            throw NightlyError(.untrusted, "\(path): \(error)")
        }
    }

    /// A public key.
    ///
    /// - Throws: of kind `untrusted`, saying so when it is the secret one.
    static func known(_ path: String) throws(NightlyError) -> VerifyingKey {
        let text = try Files.read(path, limit: CatalogueFiles.signatureLimit)
        do { return try VerifyingKey(publicKeyFile: text) } catch {
            guard !isSecret(text) else {
                throw NightlyError(
                    .untrusted, "'\(path)' is the secret key",
                    hint: "give the public one, and keep this one where it was made")
            }
            throw NightlyError(.untrusted, "\(path): \(error)")
        }
    }

    private static func isSecret(_ text: [UInt8]) -> Bool {
        do throws(KeyFault) { _ = try SigningKey(secretKeyFile: text) } catch {
            return error == .encrypted
        }
        return true
    }
}
