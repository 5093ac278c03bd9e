import Crypto
package import Quantities

/// One input as a source of bytes, with the SHA-256 digest of all that was read.
package final class FileBytes {
    private static let pieceBytes = 262_144

    /// As given; `-` is standard input.
    package let path: String
    private let file: SharedFile
    private var hash = RunningDigest()

    /// Opens `path` for reading.
    package init(_ path: String) throws(NightlyError) {
        self.path = path
        file = SharedFile(try OpenFile(reading: path))
    }

    /// The next piece as it stands in the file, up to 256 KiB; empty at the end.
    package func next() throws(NightlyError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: FileBytes.pieceBytes)
        let count = try Files.readChunk(file.file, into: &buffer)
        buffer.removeLast(buffer.count - count)
        hash.add(buffer)
        return buffer
    }

    /// The digest of what was read; of the whole file once ``next()`` returned nothing.
    package var digest: Quantities.Digest { hash.digest }

    /// The digest of the whole file at `path`.
    package static func digest(of path: String) throws(NightlyError) -> Quantities.Digest {
        let bytes = try FileBytes(path)
        while try !bytes.next().isEmpty {}
        return bytes.digest
    }

    /// The digest of bytes in memory.
    package static func digest(_ bytes: some Sequence<UInt8>) -> Quantities.Digest {
        var hash = RunningDigest()
        hash.add(Array(bytes))
        return hash.digest
    }
}

/// The SHA-256 digest of bytes that come in pieces.
struct RunningDigest {
    private var hash = SHA256()

    mutating func add(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }

    /// Of all bytes so far.
    var digest: Quantities.Digest {
        guard let digest = Quantities.Digest(bytes: Array(hash.finalize())) else {
            preconditionFailure("SHA-256 gives 32 bytes")
        }
        return digest
    }
}

/// Holds an open file for a class.
final class SharedFile {
    let file: OpenFile

    init(_ file: consuming OpenFile) { self.file = file }
}
