import Catalogue
import Manifest
import Quantities

// Who asks with the token of a movement or of a standby gets the longest verified beginning of what
// it asked for; nobody else gets anything. A request that comes a little early waits for its slot,
// one for chunks that are expected waits a moment for them.

extension Delivery {
    mutating func asked(_ id: OutletID, _ token: String, _ item: String, _ bytes: Range<Int64>) {
        guard isServing else { return refuseClosed(id) }
        var status = 403
        for entry in outlets.entries(of: token) {
            guard let (number, piece) = offer(entry), stocks[number].key == item else { continue }
            status = 416
            guard !bytes.isEmpty, piece.lowerBound <= bytes.lowerBound,
                bytes.upperBound <= piece.upperBound
            else { continue }
            let early = startsMs(entry) - now.wallMs
            if early > policy.leadMs, holdsMany { return refuse(id, 503, early) }
            outlets.add(Outlets.Outlet(id: id, entry: entry, stock: number, bytes: bytes))
            return answer(outlets.live.count - 1)
        }
        refuse(id, status)
    }

    /// Whether so many askers wait that who comes early is sent away, so that connections are left
    /// for those whose slot is there.
    private var holdsMany: Bool { outlets.live.count { !$0.sending } >= policy.heldAsks }

    var isServing: Bool { stage == .running && timetable.isOpen(now) }

    /// What an entry allows to be asked for; nil for pieces that come in.
    private func offer(_ entry: Outlets.Entry) -> (stock: Int, bytes: Range<Int64>)? {
        switch entry {
        case .service(let service):
            (outlets.services[service].stock, outlets.services[service].bytes)
        case .reserve(let reserve):
            (
                outlets.reserves[reserve].stock,
                0..<stocks[outlets.reserves[reserve].stock].layout.totalBytes
            )
        case .piece: nil
        }
    }

    /// Sends, holds or refuses what is held at `position`.
    private mutating func answer(_ position: Int) {
        let outlet = outlets[position]
        if case .service(let service) = outlet.entry, !isTime(outlet, service) { return }
        let there = servable(outlet.bytes, outlet.stock)
        guard !there.isEmpty else { return holdOrRefuse(position) }
        if !send(position, pace(of: outlet.entry)) { drop(position, 503) }
    }

    /// Sends what is there and affordable; says whether that is anything.
    mutating func send(_ position: Int, _ pace: Pace) -> Bool {
        let outlet = outlets[position]
        let there = servable(outlet.bytes, outlet.stock)
        guard !there.isEmpty else { return false }
        let bytes = affordable(there, outlet)
        guard !bytes.isEmpty else { return false }
        outlets[position].bytes = bytes
        outlets[position].sending = true
        promise(Int64(bytes.count), outlet.entry, counts: outlet.counts)
        actions.append(
            .send(
                outlet.id,
                Action.Send(item: stocks[outlet.stock].key, bytes: bytes, pace: pace)))
        return true
    }

    /// Whether a movement's slot has begun; if not, its asker waits or is sent away.
    private mutating func isTime(_ outlet: Outlets.Outlet, _ service: Int) -> Bool {
        let early = startsMs(outlet.entry) - now.wallMs
        guard early > 0 else { return true }
        if early > policy.holdEarlyMs, let position = outlets.position(outlet.id) {
            drop(position, 503, early)
        } else {
            consider(wallMs: outlets.services[service].startsMs)
            stirred = true
        }
        return false
    }

    /// Nothing of what is asked for is there.
    private mutating func holdOrRefuse(_ position: Int) {
        let outlet = outlets[position]
        let chunk = stocks[outlet.stock].chunk(at: outlet.bytes.lowerBound)
        guard stocks[outlet.stock].wanted.contains(chunk),
            stocks[outlet.stock].facts.index != nil,
            !stocks[outlet.stock].withdrawn.contains(chunk)
        else { return drop(position, 404) }
        if case .reserve = outlet.entry { return drop(position, 503, policy.backOffMs) }
        let until = outlet.untilMs ?? now.steadyMs + policy.holdMissingMs
        guard now.steadyMs < until else { return drop(position, 503, policy.holdMissingMs) }
        if outlet.untilMs == nil { stirred = true }
        outlets[position].untilMs = until
        consider(steadyMs: until)
    }

    /// The longest beginning of `bytes` that lies verified on the disk and isn't withdrawn.
    func servable(_ bytes: Range<Int64>, _ number: Int) -> Range<Int64> {
        let stock = stocks[number]
        let first = stock.chunk(at: bytes.lowerBound)
        let last = stock.chunk(at: bytes.upperBound - 1)
        var chunks = stock.have.prefix(of: first..<(last + 1))
        if let gone = stock.withdrawn.first(in: chunks, present: true) {
            chunks = chunks.lowerBound..<gone
        }
        guard !chunks.isEmpty else { return bytes.lowerBound..<bytes.lowerBound }
        return bytes.lowerBound..<min(bytes.upperBound, stock.bytes(of: chunks).upperBound)
    }

    /// The beginning that the caps allow; where they cut it, whole chunks.
    private func affordable(_ bytes: Range<Int64>, _ outlet: Outlets.Outlet) -> Range<Int64> {
        var room = budget.sendable
        if case .reserve(let reserve) = outlet.entry {
            let left = outlets.reserves[reserve].capBytes - outlets.reserves[reserve].movedBytes
            room = min(room, max(0, left))
        }
        guard bytes.count > room else { return bytes }
        let chunk = stocks[outlet.stock].chunk(at: bytes.lowerBound + room)
        let end = stocks[outlet.stock].layout.offset(ofChunk: chunk)
        return bytes.lowerBound..<max(bytes.lowerBound, end)
    }

    func pace(of entry: Outlets.Entry) -> Pace {
        guard case .service(let number) = entry else {
            return Pace(order: policy.standbyOrder, now)
        }
        let service = outlets.services[number]
        guard now.wallMs < service.endsMs else { return Pace(order: service.startsMs, now) }
        return Pace(
            from: service.startsMs, until: service.endsMs, bytesPerSecond: service.bytesPerSecond,
            moved: service.movedBytes, burstBytes: burstBytes(service.stock), now)
    }

    func burstBytes(_ number: Int) -> Int64 {
        max(policy.burstBytes, stocks[number].layout.chunkBytes)
    }

    /// Looks at everyone who is held.
    mutating func answerHeld() {
        for id in outlets.live.filter({ !$0.sending }).map(\.id) {
            if let position = outlets.position(id) { answer(position) }
        }
    }

    /// Whether something waits for chunks of an item.
    func isAwaited(_ number: Int) -> Bool {
        outlets.live.contains { $0.stock == number && !$0.sending }
            || outlets.services.contains { $0.stock == number && $0.connects && !$0.sent.isFull }
    }
}
