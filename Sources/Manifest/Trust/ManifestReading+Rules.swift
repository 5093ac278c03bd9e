import CanonicalJSON
import Catalogue
import Quantities

// What must hold between the members

extension ManifestContent {
    /// Actions ascend in time, and so do windows.
    func checkOrder() throws(MemberFault) {
        try checkOrder(fetch.map(\.movement.span.starts), "fetch")
        try checkOrder(serve.map(\.movement.span.starts), "serve")
        try checkOrder(remove.map(\.at), "remove")
        guard notBefore < expires else {
            throw MemberFault(message: "expires isn't after not_before")
        }
        guard zip(window, window.dropFirst()).allSatisfy({ $0.ends < $1.starts }) else {
            throw MemberFault(message: "window doesn't ascend")
        }
    }

    private func checkOrder(_ times: [Instant], _ name: String) throws(MemberFault) {
        for (position, pair) in zip(times, times.dropFirst()).enumerated() where pair.0 > pair.1 {
            throw MemberFault(message: "\(name)[\(position + 1)] comes before the one above it")
        }
    }

    /// The caps leave room for the plan.
    func checkCaps() throws(MemberFault) {
        guard caps.fetchBytes >= Self.total(fetch.map(\.piece)),
            caps.serveBytes >= Self.total(serve.map(\.piece))
        else { throw MemberFault(message: "caps are below what is planned") }
        guard caps.reserveBytes <= caps.fallbackBytes else {
            throw MemberFault(message: "caps.reserve_bytes is above fallback_bytes")
        }
    }

    /// Bytes of all pieces; `Int64.max` when they are more.
    private static func total(_ pieces: [Piece]) -> Int64 {
        pieces.reduce(0) { total, piece in
            let (sum, overflow) = total.addingReportingOverflow(piece.bytes)
            return overflow ? Int64.max : sum
        }
    }
}

// What must hold between the ends

extension ManifestContent {
    /// Nobody deals with itself, standby ascends, fall-backs that are devices come first, and no
    /// token means two things.
    func checkEnds() throws(MemberFault) {
        try checkOthers(fetch.map(\.source), "fetch")
        try checkOthers(serve.map(\.destination), "serve")
        try checkOthers(standby.map(\.destination), "standby")
        for item in items {
            try checkOthers(item.fallbacks, "items.\(item.key).fallbacks")
            try checkOrder(of: item)
        }
        for (position, pair) in zip(standby, standby.dropFirst()).enumerated()
        where !pair.0.precedes(pair.1) {
            throw MemberFault(
                message: "standby[\(position + 1)] doesn't come after the one above it")
        }
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

    /// A token is for one movement, or for one fall-back; what movements' tokens follow from is for
    /// what one device sends the other, and shown to nobody.
    private func checkTokens() throws(MemberFault) {
        let asked = items.flatMap { $0.fallbacks.map(\.token) } + standby.map(\.token)
        let moved = fetch.map(\.movement.token) + serve.map(\.movement.token)
        try checkOnce(moved + asked)
        let (sent, got) = (serve.map(\.destination.token), fetch.map(\.source.token))
        try checkOnce(Array(Set(sent)) + Array(Set(got)) + asked)
    }

    private func checkOnce(_ tokens: [String]) throws(MemberFault) {
        var seen: Set<String> = []
        for token in tokens where !token.isEmpty && !seen.insert(token).inserted {
            throw MemberFault(message: "the token \(token) is for two things")
        }
    }
}
