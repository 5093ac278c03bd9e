import Catalogue
import Manifest
import Quantities

// How a manifest becomes the state that events work on. What it says of items that it doesn't
// describe, or of chunks that an item doesn't have, is left out.

extension Delivery {
    /// Trusts `content`: only a verified manifest's, but for tests.
    init(content: ManifestContent, spent: Spent = Spent()) {
        policy = Policy(
            slotSeconds: content.slotSeconds, aheadSeconds: content.aheadSeconds,
            originPatienceSeconds: content.originPatienceSeconds)
        timetable = Timetable(content)
        stocks = content.items.map { Stock($0) }
        numbers = Dictionary(
            content.items.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first }
        )
        ends = Ends(key: content.plan.words.0 ^ Policy.key(content.device))
        budget = Budget(content.caps, spent)
        pieces = Pieces([])
        outlets = Outlets()
        removals = Removals([])
        for number in stocks.indices {
            for end in stocks[number].facts.fallbacks { addFallback(end, to: number) }
        }
        pieces = Pieces(content.fetch.compactMap { piece($0) })
        for (number, piece) in pieces.all.enumerated() {
            outlets.register(piece.token, .piece(number))
        }
        for serve in content.serve { addService(serve) }
        for standby in content.standby { addReserve(standby) }
        removals = Removals(
            content.remove.compactMap { removal($0) }.sorted { $0.atMs < $1.atMs })
    }

    private mutating func addFallback(_ end: ManifestContent.End, to number: Int) {
        let known = ends.number(of: end)
        guard !stocks[number].fallbacks.contains(where: { $0.end == known }) else { return }
        stocks[number].fallbacks.append(
            Fallback(
                end: known, address: end, chunks: stocks[number].layout.count))
    }

    /// The chunks of a piece, if the item has them.
    private func place(_ piece: ManifestContent.Piece) -> (stock: Int, chunks: Range<Int32>)? {
        guard let number = numbers[piece.item], piece.chunks.lowerBound >= 0,
            piece.chunks.upperBound < stocks[number].layout.count
        else { return nil }
        return (number, piece.chunks.lowerBound..<(piece.chunks.upperBound + 1))
    }

    private mutating func piece(_ fetch: ManifestContent.Fetch) -> Pieces.Piece? {
        guard let (number, chunks) = place(fetch.piece) else { return nil }
        stocks[number].want(chunks)
        if fetch.area == .wish { stocks[number].isWish = true }
        return Pieces.Piece(
            stock: number, chunks: chunks, startsMs: fetch.movement.span.starts.seconds * 1000,
            endsMs: fetch.movement.span.ends.seconds * 1000, end: ends.number(of: fetch.source),
            source: fetch.source, connects: fetch.movement.role == .connect,
            token: fetch.movement.token, bytesPerSecond: fetch.movement.rateKbps * 125)
    }

    private mutating func addService(_ serve: ManifestContent.Serve) {
        guard let (number, chunks) = place(serve.piece) else { return }
        outlets.register(serve.movement.token, .service(outlets.services.count))
        outlets.services.append(
            Outlets.Service(
                stock: number, chunks: chunks, bytes: stocks[number].bytes(of: chunks),
                startsMs: serve.movement.span.starts.seconds * 1000,
                endsMs: serve.movement.span.ends.seconds * 1000,
                end: ends.number(of: serve.destination), destination: serve.destination,
                connects: serve.movement.role == .connect, token: serve.movement.token,
                bytesPerSecond: serve.movement.rateKbps * 125,
                sent: ChunkBits(size: Int32(chunks.count))))
    }

    private mutating func addReserve(_ standby: ManifestContent.Standby) {
        guard let number = numbers[standby.item] else { return }
        outlets.register(standby.token, .reserve(outlets.reserves.count))
        outlets.reserves.append(
            Outlets.Reserve(stock: number, token: standby.token, capBytes: standby.bytes))
    }

    private func removal(_ remove: ManifestContent.Remove) -> Removals.Removal? {
        guard let (number, chunks) = place(remove.piece) else { return nil }
        let atMs = remove.at.seconds * 1000
        let wanted = pieces.all.firstIndex { $0.startsMs >= atMs } ?? pieces.all.count
        return Removals.Removal(stock: number, chunks: chunks, atMs: atMs, wantedFrom: wanted)
    }
}
