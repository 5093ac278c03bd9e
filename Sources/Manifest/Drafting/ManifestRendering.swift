import CanonicalJSON
import Catalogue
import Quantities

// How a manifest's content is written: members ascend by their names.

extension CanonicalWriter {
    mutating func value(_ content: ManifestContent) {
        object { writer in
            if content.aheadSeconds > 0 { writer.member("ahead_seconds", content.aheadSeconds) }
            writer.member("caps", object: { $0.members(content.caps) })
            writer.member("device", content.device)
            writer.member("expires", content.expires)
            writer.member("fetch", array: content.fetch) { $0.value($1) }
            writer.member("fleet", content.fleet)
            writer.member("issued", content.issued)
            writer.items(content.items)
            writer.member("night", content.night.description)
            writer.member("not_before", content.notBefore)
            if let patience = content.originPatienceSeconds {
                writer.member("origin_patience_seconds", patience)
            }
            writer.member("plan", content.plan.hex)
            writer.member("rates", object: { $0.members(content.rates) })
            writer.member("remove", array: content.remove) { $0.value($1) }
            writer.member("schema", ManifestContent.schema)
            writer.member("sequence", content.sequence)
            writer.member("serve", array: content.serve) { $0.value($1) }
            writer.member("slot_seconds", content.slotSeconds)
            writer.member("standby", array: content.standby) { $0.value($1) }
            writer.member("version", "\(ManifestContent.major).\(content.minor)")
            writer.member("window", array: content.window) { writer, span in
                writer.object { writer in
                    writer.member("ends", span.ends)
                    writer.member("starts", span.starts)
                }
            }
        }
    }

    private mutating func items(_ items: [ManifestItem]) {
        precondition(
            zip(items, items.dropFirst()).allSatisfy { $0.key < $1.key }
                && items.allSatisfy { ManifestNames.isName($0.key) },
            "the items of a manifest have names as keys and ascend by them")
        name("items")
        object { writer in
            for item in items { writer.member(item.key, object: { $0.members(item) }) }
        }
    }

    private mutating func members(_ caps: ManifestContent.Caps) {
        member("fallback_bytes", caps.fallbackBytes)
        member("fetch_bytes", caps.fetchBytes)
        member("reserve_bytes", caps.reserveBytes)
        member("serve_bytes", caps.serveBytes)
    }

    private mutating func members(_ rates: ManifestContent.Rates) {
        member("down_kbps", rates.downKbps)
        member("up_kbps", rates.upKbps)
    }

    private mutating func members(_ item: ManifestItem) {
        member("bytes", item.totalBytes)
        member("chunk_bytes", item.chunkBytes)
        member("chunks", item.chunkCount)
        member("completes", item.completes)
        member("fallbacks", array: item.fallbacks) { $0.value($1) }
        name("files")
        files(item.files)
        name("index")
        if let index = item.index { value(index.hex) } else { null() }
        member("index_known", item.index != nil)
        member("name", item.name)
        member("path", item.path)
        member("title", item.title)
        member("version", item.version)
    }

    private mutating func files(_ files: [ItemFile]) {
        var offset: Int64 = 0
        array(files) { writer, file in
            writer.object { writer in
                writer.member("bytes", file.sizeBytes)
                writer.member("kind", file.kind)
                writer.member("name", file.name)
                writer.member("offset", offset)
            }
            offset += file.sizeBytes
        }
    }

    private mutating func value(_ fetch: ManifestContent.Fetch) {
        object { writer in
            writer.member("area", fetch.area.rawValue)
            writer.member("bytes", fetch.piece.bytes)
            writer.chunks(fetch.piece)
            writer.member("ends", fetch.movement.span.ends)
            writer.member("item", fetch.piece.item)
            writer.member("offset", fetch.piece.offset)
            writer.member("rate_kbps", fetch.movement.rateKbps)
            writer.member("role", fetch.movement.role.rawValue)
            writer.name("source")
            writer.value(fetch.source)
            writer.member("starts", fetch.movement.span.starts)
            writer.token(fetch.movement.token)
            writer.member("transfer", fetch.movement.transfer)
        }
    }

    private mutating func value(_ serve: ManifestContent.Serve) {
        object { writer in
            writer.member("bytes", serve.piece.bytes)
            writer.chunks(serve.piece)
            writer.name("destination")
            writer.value(serve.destination)
            writer.member("ends", serve.movement.span.ends)
            writer.member("item", serve.piece.item)
            writer.member("offset", serve.piece.offset)
            writer.member("rate_kbps", serve.movement.rateKbps)
            writer.member("role", serve.movement.role.rawValue)
            writer.member("starts", serve.movement.span.starts)
            writer.token(serve.movement.token)
            writer.member("transfer", serve.movement.transfer)
        }
    }

    private mutating func value(_ standby: ManifestContent.Standby) {
        object { writer in
            writer.member("bytes", standby.bytes)
            writer.name("destination")
            writer.value(standby.destination)
            writer.member("item", standby.item)
            writer.member("token", standby.token)
        }
    }

    private mutating func value(_ remove: ManifestContent.Remove) {
        object { writer in
            writer.member("at", remove.at)
            writer.member("bytes", remove.piece.bytes)
            writer.chunks(remove.piece)
            writer.member("item", remove.piece.item)
            writer.member("offset", remove.piece.offset)
        }
    }

    private mutating func chunks(_ piece: ManifestContent.Piece) {
        member("chunks", array: [piece.chunks.lowerBound, piece.chunks.upperBound]) {
            $0.value(Int64($1))
        }
    }

    /// An origin always states its `base_url`; a device its `address` and `public_key` where they
    /// are known.
    private mutating func value(_ end: ManifestContent.End) {
        object { writer in
            if end.kind == .device, !end.address.isEmpty { writer.member("address", end.address) }
            if end.kind == .origin { writer.member("base_url", end.address) }
            writer.member("id", end.id)
            writer.member("kind", end.kind.rawValue)
            if !end.publicKey.isEmpty { writer.member("public_key", end.publicKey) }
            writer.token(end.token)
        }
    }

    /// An empty one isn't there.
    private mutating func token(_ token: String) {
        if !token.isEmpty { member("token", token) }
    }
}
