import Catalogue
import Manifest
import Quantities

// Planned pieces are asked from their sources, each at its time, one exchange a piece. A source
// that failed is asked again after its back-off, until the last window ends; one that said no is
// asked for its other pieces all the same.

extension Delivery {
    mutating func askSources() {
        if let starts = pieces.nextStartMs { consider(wallMs: starts - policy.leadMs) }
        var open: [Int] = []
        open.reserveCapacity(pieces.open.count)
        for number in pieces.open {
            let piece = pieces.all[number]
            guard
                stocks[piece.stock].have.first(in: piece.chunks, present: false) != nil
            else { continue }
            open.append(number)
            if piece.connects, piece.intake == nil { askSource(number) }
        }
        pieces.open = open
    }

    private mutating func askSource(_ number: Int) {
        let piece = pieces.all[number]
        guard isReady(piece.stock), !piece.source.address.isEmpty, !ends[piece.end].banned,
            let gap = stocks[piece.stock].taken.firstGap(in: piece.chunks)
        else { return }
        let starts = piece.source.kind == .device ? piece.startsMs - policy.leadMs : piece.startsMs
        guard now.wallMs >= starts else { return consider(wallMs: starts) }
        let due = max(ends[piece.end].nextTryMs, piece.nextTryMs)
        guard due <= now.steadyMs else { return consider(steadyMs: due) }
        let late = now.wallMs >= piece.endsMs
        guard ends[piece.end].active < policy.exchangesPerEnd,
            !late || ends[piece.end].activeLate < policy.lateExchangesPerEnd
        else { return }
        pull(gap, of: piece.stock, from: piece.source, piece: number, fallback: nil, late: late)
    }

    /// Whether chunks of an item may be fetched now.
    mutating func isReady(_ number: Int) -> Bool {
        if stocks[number].nextDiskMs != Int64.max { consider(steadyMs: stocks[number].nextDiskMs) }
        return stocks[number].isReady(now.steadyMs)
    }

    /// Asks an end for the chunks, as far as the budget goes. Says whether it did.
    @discardableResult
    mutating func pull(
        _ gap: Range<Int32>, of number: Int, from source: ManifestContent.End, piece: Int?,
        fallback: Int?, late: Bool, ahead: Bool = false
    ) -> Bool {
        let chunks = affordable(gap, of: number, budgetSource(source, fallback))
        guard !chunks.isEmpty, begin(number) else { return false }
        let pace =
            ahead
            ? Pace(order: pieces.all[piece ?? 0].startsMs, now)
            : pace(chunks, number, piece: fallback == nil ? piece : nil)
        let token = fallback == nil ? pieces.all[piece ?? 0].token : source.token
        let id = open(
            chunks, of: number, from: source, piece: piece, fallback: fallback, late: late,
            paced: ahead || pace.untilSteadyMs > now.steadyMs)
        actions.append(.pull(id, request(chunks, number, source, token, pace)))
        return true
    }

    func pace(_ chunks: Range<Int32>, _ number: Int, piece: Int?) -> Pace {
        guard let piece, now.wallMs < pieces.all[piece].endsMs else {
            let order = piece.map { pieces.all[$0].startsMs } ?? now.wallMs
            return Pace(order: order, now)
        }
        let burst = max(policy.burstBytes, stocks[number].layout.chunkBytes)
        return pieces.all[piece].pace(now, burstBytes: burst)
    }

    func request(
        _ chunks: Range<Int32>, _ number: Int, _ source: ManifestContent.End, _ token: String,
        _ pace: Pace
    ) -> Action.Pull {
        let stock = stocks[number]
        return Action.Pull(
            end: source, token: token,
            path: source.kind == .origin && !stock.facts.path.isEmpty
                ? stock.facts.path : stock.key,
            item: stock.key, chunks: chunks.lowerBound...(chunks.upperBound - 1),
            bytes: stock.bytes(of: chunks),
            chunkBytes: chunks.map { stock.layout.bytes(ofChunk: $0) }, pace: pace)
    }

    /// Enters an exchange into the books: its chunks are taken, its bytes set aside.
    mutating func open(
        _ chunks: Range<Int32>, of number: Int, from source: ManifestContent.End, piece: Int?,
        fallback: Int?, late: Bool, paced: Bool
    ) -> IntakeID {
        let id = intakes.newID()
        let end = ends.number(of: source)
        let bytes = stocks[number].layout.bytes(in: chunks)
        stocks[number].taken.insert(chunks)
        budget.ask(bytes, budgetSource(source, fallback))
        ends[end].active += 1
        if late { ends[end].activeLate += 1 }
        if fallback != nil { ends[end].activeFallback += 1 }
        if let piece, fallback == nil { pieces.all[piece].intake = id }
        intakes.add(
            Intakes.Intake(
                id: id, stock: number, end: end, source: source,
                piece: fallback == nil ? piece : nil, fallback: fallback, late: late,
                asked: chunks, askedBytes: bytes, next: chunks.lowerBound,
                limit: chunks.upperBound, beganMs: now.steadyMs, lastChunkMs: now.steadyMs,
                weighedMs: now.steadyMs, weighedNext: chunks.lowerBound, paced: paced))
        return id
    }

    /// In which caps an exchange counts.
    func budgetSource(_ end: ManifestContent.End, _ fallback: Int?) -> Budget.Source {
        fallback == nil ? .planned : end.kind == .origin ? .originAsFallback : .fallback
    }

    /// The beginning of `gap` that the caps allow.
    private func affordable(
        _ gap: Range<Int32>, of number: Int, _ source: Budget.Source
    ) -> Range<Int32> {
        var rest = budget.receivable(source)
        guard stocks[number].layout.bytes(in: gap) > rest else { return gap }
        var end = gap.lowerBound
        while end < gap.upperBound {
            rest -= stocks[number].layout.bytes(ofChunk: end)
            guard rest >= 0 else { break }
            end += 1
        }
        return gap.lowerBound..<end
    }
}
