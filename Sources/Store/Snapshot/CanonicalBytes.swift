package import Catalogue
package import Fleet
package import Quantities
package import Schedule

/// Everything that a plan is computed from, as one stream of bytes to be hashed.
///
/// Every list is preceded by its length, every optional by whether it is there,
/// every text by its length, and the order of the fields is fixed: so the
/// stream can be read back in one way only, and different values have different
/// bytes. Equal values have equal bytes, for all arrays are sorted. A change of
/// the format changes its first line.
package enum CanonicalBytes {
    /// Gives the stream to `sink` in parts of about 64 KiB; how it is parted means nothing.
    ///
    /// Linear in the values.
    package static func write(
        catalogue: Catalogue, fleet: Fleet, night: Night, settings: PlanSettings,
        into sink: ([UInt8]) -> Void
    ) {
        withoutActuallyEscaping(sink) { sink in
            var writer = CanonicalWriter(sink: sink)
            writer.put("mediaplan snapshot 1\n")
            writer.put(night)
            writer.put(settings)
            writer.put(catalogue)
            writer.put(fleet)
            writer.flush()
        }
    }
}

/// Writes values field by field, and passes the bytes on when there are enough.
struct CanonicalWriter {
    private static let partBytes = 64 << 10
    private var writer = ByteWriter(capacity: partBytes + 1_024)
    private let sink: ([UInt8]) -> Void

    init(sink: @escaping ([UInt8]) -> Void) { self.sink = sink }

    /// Passes on what is left.
    mutating func flush() {
        sink(writer.bytes)
        writer.bytes.removeAll(keepingCapacity: true)
    }

    mutating func put(_ value: Int64) { writer.append(signed: value) }
    mutating func put(_ value: Int32) { writer.append(signed: Int64(value)) }
    mutating func put(_ value: Bool) { writer.append(byte: value ? 1 : 0) }
    mutating func put(_ text: String) { writer.append(text: text) }

    mutating func put<Value>(_ value: Value?, _ body: (inout Self, Value) -> Void) {
        put(value != nil)
        if let value { body(&self, value) }
    }

    mutating func put(_ value: Int64?) { put(value) { $0.put($1) } }
    mutating func put(_ text: String?) { put(text) { $0.put($1) } }

    /// A counted list; full parts are passed on between its elements.
    mutating func put<List: Collection>(
        _ list: List, _ body: (inout Self, List.Element) -> Void
    ) {
        writer.append(varint: UInt64(list.count))
        for element in list {
            body(&self, element)
            if writer.bytes.count >= CanonicalWriter.partBytes { flush() }
        }
    }

    mutating func put(_ digest: Digest?) { put(digest) { $0.writer.bytes += $1.bytes } }

    mutating func put(_ night: Night) {
        put(night.date.dayNumber)
        put(night.start.seconds)
        put(night.slotSeconds)
        put(night.slotCount)
    }

    private mutating func put(_ fraction: Fraction) {
        writer.append(varint: UInt64(fraction.numerator))
        writer.append(varint: UInt64(fraction.denominator))
    }

    mutating func put(_ settings: PlanSettings) {
        put(settings.decay)
        put(settings.fairnessBase)
        put(settings.fairnessGain)
        put(Int64(settings.fairnessDays))
        put(settings.maxIncoming)
        put(settings.maxOutgoing)
        put(settings.sizesAlone)
        put(settings.profile.order.rawValue)
        put(settings.profile.alpha)
        put(settings.profile.beta)
        writer.append(varint: settings.seed)
    }
}
