import CanonicalJSON
import Quantities
import Schedule

/// The text that all manifests of a publication have in common, with gaps for the rest.
struct ManifestForm: Sendable {
    let begin: String
    let beforeFetch: String
    let beforeItems: String
    let beforeRates: String
    let beforeServe: String
    let beforeStandby: String
    let beforeWindow: String
    /// Each origin as an end.
    let origins: [String]
    /// Before and after the device's name.
    let commentHead: String
    let commentTail: String

    init(_ index: ManifestIndex) {
        let (header, night) = (index.header, index.plan.night)
        let ahead = header.aheadSeconds > 0 ? "\"ahead_seconds\":\(header.aheadSeconds)," : ""
        let patience = header.originPatienceSeconds.map { "\"origin_patience_seconds\":\($0)," }
        let schema = ManifestContent.schema
        let version = "\(ManifestContent.major).\(ManifestContent.minor)"
        let fleet = ManifestForm.quoted(header.fleet)
        begin = "{\(ahead)\"caps\":{\"fallback_bytes\":"
        beforeFetch = "],\"expires\":\"\(header.expires)\",\"fetch\":["
        beforeItems = "],\"fleet\":\(fleet),\"issued\":\"\(header.issued)\",\"items\":["
        beforeRates =
            "],\"night\":\"\(night.date)\",\"not_before\":\"\(header.notBefore)\","
            + (patience ?? "") + "\"plan\":\"\(header.plan.hex)\",\"rates\":{\"down_kbps\":"
        beforeServe = "],\"schema\":\"\(schema)\",\"sequence\":\(header.sequence),\"serve\":["
        beforeStandby = "],\"slot_seconds\":\(night.slotSeconds),\"standby\":["
        beforeWindow =
            "],\"starts\":\"\(night.start)\",\"version\":\"\(version)\",\"window\":["
        origins = index.originEnds.map {
            let (url, id) = (ManifestForm.quoted($0.address), ManifestForm.quoted($0.id))
            return "{\"base_url\":\(url),\"id\":\(id)}"
        }
        commentHead =
            "plan:\(header.plan.hex)\tfleet:\(ManifestNames.escaped(header.fleet))\tdevice:"
        commentTail = "\tnight:\(night.date)\tsequence:\(header.sequence)"
    }

    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.append(quoted: text)
        return String(decoding: bytes, as: UTF8.self)
    }
}
