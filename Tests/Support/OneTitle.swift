package import Catalogue
import Quantities

extension Catalogue {
    /// One title with one item of one file, which everybody may have at any time.
    package static func oneTitle(
        bytes: Int64, chunkBytes: Int64 = 900_000, peerToPeer: Bool = true
    ) -> Catalogue {
        Catalogue(
            titles: [
                Title(
                    id: "t", name: "", licence: LicenceWindow(), territories: .everywhere,
                    peerToPeer: peerToPeer, currentItem: 0)
            ],
            items: [
                Item(
                    title: 0, version: "1",
                    files: [ItemFile(name: "f", sizeBytes: bytes, kind: "movie")],
                    chunkBytes: chunkBytes,
                    indexDigest: Digest(bytes: [UInt8](repeating: 7, count: 32)))
            ])
    }
}
