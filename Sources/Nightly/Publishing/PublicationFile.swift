import CanonicalJSON
import Foundation
import Manifest
import Quantities
import Schedule
import Store

/// `publication.json`: what a published folder holds, and the terms that its manifests follow from.
///
/// Equal terms give equal manifests, so a publication that is repeated takes its
/// number and time from the current folder's file and changes nothing; the file
/// is there before the store knows of it, also when a run is cut short between
/// the two. Any other publication takes a number above both.
struct PublicationFile: Hashable, Sendable {
    static let name = "publication.json"

    var sequence: Int64
    var issued: Instant
    let terms: Terms
    /// Whether the current folder has these terms.
    let isRepeated: Bool

    /// All that manifests follow from, beside number and time.
    struct Terms: Hashable, Sendable {
        let night: CivilDate
        let plan: String
        let snapshot: String
        let fleet: String
        let expires: Instant
        let key: String
        /// The manifests' version.
        let format: String
        /// Most devices that are named as fall-backs of an item.
        let peers: Int32
        /// Percent of what a device fetches that origins may send as fall-backs.
        let reserve: Int32
        /// Seconds after the night in which devices may fetch what came late.
        let overtime: Int32
        /// Seconds before its slot in which something may be sent.
        let ahead: Int32
    }

    /// The publication of `plan` that `now` begins, or the current one when it is the same.
    init(_ plan: NightPlan, key: SigningKey, in workspace: Workspace, store: Store, now: Instant)
        throws
    {
        let settings = workspace.configuration.manifests
        let terms = Terms(
            night: plan.plan.night.date, plan: plan.digest.hex, snapshot: plan.inputs.digest.hex,
            fleet: settings.fleet,
            expires: PublicationFile.expiry(of: plan.plan.night, in: workspace),
            key: key.publicKey.keyIDText,
            format: "\(ManifestContent.major).\(ManifestContent.minor)",
            peers: settings.peerFallbacks, reserve: settings.originReservePercent,
            overtime: settings.overtimeSeconds, ahead: settings.aheadSeconds)
        let current = try PublicationFile.current(in: workspace)
        self.terms = terms
        if let current, current.terms == terms {
            (sequence, issued, isRepeated) = (current.sequence, current.issued, true)
        } else {
            isRepeated = false
            sequence = max(try store.lastPublishedSequence(), current?.sequence ?? 0) + 1
            issued = now
        }
    }

    /// When manifests of a night expire.
    static func expiry(of night: Night, in workspace: Workspace) -> Instant {
        let hours = workspace.configuration.manifests.expiryHours
        return night.end.advanced(bySeconds: Int64(hours) * 3600)
    }

    /// `2026-11-23.000012`: names order as the numbers do within a night.
    var folderName: String {
        let digits = String(sequence)
        return "\(terms.night)."
            + String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits
    }

    /// The file's bytes: one line of canonical JSON.
    var bytes: [UInt8] {
        var writer = CanonicalWriter()
        writer.object { writer in
            writer.member("ahead_seconds", terms.ahead)
            writer.member("expires", terms.expires)
            writer.member("fleet", terms.fleet)
            writer.member("format", terms.format)
            writer.member("issued", issued)
            writer.member("key", terms.key)
            writer.member("night", terms.night.description)
            writer.member("origin_reserve_percent", terms.reserve)
            writer.member("overtime_seconds", terms.overtime)
            writer.member("peer_fallbacks", terms.peers)
            writer.member("plan", terms.plan)
            writer.member("sequence", sequence)
            writer.member("snapshot", terms.snapshot)
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    /// What the current folder says of itself; nil when there is none, or it says nothing that can
    /// be read.
    static func current(in workspace: Workspace) throws -> PublicationFile? {
        let path = Files.path(workspace.publishedFolder, "current/\(name)")
        guard Files.kind(path) == .file else { return nil }
        let object = try? JSONSerialization.jsonObject(with: Data(try Files.read(path)))
        guard let members = object as? [String: Any] else { return nil }
        return PublicationFile(members)
    }

    private init?(_ members: [String: Any]) {
        func text(_ name: String) -> String { members[name] as? String ?? "" }
        guard let sequence = members["sequence"] as? Int, let night = CivilDate(text("night")),
            let issued = Instant(rfc3339: text("issued")),
            let expires = Instant(rfc3339: text("expires"))
        else { return nil }
        self.sequence = Int64(sequence)
        self.issued = issued
        isRepeated = true
        terms = Terms(
            night: night, plan: text("plan"), snapshot: text("snapshot"), fleet: text("fleet"),
            expires: expires, key: text("key"), format: text("format"),
            peers: Int32(clamping: members["peer_fallbacks"] as? Int ?? -1),
            reserve: Int32(clamping: members["origin_reserve_percent"] as? Int ?? -1),
            overtime: Int32(clamping: members["overtime_seconds"] as? Int ?? -1),
            ahead: Int32(clamping: members["ahead_seconds"] as? Int ?? -1))
    }
}
