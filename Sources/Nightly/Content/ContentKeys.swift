import CanonicalJSON
import Content
import Glibc
import Quantities

/// The content keys of titles: a file that its owner alone can read.
///
/// ```
/// {"keys":[{"key":"…64 hexadecimal digits…","title":"…"}, …],"schema":"mediaplan-content-keys"}
/// ```
///
/// It is replaced as a whole, so a reader sees the old file or the new one; two runs that make
/// keys wait for each other. Whoever has the file can open every item, and without it nobody can:
/// it belongs into the backups, apart from the origin's. A vault may take it over, file by file.
final class ContentKeys {
    /// The value of the member `schema`.
    static let schema = "mediaplan-content-keys"

    private var secrets: [String: [UInt8]] = [:]

    /// Opens the file at `path` and makes keys for those of `titles` that have none.
    ///
    /// - Parameters:
    ///   - titles: that will be sealed.
    ///   - path: of the file; made when absent.
    ///   - isSealed: whether something of a title was sealed already, so that making it another
    ///     key would be a mistake.
    ///   - entropy: gives so many bytes from a cryptographic generator.
    /// - Throws: when the file can be read by others, is damaged, or lacks a key that was used.
    init(
        for titles: [String], at path: String, isSealed: (String) throws -> Bool,
        entropy: (Int) -> [UInt8]
    ) throws {
        let lock = try WorkspaceLock(path + ".lock", timeoutSeconds: 10)
        defer { _ = lock }
        if Files.kind(path) != nil { try read(path) }
        var isChanged = false
        for title in titles where secrets[title] == nil {
            guard try !isSealed(title) else {
                throw NightlyError(
                    .untrusted, "'\(path)' has no key of '\(title)', which was sealed with one",
                    hint: "restore it from a copy; without it the item can't be opened")
            }
            secrets[title] = entropy(ContentKey.byteCount)
            isChanged = true
        }
        if isChanged { try Files.replace(path, with: json, mode: 0o600) }
    }

    deinit {
        for title in secrets.keys {
            secrets[title]?.withUnsafeMutableBytes { bytes in
                if let start = bytes.baseAddress { explicit_bzero(start, bytes.count) }
            }
        }
    }

    /// The key of a title that was named when the keys were opened.
    func key(of title: String) throws(NightlyError) -> ContentKey {
        guard let secret = secrets[title], let key = ContentKey(bytes: secret) else {
            throw NightlyError(.untrusted, "there is no content key of '\(title)'")
        }
        return key
    }

    private var json: [UInt8] {
        let entries = secrets.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        var writer = CanonicalWriter()
        writer.object { writer in
            writer.member("keys", array: entries) { writer, entry in
                writer.object { writer in
                    writer.member("key", ContentKeys.hexadecimal(entry.value))
                    writer.member("title", entry.key)
                }
            }
            writer.member("schema", ContentKeys.schema)
        }
        return writer.bytes
    }

    private func read(_ path: String) throws {
        guard Files.isPrivate(path) else {
            throw NightlyError(
                .untrusted, "'\(path)' can be read or changed by others than its owner",
                hint: "chmod 600 \(path)")
        }
        let json = try Files.read(path)
        do {
            let root = try ObjectReader(StrictJSONReader.read(json), at: "")
            guard try root.text("schema") == ContentKeys.schema else {
                throw root.refusal("schema", "isn't \(ContentKeys.schema)")
            }
            for entry in try root.objects("keys", { $0 }) {
                secrets[try entry.text("title")] = try entry.digest("key").bytes
            }
        } catch let fault as JSONFault {
            throw refusal(path, "at byte \(fault.offset): \(fault.message)")
        } catch let fault as MemberFault {
            throw refusal(path, fault.message)
        }
    }

    private func refusal(_ path: String, _ what: String) -> NightlyError {
        NightlyError(
            .untrusted, "\(path): not a file of content keys: \(what)",
            hint: "restore it from a copy")
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
