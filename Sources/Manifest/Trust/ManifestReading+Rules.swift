import CanonicalJSON
import Catalogue
import Quantities

// What must hold between the members

extension ManifestContent {
    /// Every piece lies where its item's cut puts it, actions ascend in time, and the caps leave
    /// room for the plan.
    func checkPieces() throws(MemberFault) {
        let layouts = Dictionary(
            items.map { ($0.key, $0.layout) }, uniquingKeysWith: { first, _ in first })
        try check(fetch.map { ($0.piece, $0.movement.span.starts) }, "fetch", layouts)
        try check(serve.map { ($0.piece, $0.movement.span.starts) }, "serve", layouts)
        try check(remove.map { ($0.piece, $0.at) }, "remove", layouts)
        guard caps.fetchBytes >= Self.total(fetch.map(\.piece)),
            caps.serveBytes >= Self.total(serve.map(\.piece))
        else { throw MemberFault(message: "caps are below what is planned") }
        guard caps.reserveBytes <= caps.fallbackBytes else {
            throw MemberFault(message: "caps.reserve_bytes is above fallback_bytes")
        }
        guard notBefore < expires else {
            throw MemberFault(message: "expires isn't after not_before")
        }
        guard zip(window, window.dropFirst()).allSatisfy({ $0.ends < $1.starts }) else {
            throw MemberFault(message: "window doesn't ascend")
        }
    }

    /// Bytes of all pieces; `Int64.max` when they are more.
    private static func total(_ pieces: [Piece]) -> Int64 {
        pieces.reduce(0) { total, piece in
            let (sum, overflow) = total.addingReportingOverflow(piece.bytes)
            return overflow ? Int64.max : sum
        }
    }

    private func check(
        _ actions: [(piece: Piece, at: Instant)], _ name: String, _ layouts: [String: ChunkLayout]
    ) throws(MemberFault) {
        for (position, action) in actions.enumerated() {
            let piece = action.piece
            guard let layout = layouts[piece.item] else {
                throw MemberFault(message: "\(name)[\(position)].item isn't among the items")
            }
            let chunks = piece.chunks.lowerBound..<piece.chunks.upperBound + 1
            guard chunks.upperBound <= layout.count,
                piece.offset == layout.offset(ofChunk: chunks.lowerBound),
                piece.bytes == layout.bytes(in: chunks)
            else {
                throw MemberFault(message: "\(name)[\(position)] doesn't lie where its chunks do")
            }
            guard position == 0 || actions[position - 1].at <= action.at else {
                throw MemberFault(message: "\(name)[\(position)] comes before the one above it")
            }
        }
    }
}

// What must hold between the ends

extension ManifestContent {
    /// Nobody deals with itself, standby is about items that are named and ascends, fall-backs that
    /// are devices come first, and no token means two things.
    func checkEnds() throws(MemberFault) {
        try checkOthers(fetch.map(\.source), "fetch")
        try checkOthers(serve.map(\.destination), "serve")
        try checkOthers(standby.map(\.destination), "standby")
        for item in items {
            try checkOthers(item.fallbacks, "items.\(item.key).fallbacks")
            try checkOrder(of: item)
        }
        try checkStandby()
        try checkTokens()
    }

    private func checkOthers(_ ends: [End], _ name: String) throws(MemberFault) {
        for (position, end) in ends.enumerated() where end.kind == .device && end.id == device {
            throw MemberFault(
                message: "\(name)[\(position)] has the device itself at its other end")
        }
    }

    private func checkOrder(of item: ManifestItem) throws(MemberFault) {
        let origins = item.fallbacks.drop { $0.kind == .device }
        guard origins.allSatisfy({ $0.kind == .origin }) else {
            throw MemberFault(message: "items.\(item.key).fallbacks has a device after an origin")
        }
        guard Set(item.fallbacks).count == item.fallbacks.count else {
            throw MemberFault(message: "items.\(item.key).fallbacks names an end twice")
        }
    }

    private func checkStandby() throws(MemberFault) {
        let keys = Set(items.map(\.key))
        for (position, entry) in standby.enumerated() {
            guard keys.contains(entry.item) else {
                throw MemberFault(message: "standby[\(position)].item isn't among the items")
            }
            guard position > 0 else { continue }
            guard standby[position - 1].precedes(entry) else {
                throw MemberFault(
                    message: "standby[\(position)] doesn't come after the one above it")
            }
        }
    }

    private func checkTokens() throws(MemberFault) {
        var seen: Set<String> = []
        let moved = fetch.map(\.movement.token) + serve.map(\.movement.token)
        let asked = items.flatMap { $0.fallbacks.map(\.token) } + standby.map(\.token)
        for token in moved + asked where !token.isEmpty && !seen.insert(token).inserted {
            throw MemberFault(message: "the token \(token) stands twice")
        }
    }
}
