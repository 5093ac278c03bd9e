import Foundation
import Manifest
import Testing

/// A key that everyone may know.
func exampleKey(_ salt: UInt8 = 1) throws -> SigningKey {
    try SigningKey(random: (0..<40).map { $0 &* 7 &+ salt })
}

/// What the tokens of all examples are made with.
let exampleTokens = TokenKey(secret: Array("a secret that everyone may know.".utf8))

/// Any text and comment as `minisign -S -l` signs them.
func sign(_ json: [UInt8], comment: String, with key: SigningKey) throws -> SignedManifest {
    let signature = try key.signature(of: json)
    let first = Data(Array("Ed".utf8) + key.publicKey.keyID + signature)
    let second = Data(try key.signature(of: signature + Array(comment.utf8)))
    let text =
        "untrusted comment: test\n\(first.base64EncodedString())\n"
        + "trusted comment: \(comment)\n\(second.base64EncodedString())\n"
    return SignedManifest(json: json, minisig: Array(text.utf8))
}
