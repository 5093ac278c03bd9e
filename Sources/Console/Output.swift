import Glibc

/// A standard stream, written in large pieces.
///
/// A reader that goes away (`| head`) is no fault: what follows is dropped, and
/// ``isOpen`` tells a long loop that it may stop. Any other fault is kept and
/// thrown by ``finish()``, so that a full disk doesn't pass for success.
package final class Output {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var fault: Int32 = 0

    /// - Parameter descriptor: 1 for standard output, 2 for standard error.
    package init(descriptor: Int32) { self.descriptor = descriptor }

    /// False once writing has failed, for whatever reason.
    package var isOpen: Bool { fault == 0 }

    /// Adds text; nothing is guaranteed to be visible before ``flush()``.
    package func write(_ text: String) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= 65_536 { flush() }
    }

    /// Adds bytes as they are.
    package func write(bytes: some Sequence<UInt8>) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= 65_536 { flush() }
    }

    /// Adds text and a line feed.
    package func line(_ text: String = "") {
        write(text)
        write("\n")
    }

    /// Writes out what was added so far.
    package func flush() {
        var sent = 0
        while sent < buffer.count, fault == 0 {
            let count = buffer.withUnsafeBytes { bytes in
                Glibc.write(
                    descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent)
            }
            if count >= 0 { sent += count } else if errno != EINTR { fault = errno }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Writes out the rest.
    ///
    /// - Throws: ``OutputFault`` when anything failed but the reader going away.
    package func finish() throws {
        flush()
        if fault != 0, fault != EPIPE {
            throw OutputFault(reason: String(cString: strerror(fault)))
        }
    }
}

/// A standard stream could not be written.
package struct OutputFault: Error, Hashable, CustomStringConvertible {
    /// The system's words.
    package var reason: String

    package init(reason: String) { self.reason = reason }

    package var description: String { "cannot write standard output: \(reason)" }
}
