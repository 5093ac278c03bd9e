import Catalogue
import Manifest
import Quantities

// Where the manifest has the source connect, it pushes: at its time, what it holds of the piece,
// again with growing pauses while the window lasts. The other end takes a push only for a piece
// that it waits for, and only chunks that it lacks: it answers 409 to anything else, and the source
// then offers chunk by chunk and skips what is there.

extension Delivery {
    mutating func push() {
        for number in outlets.services.indices where outlets.services[number].connects {
            push(number)
        }
    }

    private mutating func push(_ number: Int) {
        let service = outlets.services[number]
        guard service.pushing == nil, !service.sent.isFull, !service.destination.address.isEmpty
        else { return }
        guard service.startsMs <= now.wallMs else { return consider(wallMs: service.startsMs) }
        let due = max(service.nextTryMs, ends[service.end].nextTryMs)
        guard due <= now.steadyMs else { return consider(steadyMs: due) }
        guard let bytes = pushable(service), !bytes.isEmpty else { return }
        let id = outlets.newPush()
        let pace = pace(of: .service(number))
        outlets.services[number].pushing = id
        outlets.add(
            Outlets.Outlet(
                id: id, entry: .service(number), stock: service.stock, bytes: bytes, sending: true))
        promise(Int64(bytes.count), .service(number))
        actions.append(
            .push(
                id, to: service.destination, token: service.token,
                Action.Send(item: stocks[service.stock].key, bytes: bytes, pace: pace)))
    }

    /// The first run of chunks that are there and not sent, as far as the cap goes.
    private func pushable(_ service: Outlets.Service) -> Range<Int64>? {
        let start = service.chunks.lowerBound
        var from: Int32 = 0
        while let gap = service.sent.firstGap(in: from..<service.sent.size) {
            for chunk in gap {
                let whole = stocks[service.stock].bytes(of: start + chunk..<start + gap.upperBound)
                let there = servable(whole, service.stock)
                guard !there.isEmpty else { continue }
                let one = stocks[service.stock].layout.bytes(ofChunk: start + chunk)
                guard budget.sendable >= one else { return nil }
                if service.single { return there.lowerBound..<(there.lowerBound + one) }
                return capped(there, service.stock)
            }
            from = gap.upperBound
        }
        return nil
    }

    private func capped(_ bytes: Range<Int64>, _ number: Int) -> Range<Int64> {
        guard bytes.count > budget.sendable else { return bytes }
        let chunk = stocks[number].chunk(at: bytes.lowerBound + budget.sendable)
        return bytes.lowerBound..<stocks[number].layout.offset(ofChunk: chunk)
    }

    mutating func pushEnded(_ outlet: Outlets.Outlet, _ number: Int, _ ending: Ending) {
        outlets.services[number].pushing = nil
        let end = outlets.services[number].end
        switch ending {
        case .complete:
            ends.answered(end, now.steadyMs, policy)
            outlets.services[number].refusals = 0
        case .refused(409, _):
            ends.answered(end, now.steadyMs, policy)
            if outlets.services[number].single || chunks(outlet.bytes, of: outlet.stock).count == 1
            {
                markSent(outlet, number)
            }
            outlets.services[number].single = true
        case .refused(_, let retryAfterMs):
            ends.answered(end, now.steadyMs, policy)
            outlets.services[number].refusals += 1
            let wait = policy.backOff(
                attempt: outlets.services[number].refusals, key: ends[end].key)
            let asked = min(retryAfterMs ?? 0, 10 * policy.longestBackOffMs)
            outlets.services[number].nextTryMs = now.steadyMs + max(wait, asked)
        case .cancelled: break
        case .short, .unreachable, .cut, .stalled, .malformed:
            ends.failed(end, now.steadyMs, policy)
        }
    }

    /// Another end wants to push: taken if a piece that waits for it lacks every chunk of it.
    mutating func offered(_ id: OutletID, _ token: String, _ item: String, _ bytes: Range<Int64>) {
        guard isServing else { return refuseClosed(id) }
        let numbers = outlets.entries(of: token).compactMap { entry -> Int? in
            guard case .piece(let number) = entry, !pieces.all[number].connects,
                stocks[pieces.all[number].stock].key == item
            else { return nil }
            return number
        }
        guard let first = numbers.first, !ends[pieces.all[first].end].banned else {
            return refuse(id, 403)
        }
        for number in numbers {
            if let chunks = offer(bytes, number) { return accept(id, number, chunks) }
        }
        refuse(id, 416)
    }

    /// The chunks of an offer, if it is whole chunks of the piece.
    private func offer(_ bytes: Range<Int64>, _ number: Int) -> Range<Int32>? {
        let piece = pieces.all[number]
        let limits = stocks[piece.stock].bytes(of: piece.chunks)
        guard !bytes.isEmpty, limits.lowerBound <= bytes.lowerBound,
            bytes.upperBound <= limits.upperBound
        else { return nil }
        let chunks = chunks(bytes, of: piece.stock)
        return stocks[piece.stock].bytes(of: chunks) == bytes ? chunks : nil
    }

    private mutating func accept(_ id: OutletID, _ number: Int, _ chunks: Range<Int32>) {
        let piece = pieces.all[number]
        let early = piece.startsMs - now.wallMs
        guard early <= policy.holdEarlyMs else { return refuse(id, 503, early) }
        let there = stocks[piece.stock].have.prefix(of: chunks)
        guard !there.contains(chunks.upperBound - 1) else { return refuse(id, 409) }
        let gap = stocks[piece.stock].taken.firstGap(in: chunks)
        guard gap == chunks else { return refuse(id, chunks.count > 1 ? 409 : 503, 1000) }
        let bytes = stocks[piece.stock].layout.bytes(in: chunks)
        guard isReady(piece.stock), piece.intake == nil,
            budget.receivable(.planned) >= bytes,
            begin(piece.stock)
        else { return refuse(id, 503, 1000) }
        let pace = pace(chunks, piece.stock, piece: number)
        let intake = open(
            chunks, of: piece.stock, from: piece.source, piece: number, fallback: nil,
            late: now.wallMs >= piece.endsMs, paced: pace.untilSteadyMs > now.steadyMs)
        intakes.begun(intake)
        actions.append(
            .accept(id, intake, request(chunks, piece.stock, piece.source, piece.token, pace)))
    }
}
