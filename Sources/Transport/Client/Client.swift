/// Asks other ends: strict HTTP/1.1 over kept connections.
///
/// Closures are called from the loop, never from within the call that names them; the last one of
/// an exchange is its `onEnd`. Nothing is believed that two readers could read differently, nothing
/// is read beyond what was announced, no redirect is followed.
package final class Client {
    private let loop: EventLoop
    private let line: Line
    private let limits: Limits
    private let resolver: Resolver
    private let buffers = BlockBuffers()
    private let scratch: Scratch
    private var lanes: [Address: Lane] = [:]
    private var exchanges: [ExchangeID: Exchange] = [:]
    private var lastID: Int64 = 0

    /// Opens nothing yet.
    package init(loop: EventLoop, line: Line, limits: Limits = Limits()) {
        self.loop = loop
        self.line = line
        self.limits = limits
        resolver = Resolver(loop: loop)
        scratch = Scratch(byteCount: limits.headBytes)
    }

    deinit {
        for (_, lane) in lanes { lane.close() }
    }

    /// Gets a range. Each whole block is handed over with its place in `blocks`; the pointer is
    /// valid in that call only. Before a byte of them comes, `onBegan` is called. The end tells
    /// bytes that came and were no whole block.
    @discardableResult
    package func pull(
        _ pull: Pull, onBegan: @escaping () -> Void = {},
        onBlock: @escaping (Int, UnsafeRawBufferPointer) -> Void,
        onEnd: @escaping (End, _ wasteBytes: Int64) -> Void
    ) -> ExchangeID {
        precondition(pull.blocks.allSatisfy { $0 > 0 }, "a block is empty")
        let bytes = pull.blocks.reduce(Int64(0)) { $0 + Int64($1) }
        precondition(
            bytes == pull.range.upperBound - pull.range.lowerBound, "blocks aren't the range")
        let request = head(
            "GET", pull.address, pull.path, pull.token,
            [Field("Range", "bytes=\(pull.range.lowerBound)-\(pull.range.upperBound - 1)")])
        let id = start(pull.address, .pull(pull, onBlock: onBlock), request, pull.pacing) {
            onEnd($1, $0.wasteBytes)
        }
        exchanges[id]?.onBegan = onBegan
        return id
    }

    /// Sends a range, once the other end has said that it takes it. The end tells the bytes of
    /// payload that went out.
    @discardableResult
    package func push(_ push: Push, onEnd: @escaping (End, _ sentBytes: Int64) -> Void)
        -> ExchangeID
    {
        precondition(!push.range.isEmpty, "the range is empty")
        let content = ContentRange(push.range, totalBytes: push.totalBytes)
        let request = head(
            "PUT", push.address, push.path, push.token,
            [
                Field("Content-Range", content.text),
                Field("Content-Length", "\(push.range.upperBound - push.range.lowerBound)"),
                Field("Expect", "100-continue"),
            ])
        return start(push.address, .push(push), request, push.pacing) { onEnd($1, $0.sentBytes) }
    }

    /// Gets a whole document of at most `maxBytes`, unless it is still the one that `etag` names.
    @discardableResult
    package func document(
        _ address: Address, path: String, token: String? = nil, etag: String? = nil, maxBytes: Int,
        onEnd: @escaping (DocumentEnd) -> Void
    ) -> ExchangeID {
        let condition = etag.map { [Field("If-None-Match", $0)] } ?? []
        let request = head("GET", address, path, token, condition)
        let task = Exchange.Task.document(isConditional: etag != nil, maxBytes: maxBytes)
        return start(address, task, request, .unlimited(order: .min)) { exchange, end in
            onEnd(end == .complete ? exchange.document ?? .failed(.cut) : .failed(end))
        }
    }

    /// Gives an exchange up: no block comes any more, and it ends as ``End/cancelled`` soon after.
    /// One that has ended is left alone.
    package func cancel(_ id: ExchangeID) {
        guard let exchange = exchanges[id], !exchange.isOver else { return }
        if let connection = exchange.connection {
            connection.drop()
        } else {
            lanes[exchange.address]?.remove(exchange)
        }
        loop.soon { exchange.end(.cancelled) }
    }

    private func head(
        _ method: String, _ address: Address, _ path: String, _ token: String?, _ fields: [Field]
    ) -> RequestHead {
        let target = path.utf8.first == UInt8(ascii: "/") ? path : "/" + path
        var all = [
            Field("Host", "\(address)"), Field("Accept-Encoding", "identity"),
            Field("Connection", "keep-alive"),
        ]
        if let token { all.append(Field("Authorization", "Bearer \(token)")) }
        return RequestHead(method: method, target: target, fields: all + fields)
    }

    private func start(
        _ address: Address, _ task: Exchange.Task, _ request: RequestHead, _ pacing: Pacing,
        _ onEnd: @escaping (Exchange, End) -> Void
    ) -> ExchangeID {
        lastID += 1
        let id = ExchangeID(raw: lastID)
        let exchange = Exchange(
            id: id, address: address, task: task, request: request, pacing: pacing
        ) { [weak self] exchange, end in
            self?.exchanges[id] = nil
            onEnd(exchange, end)
        }
        exchanges[id] = exchange
        guard request.target.utf8.allSatisfy({ (33...126).contains($0) }) else {
            loop.soon { exchange.end(.malformed("a path that can't be sent")) }
            return id
        }
        lane(address).start(exchange)
        return id
    }

    /// Lanes that nothing needs are forgotten when there are many.
    private func lane(_ address: Address) -> Lane {
        if let lane = lanes[address] { return lane }
        if lanes.count >= 64 { lanes = lanes.filter { !$0.value.isEmpty } }
        let lane = Lane(
            loop: loop, line: line, limits: limits, address: address, resolver: resolver,
            buffers: buffers, scratch: scratch)
        lanes[address] = lane
        return lane
    }
}
