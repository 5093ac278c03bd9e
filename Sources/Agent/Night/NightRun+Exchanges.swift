import Catalogue
import Delivery
import Manifest
import Quantities
import Transport

// What moves: the machine's exchanges as the transport's.

extension NightRun {
    func pull(_ id: IntakeID, _ pull: Action.Pull) {
        guard let target = pull.end.target else {
            return post(.intakeEnded(id, .unreachable, wasteBytes: 0))
        }
        let exchange = equipment.client.pull(
            Transport.Pull(
                address: target.address, path: "\(target.path)/\(pull.path)", range: pull.bytes,
                token: pull.token.isEmpty ? nil : pull.token,
                blocks: pull.chunkBytes.map { Int($0) }, pacing: Pacing(pull.pace)),
            onBegan: { [self] in post(.intakeBegan(id)) },
            onBlock: { [self] place, bytes in came(id, place, bytes) },
            onEnd: { [self] end, waste in intakeEnded(id, end, waste) })
        intakes[id] = Intake(pull: pull, exchange: exchange)
    }

    func accept(_ outlet: OutletID, _ id: IntakeID, _ pull: Action.Pull) {
        guard let request = outlets.removeValue(forKey: outlet)?.request else {
            return post(.intakeEnded(id, .cut, wasteBytes: 0))
        }
        intakes[id] = Intake(pull: pull, request: request)
        // Later, for a block that came with the request would be handed over within the call. One
        // that is hung up meanwhile ends as cancelled all the same: `receive` sees to that.
        equipment.loop.soon { [self] in
            server.receive(
                request, blocks: pull.chunkBytes.map { Int($0) }, pacing: Pacing(pull.pace),
                onBlock: { [self] place, bytes in came(id, place, bytes) },
                onEnd: { [self] end, waste in intakeEnded(id, end, waste) })
        }
    }

    /// A whole chunk came: its digest decides, and it is written before this returns.
    private func came(_ id: IntakeID, _ place: Int, _ bytes: UnsafeRawBufferPointer) {
        guard let intake = intakes[id] else { return }
        let chunk = intake.pull.chunks.lowerBound + Int32(place)
        block = Block(intake: id, chunk: chunk, bytes: bytes)
        post(.chunk(id, chunk: chunk, digest: sha256(bytes)))
        block = nil
    }

    private func intakeEnded(_ id: IntakeID, _ end: End, _ waste: Int64) {
        guard let intake = intakes.removeValue(forKey: id) else { return }
        tell(intake.pull.end, end)
        post(.intakeEnded(id, Ending(end), wasteBytes: waste))
    }

    /// Tells people how an end breaks the protocol, if it does.
    private func tell(_ end: ManifestContent.End, _ how: End) {
        guard case .malformed(let reason) = how else { return }
        complain(end, "doesn't keep to the protocol: \(reason)")
    }

    /// Tells people what an end does wrong: of each end the first thing in a night.
    func complain(_ end: ManifestContent.End, _ what: String) {
        let name = end.address.isEmpty ? end.id : "\(end.id) at \(end.address)"
        guard toldEnds.insert(name).inserted else { return }
        equipment.say(Remark(.warning, "\(name) \(what)"))
    }

    func cancel(_ id: IntakeID) {
        guard let intake = intakes[id] else { return }
        if let exchange = intake.exchange { equipment.client.cancel(exchange) }
        if let request = intake.request { server.hangUp(request) }
    }

    func push(_ id: OutletID, _ end: ManifestContent.End, _ token: String, _ send: Action.Send) {
        guard let target = end.target else {
            return post(.outletEnded(id, .unreachable, sentBytes: 0))
        }
        guard let file = opened(send) else {
            return post(.outletEnded(id, .cancelled, sentBytes: 0))
        }
        let exchange = equipment.client.push(
            Transport.Push(
                address: target.address, path: "\(target.path)/\(send.item)", range: send.bytes,
                totalBytes: totalBytes(send.item), token: token.isEmpty ? nil : token,
                file: file.raw, fileOffset: send.bytes.lowerBound, pacing: Pacing(send.pace)),
            onEnd: { [self] how, sent in
                tell(end, how)
                outletEnded(id, send, how, sent)
            })
        outlets[id] = Outlet(exchange: exchange, file: file)
    }

    func send(_ id: OutletID, _ send: Action.Send) {
        guard let request = outlets[id]?.request else { return }
        guard let file = opened(send) else {
            server.refuse(request, status: 503)
            outlets[id] = nil
            return post(.outletEnded(id, .cancelled, sentBytes: 0))
        }
        outlets[id]?.file = file
        server.send(
            request, file: file.raw, fileOffset: send.bytes.lowerBound, range: send.bytes,
            totalBytes: totalBytes(send.item), pacing: Pacing(send.pace),
            onEnd: { [self] end, sent in outletEnded(id, send, end, sent) })
    }

    private func totalBytes(_ item: String) -> Int64 { layouts[item]?.totalBytes ?? 0 }

    private func outletEnded(_ id: OutletID, _ send: Action.Send, _ end: End, _ sent: Int64) {
        guard outlets.removeValue(forKey: id) != nil else { return }
        sentBytes(sent)
        if end == .unreadable { unreadable(send.item, at: send.bytes.lowerBound + sent) }
        post(.outletEnded(id, Ending(end), sentBytes: sent))
    }

    func refuse(_ id: OutletID, _ status: Int, _ retryAfterMs: Int64?) {
        guard let request = outlets.removeValue(forKey: id)?.request else { return }
        server.refuse(request, status: status, retryAfterMs: retryAfterMs)
    }

    func hangUp(_ id: OutletID) {
        guard let outlet = outlets[id] else { return }
        if let exchange = outlet.exchange { equipment.client.cancel(exchange) }
        if let request = outlet.request { server.hangUp(request) }
        // A request that wasn't answered has no end of its own.
        if outlet.file == nil { outlets[id] = nil }
    }
}

extension Ending {
    init(_ end: End) {
        switch end {
        case .complete: self = .complete
        case .short: self = .short
        case .refused(let status, let retryAfterMs):
            self = .refused(status: status, retryAfterMs: retryAfterMs)
        case .unreachable: self = .unreachable
        case .cut, .unreadable: self = .cut
        case .stalled: self = .stalled
        case .malformed: self = .malformed
        case .cancelled: self = .cancelled
        }
    }
}

extension Pacing {
    init(_ pace: Pace) {
        self.init(
            fromSteadyMs: pace.fromSteadyMs, untilSteadyMs: pace.untilSteadyMs,
            bytesPerSecond: pace.bytesPerSecond, burstBytes: pace.burstBytes, order: pace.order)
    }
}
