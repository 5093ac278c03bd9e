import CanonicalJSON
import Glibc
package import Manifest

/// Makes a folder an agent's: settings and the device's own pair of keys.
package enum Enrolment {
    /// What the fleet must know of the device: a line of its table of devices.
    package struct Line: Hashable, Sendable {
        package var device: String
        /// `host:port` where others reach it; empty: not at all.
        package var address: String
        /// The second line of minisign's public key file.
        package var publicKey: String
    }

    /// Writes `agent.json`, and `device.key` unless it is there.
    ///
    /// - Parameters:
    ///   - path: the state folder; made when it isn't there, its parent must be.
    ///   - settings: what `agent.json` shall say.
    ///   - address: where others reach the device.
    /// - Returns: the device's line for the fleet.
    /// - Throws: of kind `usage` when the settings make no sense, `locked` while an agent works
    ///   there.
    package static func enroll(_ path: String, _ settings: Settings, address: String)
        throws(AgentError) -> Line
    {
        do { _ = try Settings(json: settings.json) } catch {
            throw AgentError(.usage, error.message)
        }
        if mkdir(path, 0o750) != 0, errno != EEXIST { throw fileError("make", path) }
        let folder = try StateFolder(working: path)
        let key = try deviceKey(folder)
        try SmallFiles.replace(folder.path(of: "agent.json"), with: settings.json, mode: 0o640)
        return Line(
            device: settings.device, address: address, publicKey: line(of: key.publicKey))
    }

    /// The settings of a folder that is an agent's already; nil when there are none yet.
    ///
    /// - Throws: of kind `configuration` when they are wrong.
    package static func settings(_ path: String) throws(AgentError) -> Settings? {
        access("\(path)/agent.json", F_OK) == 0 ? try Settings.read(path) : nil
    }

    /// A public key as it is written in one line.
    package static func line(of key: VerifyingKey) -> String {
        let lines = String(decoding: key.publicKeyFile, as: UTF8.self).split(separator: "\n")
        return lines.count > 1 ? String(lines[1]) : ""
    }

    /// A public key from minisign's file at that path, or from its second line.
    package static func keyLine(_ text: String) throws(AgentError) -> String {
        if Settings.key(ofLine: text) != nil { return text }
        guard let bytes = try SmallFiles.read(text, limit: 16_384, following: true),
            let key = try? VerifyingKey(publicKeyFile: bytes)
        else {
            throw AgentError(.usage, "'\(text)' is neither a public key of minisign's nor its file")
        }
        return line(of: key)
    }

    /// The device's secret key; a new one where there is none.
    private static func deviceKey(_ folder: StateFolder) throws(AgentError) -> SigningKey {
        let path = folder.path(of: "device.key")
        do {
            if let bytes = try SmallFiles.read(path, limit: 16_384) {
                return try SigningKey(secretKeyFile: bytes)
            }
            var random = [UInt8](repeating: 0, count: SigningKey.randomByteCount)
            guard getentropy(&random, random.count) == 0 else {
                throw AgentError(.failed, "the system gives no random bytes")
            }
            let key = try SigningKey(random: random)
            try SmallFiles.replace(path, with: key.secretKeyFile, mode: 0o600)
            return key
        } catch let error as AgentError {
            throw error
        } catch {
            throw AgentError(
                .configuration, "'\(path)': \(error)",
                hint: "put it back from a copy, or remove it and tell the fleet the new public key")
        }
    }
}
