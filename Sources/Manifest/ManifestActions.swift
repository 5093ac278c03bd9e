package import Quantities

// What a manifest tells a device to do.

extension ManifestContent {
    /// Which bytes of which item.
    package struct Piece: Hashable, Sendable {
        /// An item key.
        package var item: String
        /// Chunk numbers, both ends included.
        package var chunks: ClosedRange<Int32>
        /// Where the first chunk begins in the item.
        package var offset: Int64
        /// Bytes of all these chunks, positive.
        package var bytes: Int64

        package init(item: String, chunks: ClosedRange<Int32>, offset: Int64, bytes: Int64) {
            self.item = item
            self.chunks = chunks
            self.offset = offset
            self.bytes = bytes
        }
    }

    /// How a piece moves: the same at both ends but for ``role``.
    package struct Movement: Hashable, Sendable {
        /// What the device does to get the connection.
        package enum Role: String, Hashable, Sendable, CaseIterable {
            /// It opens the connection to the other end.
            case connect
            /// It waits for the other end to open it.
            case listen
        }

        /// The slot; whole slots where there are several.
        package var span: Span
        /// Rate in kbps (1000 bit/s) that is just enough to move the piece in the slot; at least 1.
        package var rateKbps: Int64
        package var role: Role
        /// What the end that connects shows to the other: 32 lower-case hexadecimal digits, for
        /// this movement alone; ``End/token(for:at:)`` of the other end. Empty: the other end asks
        /// for none (an origin).
        package var token: String

        package init(span: Span, rateKbps: Int64, role: Role, token: String = "") {
            self.span = span
            self.rateKbps = rateKbps
            self.role = role
            self.token = token
        }
    }

    /// The other end of a transfer.
    package struct End: Hashable, Sendable {
        /// What stands at that end.
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case device
            case origin
        }

        package var kind: Kind
        package var id: String
        /// A device's `host:port`, given only to who connects to it; an origin's base URL without a
        /// last slash; may be empty.
        package var address: String
        /// A device's public key as the fleet states it; may be empty.
        package var publicKey: String
        /// 32 lower-case hexadecimal digits that these two ends alone know; empty for an origin. A
        /// fall-back is shown it. Of a movement's other end nobody is: what is shown follows from
        /// it. Empty in a standby, which has its own.
        package var token: String

        package init(
            kind: Kind, id: String, address: String = "", publicKey: String = "",
            token: String = ""
        ) {
            self.kind = kind
            self.id = id
            self.address = address
            self.publicKey = publicKey
            self.token = token
        }
    }

    /// Something to receive.
    package struct Fetch: Hashable, Sendable {
        /// The part of the disk that it counts in, the same for all pieces of an item.
        package enum Area: String, Hashable, Sendable, CaseIterable {
            case wish
            case cache
        }

        package var piece: Piece
        package var movement: Movement
        package var source: End
        package var area: Area

        package init(piece: Piece, movement: Movement, source: End, area: Area) {
            self.piece = piece
            self.movement = movement
            self.source = source
            self.area = area
        }
    }

    /// Something to send.
    package struct Serve: Hashable, Sendable {
        package var piece: Piece
        package var movement: Movement
        package var destination: End

        package init(piece: Piece, movement: Movement, destination: End) {
            self.piece = piece
            self.movement = movement
            self.destination = destination
        }
    }

    /// Something to send if it is asked for: the device is a fall-back of another one.
    ///
    /// The other end connects; what was planned goes first, always.
    package struct Standby: Hashable, Sendable {
        /// An item key: whatever the device holds of it may be asked for.
        package var item: String
        package var destination: End
        /// What the other end shows; 32 lower-case hexadecimal digits.
        package var token: String
        /// Most that it may be sent tonight.
        package var bytes: Int64

        package init(item: String, destination: End, token: String, bytes: Int64) {
            self.item = item
            self.destination = destination
            self.token = token
            self.bytes = bytes
        }

        /// The order in a manifest: by item, then by destination, as bytes of the UTF-8.
        func precedes(_ other: Standby) -> Bool {
            item == other.item
                ? destination.id.utf8.lexicographicallyPrecedes(other.destination.id.utf8)
                : item.utf8.lexicographicallyPrecedes(other.item.utf8)
        }
    }

    /// Something to delete: from `at` on it is neither kept nor sent.
    package struct Remove: Hashable, Sendable {
        package var piece: Piece
        /// The start of the slot.
        package var at: Instant

        package init(piece: Piece, at: Instant) {
            self.piece = piece
            self.at = at
        }
    }
}
