import Delivery
import Manifest
import Quantities
import Transport

// What others ask: whether it can mean anything is judged here, whether it is done by the machine.

extension NightRun {
    /// Answers a request, now or later.
    func asked(_ request: Request) {
        guard !isOver else {
            return server.refuse(request.id, status: 503, retryAfterMs: 1000)
        }
        let path = request.path.drop { $0 == "/" }
        if path.hasPrefix("indexes/") { return index(request, String(path.dropFirst(8))) }
        // One answer to whoever has no token of the item, whether or not there is such an item.
        guard ItemName.isSafe(path), let item = items[String(path)], let token = request.token,
            isNamed(token, item: item.key)
        else { return refuse(request, 403) }
        guard hasBegun || request.method == .head else { return hold(request) }
        switch request.method {
        case .get: get(request, item, token)
        case .put: put(request, item, token)
        case .head: server.refuse(request.id, status: 405)
        }
    }

    /// Requests that wait for the look at the disk, in all and with one token, and how long.
    private static let mostEarly = 24
    private static let mostEarlyPerToken = 2
    private static let earlyMs: Int64 = 10_000

    private func hold(_ request: Request) {
        guard early.count < NightRun.mostEarly,
            early.count(where: { $0.token == request.token }) < NightRun.mostEarlyPerToken
        else { return server.refuse(request.id, status: 503, retryAfterMs: 1000) }
        early.append(request)
        guard earlyEnd == nil else { return }
        let untilMs = EventLoop.steadyMs() + NightRun.earlyMs
        earlyEnd = equipment.loop.timer(atSteadyMs: untilMs) { [weak self] in
            self?.sendEarlyAway()
        }
    }

    /// Tells who still waits for the look at the disk to come again.
    func sendEarlyAway() {
        for request in takeEarly() {
            server.refuse(request.id, status: 503, retryAfterMs: 1000)
        }
    }

    private func takeEarly() -> [Request] {
        if let earlyEnd { equipment.loop.cancel(earlyEnd) }
        earlyEnd = nil
        defer { early = [] }
        return early
    }

    /// Answers who asked before the disk was looked at.
    func answerEarly() {
        for request in takeEarly() { asked(request) }
    }

    private func get(_ request: Request, _ item: ManifestItem, _ token: String) {
        let whole = 0..<item.totalBytes
        let range = (request.range ?? whole).clamped(to: whole)
        guard !range.isEmpty else { return refuse(request, 416) }
        let id = newOutlet()
        outlets[id] = Outlet(request: request.id)
        post(.asked(id, token: token, item: item.key, bytes: range))
    }

    private func put(_ request: Request, _ item: ManifestItem, _ token: String) {
        guard let range = request.range, !range.isEmpty, range.upperBound <= item.totalBytes,
            request.totalBytes == nil || request.totalBytes == item.totalBytes
        else { return refuse(request, 400) }
        let id = newOutlet()
        outlets[id] = Outlet(request: request.id)
        post(.offered(id, token: token, item: item.key, bytes: range))
    }

    private func refuse(_ request: Request, _ status: Int) {
        server.refuse(request.id, status: status)
    }

    /// The asker left.
    func left(_ request: RequestID) {
        early.removeAll { $0.id == request }
        guard let id = outlets.first(where: { $0.value.request == request })?.key else { return }
        outlets[id] = nil
        post(.outletEnded(id, .cut, sentBytes: 0))
    }

    /// What goes to the asker is stuck, or moves again.
    func quiet(_ request: RequestID, _ isQuiet: Bool) {
        guard let id = outlets.first(where: { $0.value.request == request })?.key else { return }
        post(.outletQuiet(id, isQuiet))
    }

    /// An index goes to whom an item goes that has it.
    private func index(_ request: Request, _ name: String) {
        guard let digest = Digest(hex: name), digest.hex == name, let token = request.token,
            isNamed(token, index: digest)
        else { return refuse(request, 403) }
        guard request.method == .get else { return refuse(request, 405) }
        guard let bytes = equipment.indexes.bytes(digest) else { return refuse(request, 404) }
        server.document(request.id, bytes)
    }

    /// Whether a movement of the item or a standby for it has the token.
    private func isNamed(_ token: String, item: String) -> Bool {
        guard !token.isEmpty else { return false }
        return content.serve.contains { $0.movement.token == token && $0.piece.item == item }
            || content.fetch.contains { $0.movement.token == token && $0.piece.item == item }
            || content.standby.contains { $0.token == token && $0.item == item }
    }

    private func isNamed(_ token: String, index: Digest) -> Bool {
        guard !token.isEmpty else { return false }
        let serves = content.serve.filter { $0.movement.token == token }.map(\.piece.item)
        let stands = content.standby.filter { $0.token == token }.map(\.item)
        return (serves + stands).contains { items[$0]?.index == index }
    }
}
