import Glibc

/// Serves the files of a folder, read-only, as any static web server would: GET and HEAD, single
/// ranges, conditions by `If-None-Match` and `If-Range`.
package final class FolderServer {
    private let server: Server
    private let folder: String

    /// Where it listens, with the port that it got.
    package var address: Address { server.address }

    /// Serves `folder`, or says why it can't. What the folder's name leads to may change any time.
    package init(
        loop: EventLoop, line: Line, listen: Address, folder: String, limits: Limits = Limits()
    ) throws(TransportError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("can't open the folder \(folder)") }
        Glibc.close(descriptor)
        self.folder = folder
        server = try Server(loop: loop, line: line, listen: listen, limits: limits)
        server.onRequest = { [unowned self] in answer($0) }
    }

    /// Stops listening and closes all connections.
    package func close() { server.close() }

    private func answer(_ request: Request) {
        guard request.method != .put else {
            return server.refuse(request.id, 405, nil, [Field("Allow", "GET, HEAD")])
        }
        guard let file = FolderFile(request.path, below: folder) else {
            return server.refuse(request.id, status: 404)
        }
        let fields = [
            Field("Date", HTTPDate.text(seconds: EventLoop.wallMs() / 1000)),
            Field("ETag", file.etag),
            Field("Last-Modified", HTTPDate.text(seconds: file.modifiedSeconds)),
            Field("Accept-Ranges", "bytes"), Field("Content-Type", "application/octet-stream"),
        ]
        if let condition = request.ifNoneMatch, FolderServer.matches(condition, file.etag) {
            Glibc.close(file.descriptor)
            return server.refuse(request.id, 304, nil, fields)
        }
        send(file, request, fields)
    }

    private func send(_ file: FolderFile, _ request: Request, _ fields: [Field]) {
        var range = 0..<file.sizeBytes
        var isWhole = true
        if let asked = request.askedRange, request.ifRange ?? file.etag == file.etag {
            guard let part = asked.within(file.sizeBytes) else {
                Glibc.close(file.descriptor)
                let size = Field("Content-Range", "bytes */\(file.sizeBytes)")
                return server.refuse(request.id, 416, nil, [size])
            }
            range = part
            isWhole = false
        }
        let part = FileRange(
            file: file.descriptor, fileOffset: range.lowerBound, range: range,
            totalBytes: file.sizeBytes, isWhole: isWhole)
        server.send(request.id, part, .unlimited(), fields) { _, _ in
            Glibc.close(file.descriptor)
        }
    }

    /// RFC 9110, 13.1.2: weakly, one of a list, or any.
    static func matches(_ condition: String, _ etag: String) -> Bool {
        condition.split(separator: ",").contains { tag in
            let tag = tag.trimmingBlanks
            return tag == "*" || tag == etag || tag == "W/" + etag
        }
    }
}
