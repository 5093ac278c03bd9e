import Quantities

/// A manifest that a device may obey: ``SignedManifest/verify(_:)`` alone makes one.
package struct VerifiedManifest: Hashable, Sendable {
    package let content: ManifestContent
    /// What to remember as the last one seen.
    package let seen: TrustRules.Seen

    fileprivate init(content: ManifestContent, seen: TrustRules.Seen) {
        self.content = content
        self.seen = seen
    }
}

extension SignedManifest {
    /// Checks everything that the rules ask for, in this order: size, signature, form, addressee,
    /// sequence, time.
    ///
    /// Nothing unsigned is parsed. The same manifest twice is fine, an older
    /// one isn't (The Update Framework 1.0, client workflow: rollback, freeze,
    /// mix-and-match, endless data).
    package func verify(_ rules: TrustRules) throws(ManifestRefusal) -> VerifiedManifest {
        guard json.count <= rules.maxBytes else {
            throw .tooLarge(bytes: json.count, limit: rules.maxBytes)
        }
        let comment = try checkedComment(rules.keys)
        let content = try ManifestContent(json: json)
        guard comment == content.trustedComment else { throw .commentMismatch }
        let seen = TrustRules.Seen(sequence: content.sequence, digest: sha256(json))
        try content.check(rules, seen)
        return VerifiedManifest(content: content, seen: seen)
    }

    /// The trusted comment, both signatures verified.
    private func checkedComment(_ keys: [VerifyingKey]) throws(ManifestRefusal) -> String {
        guard let text = MinisignText(file: minisig) else { throw .malformedSignature }
        let named = keys.filter { $0.keyID == text.keyID }
        guard !named.isEmpty else {
            throw .wrongKey(keyID: MinisignText.hexadecimal(ofKeyID: text.keyID))
        }
        guard let key = named.first(where: { $0.accepts(text.signature, of: json) }) else {
            throw .badSignature
        }
        let bound = text.signature + Array(text.trustedComment.utf8)
        guard key.accepts(text.commentSignature, of: bound) else { throw .badCommentSignature }
        return text.trustedComment
    }
}

extension ManifestContent {
    fileprivate func check(_ rules: TrustRules, _ this: TrustRules.Seen) throws(ManifestRefusal) {
        guard fleet == rules.fleet else { throw .wrongFleet(fleet) }
        guard device == rules.device else { throw .wrongDevice(device) }
        if let seen = rules.seen {
            guard sequence >= seen.sequence else {
                throw .rollback(sequence: sequence, seen: seen.sequence)
            }
            guard sequence > seen.sequence || this.digest == seen.digest else {
                throw .conflict(sequence: sequence)
            }
        }
        guard rules.now >= notBefore else { throw .notYetValid(notBefore: notBefore) }
        guard rules.now < expires else { throw .expired(at: expires) }
    }
}
