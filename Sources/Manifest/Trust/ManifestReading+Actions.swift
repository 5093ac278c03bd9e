import CanonicalJSON
import Quantities

// What is received, sent, kept ready and removed, with its ends.

extension ManifestContent {
    static func span(_ span: ObjectReader) throws(MemberFault) -> Span {
        let times = Span(starts: try span.instant("starts"), ends: try span.instant("ends"))
        guard times.starts < times.ends else { throw span.refusal("ends", "isn't after starts") }
        return times
    }

    static func fetch(_ fetch: ObjectReader) throws(MemberFault) -> Fetch {
        let source = try fetch.object("source")
        let movement = try movement(fetch, asksForToken: source.text("kind") != "origin")
        return Fetch(
            piece: try piece(fetch), movement: movement,
            source: try end(source, connects: movement.role == .connect),
            area: try fetch.word("area"))
    }

    static func serve(_ serve: ObjectReader) throws(MemberFault) -> Serve {
        let movement = try movement(serve, asksForToken: true)
        return Serve(
            piece: try piece(serve), movement: movement,
            destination: try device(
                serve.object("destination"), connects: movement.role == .connect))
    }

    static func standby(_ standby: ObjectReader) throws(MemberFault) -> Standby {
        Standby(
            item: try standby.text("item"),
            destination: try device(standby.object("destination"), connects: false),
            token: try token(standby), bytes: try standby.integer("bytes", in: positive))
    }

    static func remove(_ remove: ObjectReader) throws(MemberFault) -> Remove {
        Remove(piece: try piece(remove), at: try remove.instant("at"))
    }

    /// An end to ask when a source fails: it must be possible to connect to it.
    static func fallback(_ end: ObjectReader) throws(MemberFault) -> End {
        var read = try Self.end(end, connects: true)
        guard read.kind == .device else {
            guard !end.has("token") else { throw end.refusal("token", "isn't for an origin") }
            return read
        }
        guard end.has("address") else { throw end.refusal("address", "is missing") }
        read.token = try token(end)
        return read
    }

    /// A device that sends asks for a token, an origin for none.
    private static func movement(_ movement: ObjectReader, asksForToken: Bool) throws(MemberFault)
        -> Movement
    {
        let role: Movement.Role = try movement.word("role")
        guard asksForToken || (role == .connect && !movement.has("token")) else {
            throw movement.refusal("source", "is an origin: one connects to it, without a token")
        }
        return Movement(
            transfer: try movement.integer("transfer", in: exact), span: try span(movement),
            rateKbps: try movement.integer("rate_kbps", in: positive), role: role,
            token: asksForToken ? try token(movement) : "")
    }

    private static func token(_ owner: ObjectReader) throws(MemberFault) -> String {
        let token = try owner.text("token")
        guard TokenKey.isToken(token) else {
            throw owner.refusal("token", "isn't 32 lower-case hexadecimal digits")
        }
        return token
    }

    private static func device(_ end: ObjectReader, connects: Bool) throws(MemberFault) -> End {
        let read = try Self.end(end, connects: connects)
        guard read.kind == .device else { throw end.refusal("kind", "isn't device") }
        return read
    }

    /// Who doesn't connect to it is told no address.
    private static func end(_ end: ObjectReader, connects: Bool) throws(MemberFault) -> End {
        let kind: End.Kind = try end.word("kind")
        if kind == .origin {
            return End(
                kind: kind, id: try end.text("id"), address: try end.text("base_url"))
        }
        let address = try end.textIfAny("address")
        guard !end.has("address") || (connects && ManifestNames.isAddress(address)) else {
            throw end.refusal("address", "isn't host:port, or is told to who doesn't connect")
        }
        return End(
            kind: kind, id: try end.text("id"), address: address,
            publicKey: try end.textIfAny("public_key"))
    }

    private static func piece(_ piece: ObjectReader) throws(MemberFault) -> Piece {
        let ends = try piece.elements("chunks")
        guard ends.count == 2, case .integer(let first) = ends[0],
            case .integer(let last) = ends[1], 0 <= first, first <= last, last < Int64(Int32.max)
        else { throw piece.refusal("chunks", "isn't a first and a last chunk number") }
        return Piece(
            item: try piece.text("item"), chunks: Int32(first)...Int32(last),
            offset: try piece.integer("offset", in: exact),
            bytes: try piece.integer("bytes", in: positive))
    }
}
