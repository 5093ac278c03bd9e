import Catalogue
import Content
import Manifest
import Quantities

@testable import Delivery

// What boxes send and refuse, and pushes.

extension Simulator {
    mutating func send(_ box: Int, _ id: OutletID, _ send: Action.Send) {
        guard let asked = boxes[box].asked[id.raw] else {
            expect(boxes[box].gone.contains(id.raw), box, "sends unasked")
            return
        }
        checkSend(box, token: asked.token, asked: asked.bytes, send)
        expect(asked.item == send.item, box, "sends another item")
        guard let exchange = asked.exchange else {
            boxes[box].asked[id.raw] = nil
            return later(box, .outletEnded(id, .cut, sentBytes: 0), 10)
        }
        begin(exchange, bytes: send.bytes, pace: send.pace)
    }

    mutating func refuse(_ box: Int, _ id: OutletID, _ status: Int, _ retryAfterMs: Int64?) {
        guard let asked = boxes[box].asked.removeValue(forKey: id.raw) else {
            return expect(boxes[box].gone.contains(id.raw), box, "refuses unasked")
        }
        guard let exchange = asked.exchange else { return }
        let said = Ending.refused(
            status: status, retryAfterMs: retryAfterMs.map { $0 / 1000 * 1000 })
        if exchange.intake != nil {
            exchange.outlet = nil
            end(exchange, receiver: said, sender: .cut)
        } else {
            end(exchange, receiver: .cut, sender: said)
        }
    }

    mutating func hasten(_ box: Int, _ id: OutletID, _ pace: Pace) {
        guard let exchange = live.first(where: { $0.sender == box && $0.outlet == id }) else {
            return expect(boxes[box].gone.contains(id.raw), box, "hastens what it doesn't send")
        }
        expect(exchange.isMoving, box, "hastens what it holds")
        exchange.senderPace = pace
        exchange.uncountedBytes = exchange.movedBytes
        let planned = boxes[box].night.content.serve.first {
            $0.movement.token == exchange.pull.token && $0.piece.item == exchange.pull.item
        }
        let isRight = planned.map { planned in
            pace.bytesPerSecond == planned.movement.rateKbps * 125
                || pace.untilSteadyMs <= pace.fromSteadyMs
        }
        expect(isRight ?? false, box, "hastens at another rate")
    }

    mutating func hangUp(_ box: Int, _ id: OutletID) {
        if let exchange = live.first(where: { $0.sender == box && $0.outlet == id }) {
            boxes[exchange.receiver].allowedBytes += world.chunkBytes
            end(exchange, receiver: .cut, sender: .cancelled)
        } else {
            later(box, .outletEnded(id, .cancelled, sentBytes: 0), 1)
        }
    }

    mutating func push(
        _ box: Int, _ id: OutletID, _ destination: ManifestContent.End, _ token: String,
        _ send: Action.Send
    ) {
        checkSend(box, token: token, asked: send.bytes, send)
        exchanges += 1
        guard let other = boxes.first(where: { World.name($0.number) == destination.id })?.number,
            let index = world.index(of: send.item)
        else { return breach(box, "pushes to nobody") }
        let chunks = (0..<index.layout.count).filter {
            let offset = index.layout.offset(ofChunk: $0)
            return send.bytes.contains(offset)
        }
        guard let first = chunks.first, let last = chunks.last else {
            return breach(box, "pushes no chunk")
        }
        let source = Night.device(World.name(box))
        let pull = Action.Pull(
            end: source, token: token, path: "", item: send.item, chunks: first...last,
            bytes: send.bytes, chunkBytes: [], pace: send.pace)
        let offer = Exchange(
            receiver: other, life: boxes[other].life, intake: nil, pull: pull, sender: box,
            senderLife: boxes[box].life, outlet: id)
        offer.senderPace = send.pace
        live.append(offer)
        guard isReachable(other), boxes[box].downUntilMs < nowMs else {
            return queue.add(.broken(offer, .cut), atMs: nowMs + 500)
        }
        outlets += 2
        boxes[other].asked[outlets] = .init(
            token: token, item: send.item, bytes: send.bytes, exchange: offer)
        tellOffer(other, OutletID(raw: outlets), offer)
    }

    private mutating func tellOffer(_ box: Int, _ id: OutletID, _ offer: Exchange) {
        later(
            box,
            .offered(id, token: offer.pull.token, item: offer.pull.item, bytes: offer.pull.bytes),
            20)
    }

    mutating func accept(_ box: Int, _ outlet: OutletID, _ id: IntakeID, _ pull: Action.Pull) {
        guard let asked = boxes[box].asked.removeValue(forKey: outlet.raw) else {
            return breach(box, "accepts what wasn't offered")
        }
        expect(asked.bytes == pull.bytes && asked.item == pull.item, box, "accepts something else")
        guard let offer = asked.exchange, let sender = offer.sender, !offer.isOver else {
            return later(box, .intakeEnded(id, .cut, wasteBytes: 0), 5)
        }
        offer.isOver = true
        live.removeAll { $0 === offer }
        let exchange = Exchange(
            receiver: box, life: boxes[box].life, intake: id, pull: pull, sender: sender,
            senderLife: offer.senderLife, outlet: offer.outlet)
        checkPull(box, exchange)
        live.append(exchange)
        begin(exchange, bytes: pull.bytes, pace: offer.senderPace)
    }
}
