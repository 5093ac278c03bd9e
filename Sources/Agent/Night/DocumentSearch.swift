import Transport

/// One place that a document may come from.
struct DocumentSource: Hashable, Sendable {
    var place: Place
    /// Below the place, without a leading slash.
    var path: String
    /// What is shown; empty: nothing.
    var token: String = ""
}

/// Gets small documents from folders and servers.
final class DocumentSearch {
    private let loop: EventLoop
    private let client: Client

    init(_ loop: EventLoop, _ client: Client) {
        self.loop = loop
        self.client = client
    }

    /// Asks one source. `then` is called later, never from within this call.
    func fetch(
        _ source: DocumentSource, etag: String? = nil, limit: Int,
        then: @escaping (DocumentEnd) -> Void
    ) {
        switch source.place {
        case .folder(let folder):
            let end: DocumentEnd
            switch Result(catching: {
                () throws(AgentError) in
                try SmallFiles.read("\(folder)/\(source.path)", limit: limit)
            }) {
            case .success(let bytes?): end = .document(bytes, etag: nil)
            case .success(nil): end = .failed(.refused(status: 404, retryAfterMs: nil))
            case .failure(let error): end = .failed(.malformed(error.message))
            }
            loop.soon { then(end) }
        case .web(let address, let path):
            client.document(
                address, path: "\(path)/\(source.path)",
                token: source.token.isEmpty ? nil : source.token, etag: etag, maxBytes: limit,
                onEnd: then)
        }
    }

    /// Asks sources in order until `accept` takes what one sent; `then` says whether that was so.
    func first(
        _ sources: ArraySlice<DocumentSource>, limit: Int,
        accept: @escaping ([UInt8]) -> Bool, then: @escaping (Bool) -> Void
    ) {
        guard let source = sources.first else { return loop.soon { then(false) } }
        fetch(source, limit: limit) { [self] end in
            if case .document(let bytes, _) = end, accept(bytes) { return then(true) }
            first(sources.dropFirst(), limit: limit, accept: accept, then: then)
        }
    }

    /// Asks places in order for two documents that belong together.
    func firstPair(
        _ places: ArraySlice<Place>, _ path: String, limit: Int,
        accept: @escaping ([UInt8], [UInt8]) -> Bool, then: @escaping (Bool) -> Void
    ) {
        guard let place = places.first else { return loop.soon { then(false) } }
        let next = { [self] in
            firstPair(places.dropFirst(), path, limit: limit, accept: accept, then: then)
        }
        fetch(DocumentSource(place: place, path: path), limit: limit) { [self] end in
            guard case .document(let one, _) = end else { return next() }
            let signature = DocumentSource(place: place, path: "\(path).minisig")
            fetch(signature, limit: ManifestIntake.signatureLimit) { end in
                guard case .document(let other, _) = end, accept(one, other) else { return next() }
                then(true)
            }
        }
    }
}
