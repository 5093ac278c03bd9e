import Catalogue
import Manifest
import Quantities

// The books of what goes out, and how an answer or a push ends.

extension Delivery {
    mutating func promise(_ bytes: Int64, _ entry: Outlets.Entry, counts: Bool = true) {
        budget.promise(bytes)
        if counts { move(bytes, entry) }
    }

    private mutating func move(_ bytes: Int64, _ entry: Outlets.Entry) {
        switch entry {
        case .service(let service): outlets.services[service].movedBytes += bytes
        case .reserve(let reserve): outlets.reserves[reserve].movedBytes += bytes
        case .piece: break
        }
    }

    mutating func outletEnded(_ id: OutletID, _ ending: Ending, _ sentBytes: Int64) {
        guard let position = outlets.position(id) else { return }
        let outlet = outlets[position]
        outlets.remove(position)
        stirred = true
        guard outlet.sending else { return }
        let promised = Int64(outlet.bytes.count)
        budget.settle(promised: promised, sent: sentBytes)
        if outlet.counts { move(sentBytes - promised, outlet.entry) }
        guard case .service(let number) = outlet.entry else { return }
        let pushed = outlets.services[number].pushing == id
        if ending == .complete { markSent(outlet, number) }
        if pushed { pushEnded(outlet, number, ending) }
    }

    /// The whole chunks of what was sent are out.
    func chunks(_ bytes: Range<Int64>, of number: Int) -> Range<Int32> {
        let first = stocks[number].chunk(at: bytes.lowerBound)
        return first..<(stocks[number].chunk(at: bytes.upperBound - 1) + 1)
    }

    mutating func markSent(_ outlet: Outlets.Outlet, _ number: Int) {
        let start = outlets.services[number].chunks.lowerBound
        let chunks = chunks(outlet.bytes, of: outlet.stock)
        outlets.services[number].sent.insert(
            (chunks.lowerBound - start)..<(chunks.upperBound - start))
    }

    mutating func refuse(_ id: OutletID, _ status: Int, _ retryAfterMs: Int64? = nil) {
        actions.append(.refuse(id, status: status, retryAfterMs: retryAfterMs))
    }

    /// Refuses because nothing is done now, and tells when something is.
    mutating func refuseClosed(_ id: OutletID) {
        let opens = stage == .ending ? nil : timetable.nextOpening(after: now.wallMs)
        refuse(id, 503, opens.map { max($0 - now.wallMs, 1000) })
    }

    /// Sends away who is held.
    mutating func drop(_ position: Int, _ status: Int, _ retryAfterMs: Int64? = nil) {
        refuse(outlets[position].id, status, retryAfterMs)
        outlets.remove(position)
    }

    mutating func hangUp(_ id: OutletID) {
        guard let position = outlets.position(id), !outlets[position].hungUp else { return }
        outlets[position].hungUp = true
        actions.append(.hangUp(id))
    }

    /// Ends everything that moves.
    mutating func close() {
        for position in intakes.live.indices { cancel(position) }
        for outlet in outlets.live {
            if outlet.sending {
                hangUp(outlet.id)
            } else if let position = outlets.position(outlet.id) {
                outlets.remove(position)
                refuseClosed(outlet.id)
            }
        }
    }

    /// Says once that nothing is left to do.
    mutating func reviewDone() {
        guard !isDone, stage != .waiting, intakes.live.isEmpty, outlets.live.isEmpty,
            copies.running.isEmpty, !stocks.contains(where: { $0.finishing })
        else { return }
        guard stage == .ending || isNothingLeft && areSlotsOver() else { return }
        isDone = true
        actions.append(.done)
    }

    /// Whether nobody is to ask for anything in its slot any more, be it once again.
    private mutating func areSlotsOver() -> Bool {
        let lastMs = outlets.services.map(\.endsMs).max() ?? Int64.min
        if lastMs > now.wallMs { consider(wallMs: lastMs) }
        return lastMs <= now.wallMs
    }

    private var isNothingLeft: Bool {
        pieces.next == pieces.all.count && pieces.open.isEmpty && outlets.reserves.isEmpty
            && outlets.services.allSatisfy { $0.sent.isFull }
            && !stocks.contains { $0.have.isFull && $0.wanted.count > 0 && !$0.finished }
    }
}
