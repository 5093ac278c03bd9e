/// The connections of a client to one address, and what waits for them.
final class Lane {
    private let loop: EventLoop
    private let line: Line
    private let limits: Limits
    private let address: Address
    private let resolver: Resolver
    private let buffers: BlockBuffers
    private let scratch: Scratch
    private var idle: [ClientConnection] = []
    private var busy: [ObjectIdentifier: ClientConnection] = [:]
    private var openings = 0
    /// In order; those of one order as they came.
    private var waiting: [Exchange] = []

    init(
        loop: EventLoop, line: Line, limits: Limits, address: Address, resolver: Resolver,
        buffers: BlockBuffers, scratch: Scratch
    ) {
        self.loop = loop
        self.line = line
        self.limits = limits
        self.address = address
        self.resolver = resolver
        self.buffers = buffers
        self.scratch = scratch
    }

    /// Whether nothing needs it any more.
    var isEmpty: Bool { idle.isEmpty && busy.isEmpty && openings == 0 && waiting.isEmpty }

    func start(_ exchange: Exchange) {
        let place = waiting.firstIndex { $0.pacing.order > exchange.pacing.order }
        waiting.insert(exchange, at: place ?? waiting.endIndex)
        serve()
    }

    /// Takes an exchange out that doesn't run yet.
    func remove(_ exchange: Exchange) { waiting.removeAll { $0 === exchange } }

    func close() {
        for connection in idle { connection.close() }
        for (_, connection) in busy { connection.close() }
        idle = []
        busy = [:]
    }

    /// Gives waiting exchanges to idle connections, and opens others as far as that is allowed.
    private func serve() {
        while !waiting.isEmpty, let connection = idle.popLast() {
            begin(waiting.removeFirst(), on: connection)
        }
        let allowed = limits.connectionsPerAddress - busy.count - openings - idle.count
        for exchange in waiting.dropFirst(openings).prefix(max(0, allowed)) { open(for: exchange) }
    }

    private func begin(_ exchange: Exchange, on connection: ClientConnection) {
        busy[ObjectIdentifier(connection)] = connection
        connection.begin(exchange)
    }

    private func open(for exchange: Exchange) {
        openings += 1
        let bytes = ClientConnection.receiveBufferBytes(exchange.pacing, line.down)
        resolver.find(address) { [self] found in
            _ = Opening(
                loop: loop, addresses: found, connectMs: limits.connectMs,
                receiveBufferBytes: bytes
            ) { self.opened($0, isBounded: bytes != nil) }
        }
    }

    /// A new connection goes to the first that waits; when none could be opened, that one fails.
    private func opened(_ socket: Int32?, isBounded: Bool) {
        openings -= 1
        guard let socket else {
            if !waiting.isEmpty { waiting.removeFirst().end(.unreachable) }
            return serve()
        }
        let connection = ClientConnection(
            loop: loop, socket: socket, limits: limits, scratch: scratch, line: line,
            buffers: buffers)
        connection.isBounded = isBounded
        connection.onFree = { [weak self] in self?.freed($0, kept: $1) }
        connection.onRetry = { [weak self] in self?.retry($0, $1) }
        guard !waiting.isEmpty else { return connection.close() }
        begin(waiting.removeFirst(), on: connection)
    }

    private func freed(_ connection: ClientConnection, kept: Bool) {
        busy[ObjectIdentifier(connection)] = nil
        idle.removeAll { $0 === connection }
        if kept { idle.append(connection) }
        // The exchange that just ended shall be told first.
        loop.soon { [weak self] in self?.serve() }
    }

    /// The other kept connections are as likely to be dead.
    private func retry(_ connection: ClientConnection, _ exchange: Exchange) {
        busy[ObjectIdentifier(connection)] = nil
        for other in idle { other.close() }
        idle = []
        waiting.insert(exchange, at: 0)
        loop.soon { [weak self] in self?.serve() }
    }
}
