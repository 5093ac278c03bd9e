import CanonicalJSON
import Quantities

// Who stands at the other ends.

/// The ends that a manifest lists, for its rows to name by their places.
struct EndList {
    private let entries: [ManifestEnds.Entry]

    /// - Throws: for an entry that isn't as it should be, or a token that stands twice.
    init(_ root: ObjectReader) throws(MemberFault) {
        entries = try root.objects("ends", EndList.entry)
        var seen: Set<String> = []
        for token in entries.map(\.end.token) where !token.isEmpty && !seen.insert(token).inserted {
            throw MemberFault(message: "the token \(token) stands twice")
        }
    }

    /// An end that stands at a place of the list.
    ///
    /// - Parameters:
    ///   - place: counts from 0.
    ///   - row: who names it, for messages.
    /// - Throws: when there is no such place.
    /// - Returns: the end, with its token.
    func entry(_ place: Int64, _ row: NumberRow) throws(MemberFault) -> ManifestEnds.Entry {
        guard 0 <= place, place < entries.count else {
            throw row.refusal("names an end that isn't listed")
        }
        return entries[Int(place)]
    }

    /// A device that sends or gets asks for a token, an origin for none.
    private static func entry(_ end: ObjectReader) throws(MemberFault) -> ManifestEnds.Entry {
        let id = try end.text("id")
        if end.has("base_url") {
            guard !end.has("token"), !end.has("address") else {
                throw end.refusal("base_url", "is an origin's: one connects to it, without a token")
            }
            return ManifestEnds.Entry(
                end: ManifestContent.End(
                    kind: .origin, id: id, address: try end.text("base_url")), connects: true)
        }
        let address = try end.textIfAny("address")
        guard address.isEmpty || ManifestNames.isAddress(address) else {
            throw end.refusal("address", "isn't host:port")
        }
        let token = try end.text("token")
        guard TokenKey.isToken(token) else {
            throw end.refusal("token", "isn't 32 lower-case hexadecimal digits")
        }
        return ManifestEnds.Entry(
            end: ManifestContent.End(
                kind: .device, id: id, address: address, publicKey: try end.textIfAny("public_key"),
                token: token), connects: end.has("address"))
    }
}

/// A row of a manifest: some integers, none negative.
struct NumberRow {
    let numbers: [Int64]
    private let place: String

    /// - Throws: unless it is an array of `counts` integers.
    init(
        _ value: JSONValue, at place: String, counts: ClosedRange<Int>
    ) throws(MemberFault) {
        self.place = place
        guard case .array(let elements) = value, counts.contains(elements.count) else {
            throw MemberFault(message: "\(place) isn't a row of as many numbers as it should be")
        }
        var numbers: [Int64] = []
        for element in elements {
            guard case .integer(let number) = element, number >= 0 else {
                throw MemberFault(message: "\(place) holds what isn't a whole number")
            }
            numbers.append(number)
        }
        self.numbers = numbers
    }

    subscript(position: Int) -> Int64 { numbers[position] }

    func refusal(_ what: String) -> MemberFault { MemberFault(message: "\(place) \(what)") }
}

extension ObjectReader {
    /// An array of rows.
    func rows<Element>(
        _ key: String, of counts: ClosedRange<Int>,
        _ read: (NumberRow) throws(MemberFault) -> Element
    ) throws(MemberFault) -> [Element] {
        var result: [Element] = []
        for (position, element) in try elements(key).enumerated() {
            result.append(
                try read(NumberRow(element, at: "\(key)[\(position)]", counts: counts)))
        }
        return result
    }
}
