/// One thing that a client was asked to do, until it has ended.
final class Exchange {
    /// What it is.
    enum Task {
        case pull(Pull, onBlock: (Int, UnsafeRawBufferPointer) -> Void)
        case push(Push)
        case document(isConditional: Bool, maxBytes: Int)
    }

    let id: ExchangeID
    let address: Address
    let task: Task
    let requestBytes: [UInt8]
    let pacing: Pacing
    private let onEnd: (Exchange, End) -> Void
    /// The connection that carries it now.
    weak var connection: ClientConnection?
    /// Whether it was begun on a kept connection that turned out to be dead.
    var wasRetried = false
    private(set) var isOver = false
    /// Called when what was asked for begins to come.
    var onBegan: () -> Void = {}
    /// Payload that came and was no whole block.
    var wasteBytes: Int64 = 0
    /// Payload that went out.
    var sentBytes: Int64 = 0
    /// A document's validator and bytes, once it came.
    var document: DocumentEnd?

    init(
        id: ExchangeID, address: Address, task: Task, request: RequestHead, pacing: Pacing,
        onEnd: @escaping (Exchange, End) -> Void
    ) {
        self.id = id
        self.address = address
        self.task = task
        requestBytes = request.bytes
        self.pacing = pacing
        self.onEnd = onEnd
    }

    /// What the answer must be.
    var wanted: Judgement.Wanted {
        switch task {
        case .pull(let pull, _): .range(pull.range)
        case .push: .acceptance
        case .document(let isConditional, let maxBytes):
            .document(maxBytes: Int64(maxBytes), isConditional: isConditional)
        }
    }

    /// Told once; later ends are ignored.
    func end(_ end: End) {
        guard !isOver else { return }
        isOver = true
        connection = nil
        onEnd(self, end)
    }
}
